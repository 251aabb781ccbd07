/// Ids that may occur once in a list.
enum UniqueIDs {
    /// Reports every repetition in the list named `list`, at the element's `member`.
    static func check<Element>(
        _ elements: [Element], list: StaticString, member: StaticString, _ faults: inout FaultList,
        id: (Element) -> String
    ) {
        if elements.count <= 8, !hasTwins(elements, id) { return }
        guard faults.isSound(.name(list)) else { return }
        // Byte for byte: Swift's == takes composed and decomposed letters for the same.
        var seen: Set<[UInt8]> = []
        for (index, element) in elements.enumerated() where !seen.insert(Array(id(element).utf8)).inserted {
            faults.report(
                "unique", at: .name(list), .index(index), .name(member), value: id(element),
                says: "is used by an earlier element too")
        }
    }

    /// Few elements are compared pair by pair, which allocates nothing.
    private static func hasTwins<Element>(_ elements: [Element], _ id: (Element) -> String) -> Bool {
        elements.indices.contains { index in elements[..<index].contains { id($0) == id(elements[index]) } }
    }
}
