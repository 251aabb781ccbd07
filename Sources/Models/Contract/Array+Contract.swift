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

    mutating func read(_ place: Int, _ rule: ListRule<Element.Rule>, from reader: inout TapeReader) -> Bool {
        guard reader.tape.kind(place) == Tape.Kind.array else {
            reader.faults.report("type", place, "must be an array")
            return false
        }
        let count = reader.tape.count(place)
        guard rule.count.contains(count) else {
            reader.faults.report(
                "length", place, "must have \(rule.count.lowerBound) to \(rule.count.upperBound) elements, not \(count)"
            )
            return false
        }
        self = []
        reserveCapacity(count)
        var place = place &+ 1
        for _ in 0..<count {
            // An element with faults keeps its place, so that the others keep their index.
            var element = Element.blank
            _ = element.read(place, rule.element, from: &reader)
            append(element)
            place = reader.tape.next(place)
        }
        return true
    }

    static func schema(_ rule: ListRule<Element.Rule>, in definitions: inout SchemaDefinitions) -> JSONTree {
        var members: [(String, JSONTree)] = [("type", "array")]
        if rule.count.lowerBound > 0 { members.append(("minItems", .integer(rule.count.lowerBound))) }
        members.append(("maxItems", .integer(rule.count.upperBound)))
        members.append(("items", Element.schema(rule.element, in: &definitions)))
        return .object(members)
    }

    mutating func mend(_ rule: ListRule<Element.Rule>) {
        for index in indices { self[index].mend(rule.element) }
    }

    func write(to writer: inout JSONWriter) {
        writer.array(self) { $1.write(to: &$0) }
    }
}
