/// Why a pointer leads nowhere, for the end of a sentence.
struct PointerMiss: Error, Hashable {
    var reason: String
}

extension JSONTree {
    /// What is done at the place that a pointer names.
    enum Change {
        /// Into an array before the element there, or at its end; over a member of that name.
        case add(JSONTree)
        case replace(JSONTree)
        case remove
    }

    /// The value at the place.
    func value(at pointer: JSONPointer) throws(PointerMiss) -> JSONTree {
        var value = self
        for step in pointer.steps { value = try value.child(step) }
        return value
    }

    /// Changes the document at the place, or not at all.
    mutating func apply(_ change: Change, at pointer: JSONPointer) throws(PointerMiss) {
        try apply(change, at: pointer.steps[...])
    }

    private mutating func apply(_ change: Change, at steps: ArraySlice<String>) throws(PointerMiss) {
        guard let step = steps.first else {
            switch change {
            case .add(let value), .replace(let value): self = value
            case .remove: throw PointerMiss(reason: "nothing would be left of the document")
            }
            return
        }
        switch self {
        case .object(let members):
            self = .object(try Self.changed(members, change, step, steps.dropFirst()))
        case .array(let elements):
            self = .array(try Self.changed(elements, change, step, steps.dropFirst()))
        default: throw Self.noContainer(step)
        }
    }

    private static func changed(
        _ members: [Member], _ change: Change, _ step: String, _ rest: ArraySlice<String>
    ) throws(PointerMiss) -> [Member] {
        var members = members
        guard let index = members.firstIndex(where: { $0.name.says(step) }) else {
            guard rest.isEmpty, case .add(let value) = change else { throw noMember(step) }
            return members + [Member(name: JSONString(step), value: value)]
        }
        switch change {
        case .remove where rest.isEmpty: members.remove(at: index)
        default: try members[index].value.apply(change, at: rest)
        }
        return members
    }

    private static func changed(
        _ elements: [JSONTree], _ change: Change, _ step: String, _ rest: ArraySlice<String>
    ) throws(PointerMiss) -> [JSONTree] {
        var elements = elements
        if rest.isEmpty, case .add(let value) = change {
            if step == "-" { return elements + [value] }
            elements.insert(value, at: try index(step, through: elements.count, elements))
            return elements
        }
        let place = try index(step, through: elements.count - 1, elements)
        switch change {
        case .remove where rest.isEmpty: elements.remove(at: place)
        default: try elements[place].apply(change, at: rest)
        }
        return elements
    }

    private func child(_ step: String) throws(PointerMiss) -> JSONTree {
        switch self {
        case .object:
            guard let value = self[step] else { throw Self.noMember(step) }
            return value
        case .array(let elements): return elements[try Self.index(step, through: elements.count - 1, elements)]
        default: throw Self.noContainer(step)
        }
    }

    /// The number that a step says: digits without leading zeros, at most `last`.
    private static func index(
        _ step: String, through last: Int, _ elements: [JSONTree]
    ) throws(PointerMiss) -> Int {
        let isNumber =
            !step.isEmpty && step.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
            && (step.utf8.count == 1 || step.utf8.first != UInt8(ascii: "0"))
        guard isNumber || step == "-" else {
            throw PointerMiss(reason: "\"\(step)\" is no element's number: 0, or digits without leading zeros")
        }
        guard let index = Int(step), index <= last else {
            throw PointerMiss(reason: "there is no element \(step): the array has \(elements.count)")
        }
        return index
    }

    private static func noMember(_ step: String) -> PointerMiss {
        PointerMiss(reason: "there is no member \"\(step)\"")
    }

    private static func noContainer(_ step: String) -> PointerMiss {
        PointerMiss(reason: "what should hold \"\(step)\" is neither an object nor an array")
    }
}
