/// Collects the faults of one message. Where a value stands is worked out from the tape once it has a fault, so that good
/// messages pay nothing for it.
struct FaultList {
    private let tape: Tape
    private(set) var faults: [Fault] = []
    /// There were more faults than are listed.
    private(set) var hasMore = false
    /// The object whose fields are being read or checked.
    var object = Tape.root
    /// The pointer of the object that was last asked for: finding it walks through all that stands before it.
    private var known: (object: Int, pointer: String)?

    init(_ tape: Tape) {
        self.tape = tape
    }

    var isEmpty: Bool { faults.isEmpty }

    /// Ten thousand bad lines must not cost ten thousand walks to each: full lists are told before a place is worked out.
    private var isFull: Bool { faults.count >= ContractError.maximumFaults }

    /// Reports a fault of the value at `place`; `predicate` completes the sentence that the field's name begins.
    mutating func report(_ rule: String, _ place: Int, _ predicate: String) {
        guard hasRoom() else { return }
        add(rule, at: tape.pointer(to: place), value: tape.excerpt(place), predicate)
    }

    /// Reports a fault of the value at `place` without telling the value.
    mutating func report(_ rule: String, ofSecretAt place: Int, _ predicate: String) {
        guard hasRoom() else { return }
        add(rule, at: tape.pointer(to: place), value: "", predicate)
    }

    /// Reports a fault of the field at `steps` below the present object.
    mutating func report(_ rule: String, at steps: PathStep..., value: String = "", says predicate: String) {
        guard hasRoom() else { return }
        add(rule, at: pointer(steps), value: value, predicate)
    }

    private mutating func hasRoom() -> Bool {
        if isFull { hasMore = true }
        return !isFull
    }

    private mutating func add(_ rule: String, at pointer: String, value: String, _ predicate: String) {
        let last = pointer.utf8.split(separator: UInt8(ascii: "/")).last.map { String($0) ?? "" }
        let name = last ?? "the message"
        let subject = Int(name) == nil ? name : "element \(name)"
        faults.append(Fault(pointer: pointer, rule: rule, value: value, sentence: "\(subject) \(predicate)"))
    }

    /// Whether nothing at or below `steps` was reported, so that rules over several fields can be judged. In a full list
    /// nothing is: it has no room for what would be found.
    mutating func isSound(_ steps: PathStep...) -> Bool {
        if faults.isEmpty { return true }
        if isFull { return false }
        let pointer = pointer(steps)
        return !faults.contains { $0.isWithin(pointer) }
    }

    private mutating func pointer(_ steps: [PathStep]) -> String {
        var start = known
        if start?.object != object { start = (object, tape.pointer(to: object)) }
        known = start
        return steps.reduce(into: start?.pointer ?? "") { $0 += "/" + $1.text }
    }
}

extension Fault {
    /// Whether the fault is of the value at `pointer`, or of something in it. By bytes, because to `String` a slash with an
    /// accent on it is no slash, and two spellings of one letter are the same.
    fileprivate func isWithin(_ pointer: String) -> Bool {
        var (mine, other) = (self.pointer.utf8.makeIterator(), pointer.utf8.makeIterator())
        while let byte = other.next() {
            guard mine.next() == byte else { return false }
        }
        let next = mine.next()
        return next == nil || next == UInt8(ascii: "/")
    }
}
