/// Exchanges and routing keys repeat from message to message; the last few are kept as strings.
struct NameCache {
    private struct Slot {
        var bytes: [UInt8]
        var name: String
    }

    private static let size = 16
    private var exchanges: [Slot] = []
    private var routingKeys: [Slot] = []

    mutating func exchange(_ bytes: UnsafeRawBufferPointer) -> String { unsafe Self.find(bytes, in: &exchanges) }
    mutating func routingKey(_ bytes: UnsafeRawBufferPointer) -> String { unsafe Self.find(bytes, in: &routingKeys) }

    private static func find(_ bytes: UnsafeRawBufferPointer, in slots: inout [Slot]) -> String {
        for slot in slots where slot.bytes.count == bytes.count {
            let isEqual = unsafe slot.bytes.withUnsafeBytes { unsafe $0.elementsEqual(bytes) }
            if isEqual { return slot.name }
        }
        let name = unsafe String(decoding: bytes, as: UTF8.self)
        if slots.count == size { slots.removeFirst() }
        unsafe slots.append(Slot(bytes: Array(bytes), name: name))
        return name
    }
}
