import Glibc

/// Exchanges and routing keys repeat from message to message; the last few are kept as strings.
struct NameCache {
    private struct Slot {
        var bytes: [UInt8]
        var name: String

        func holds(_ other: UnsafeRawBufferPointer) -> Bool {
            guard bytes.count == other.count else { return false }
            guard let there = other.baseAddress else { return true }
            return unsafe bytes.withUnsafeBytes { here in
                unsafe here.baseAddress.map { unsafe memcmp($0, there, other.count) == 0 } ?? true
            }
        }
    }

    private static let size = 16
    private var exchanges: [Slot] = []
    private var routingKeys: [Slot] = []

    mutating func exchange(_ bytes: UnsafeRawBufferPointer) -> String { unsafe Self.find(bytes, in: &exchanges) }
    mutating func routingKey(_ bytes: UnsafeRawBufferPointer) -> String { unsafe Self.find(bytes, in: &routingKeys) }

    private static func find(_ bytes: UnsafeRawBufferPointer, in slots: inout [Slot]) -> String {
        for index in slots.indices where unsafe slots[index].holds(bytes) { return slots[index].name }
        let name = unsafe String(decoding: bytes, as: UTF8.self)
        if slots.count == size { slots.removeFirst() }
        unsafe slots.append(Slot(bytes: Array(bytes), name: name))
        return name
    }
}
