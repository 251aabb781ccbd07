/// Writes AMQP's big-endian primitives.
struct WireWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 128) { bytes.reserveCapacity(capacity) }

    mutating func integer(_ value: some FixedWidthInteger) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func raw(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// At most 255 bytes; longer text throws.
    mutating func shortString(_ text: String, name: String) throws(WireFault) {
        guard let count = UInt8(exactly: text.utf8.count) else {
            throw WireFault(sentence: "\(name) is longer than 255 bytes")
        }
        bytes.append(count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func longString(_ text: some Collection<UInt8>) {
        integer(UInt32(truncatingIfNeeded: text.count))
        bytes.append(contentsOf: text)
    }

    /// Writes the length of what `body` writes before it.
    mutating func measured(_ body: (inout WireWriter) throws(WireFault) -> Void) throws(WireFault) {
        let start = bytes.count
        integer(UInt32(0))
        try body(&self)
        let length = UInt32(truncatingIfNeeded: bytes.count &- start &- 4)
        for index in 0..<4 { bytes[start + index] = UInt8(truncatingIfNeeded: length >> UInt32(24 - 8 * index)) }
    }
}

/// Why something cannot be written in AMQP.
struct WireFault: Error, Sendable, Equatable {
    /// One sentence without its full stop.
    let sentence: String
}
