/// Reads AMQP's big-endian primitives from bytes that nobody vouches for: every read is checked, none traps.
@safe
struct WireReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = unsafe bytes }

    var remaining: Int { unsafe bytes.count &- offset }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value? {
        let size = MemoryLayout<Value>.size
        guard remaining >= size else { return nil }
        defer { offset &+= size }
        return unsafe Value(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// The next `count` bytes as a reader of their own.
    mutating func part(_ count: Int) -> WireReader? {
        guard count >= 0, remaining >= count else { return nil }
        defer { offset &+= count }
        return unsafe WireReader(UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset &+ count)]))
    }

    mutating func rest() -> [UInt8] {
        defer { unsafe offset = bytes.count }
        return unsafe Array(bytes[offset...])
    }

    /// A short string; bytes that are no UTF-8 are repaired, because a name must always be readable.
    mutating func shortString() -> String? {
        guard let count = integer(UInt8.self), var part = part(Int(count)) else { return nil }
        return String(decoding: part.rest(), as: UTF8.self)
    }

    mutating func longPart() -> WireReader? {
        guard let count = integer(UInt32.self) else { return nil }
        return part(Int(count))
    }
}
