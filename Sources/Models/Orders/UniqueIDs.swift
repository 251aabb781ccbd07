/// Ids that may occur once in a list.
enum UniqueIDs {
    /// Reports every repetition in the list named `list`, at the element's `member`.
    static func check(
        _ ids: @autoclosure () -> [String], list: StaticString, member: StaticString, _ faults: inout FaultList
    ) {
        guard faults.isSound(.name(list)) else { return }
        let ids = ids()
        // Byte for byte: Swift's == takes composed and decomposed letters for the same.
        var seen: Set<[UInt8]> = []
        for (index, id) in ids.enumerated() where !seen.insert(Array(id.utf8)).inserted {
            faults.report(
                "unique", at: .name(list), .index(index), .name(member), value: id,
                says: "is used by an earlier element too")
        }
    }
}
