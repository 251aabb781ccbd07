/// How many elements an array has, and what is asked of each.
struct ListRule<Element: Sendable>: Sendable {
    let count: ClosedRange<Int>
    let element: Element

    /// So many elements, each under the rule `element`. An array that may be empty may also be missing.
    static func list(_ count: ClosedRange<Int>, of element: Element) -> Self {
        Self(count: count, element: element)
    }
}

extension ListRule<NoRule> {
    static func list(_ count: ClosedRange<Int>) -> Self {
        Self(count: count, element: NoRule())
    }
}

extension Array: ContractValue where Element: ContractValue {
    static var blank: [Element] { [] }

    static func absent(_ rule: ListRule<Element.Rule>) -> [Element]? {
        rule.count.contains(0) ? [] : nil
    }

    static func read(_ place: Int, _ rule: ListRule<Element.Rule>, from reader: inout TapeReader) -> [Element]? {
        guard reader.tape.kind(place) == Tape.Kind.array else {
            reader.report("type", place, "must be an array")
            return nil
        }
        let count = reader.tape.count(place)
        guard rule.count.contains(count) else {
            reader.report(
                "length", place, "must have \(rule.count.lowerBound) to \(rule.count.upperBound) elements, not \(count)")
            return nil
        }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        var element = place &+ 1
        for index in 0..<count {
            reader.faults.enter(.index(index))
            // A blank keeps the place of an element with faults, so that the others keep their index.
            elements.append(Element.read(element, rule.element, from: &reader) ?? .blank)
            reader.faults.leave()
            element = reader.tape.next(element)
        }
        return elements
    }

    static func schema(_ rule: ListRule<Element.Rule>, in definitions: inout SchemaDefinitions) -> JSONTree {
        var members: [(String, JSONTree)] = [("type", "array")]
        if rule.count.lowerBound > 0 { members.append(("minItems", .integer(rule.count.lowerBound))) }
        members.append(("maxItems", .integer(rule.count.upperBound)))
        members.append(("items", Element.schema(rule.element, in: &definitions)))
        return .object(members)
    }

    func write(to writer: inout JSONWriter) {
        writer.open("[")
        for element in self {
            writer.separate()
            element.write(to: &writer)
        }
        writer.close("]")
    }
}
