/// Collects the faults of one message. Where a value stands is worked out from the tape once it has a fault, so that good
/// messages pay nothing for it.
struct FaultList {
    private let tape: Tape
    private(set) var faults: [Fault] = []
    /// The object whose fields are being read or checked.
    var object = Tape.root

    init(_ tape: Tape) {
        self.tape = tape
    }

    var isEmpty: Bool { faults.isEmpty }

    /// Ten thousand bad lines must not cost ten thousand walks to each: full lists are told before a place is worked out.
    private var isFull: Bool { faults.count >= ContractError.maximumFaults }

    /// Reports a fault of the value at `place`; `predicate` completes the sentence that the field's name begins.
    mutating func report(_ rule: String, _ place: Int, _ predicate: String) {
        guard !isFull else { return }
        add(rule, at: tape.pointer(to: place), value: tape.excerpt(place), predicate)
    }

    /// Reports a fault of the field at `steps` below the present object.
    mutating func report(_ rule: String, at steps: PathStep..., value: String = "", says predicate: String) {
        guard !isFull else { return }
        add(rule, at: pointer(steps), value: value, predicate)
    }

    private mutating func add(_ rule: String, at pointer: String, value: String, _ predicate: String) {
        let name = pointer.split(separator: "/").last.map(String.init) ?? "the message"
        let subject = Int(name) == nil ? name : "element \(name)"
        faults.append(Fault(pointer: pointer, rule: rule, value: value, sentence: "\(subject) \(predicate)"))
    }

    /// Whether nothing at or below `steps` was reported, so that rules over several fields can be judged.
    func isSound(_ steps: PathStep...) -> Bool {
        if faults.isEmpty { return true }
        let pointer = pointer(steps)
        return !faults.contains { $0.pointer == pointer || $0.pointer.hasPrefix(pointer + "/") }
    }

    private func pointer(_ steps: [PathStep]) -> String {
        steps.reduce(into: tape.pointer(to: object)) { $0 += "/" + $1.text }
    }
}
