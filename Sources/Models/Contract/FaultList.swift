/// Collects the faults of one message, together with the place at which its reader stands.
struct FaultList {
    private(set) var faults: [Fault] = []
    private var path: [PathStep] = []

    init() {
        path.reserveCapacity(8)
    }

    var isEmpty: Bool { faults.isEmpty }

    @inline(__always)
    mutating func enter(_ step: PathStep) {
        path.append(step)
    }

    @inline(__always)
    mutating func leave() {
        path.removeLast()
    }

    /// Reports a fault at `steps` below the present place; `predicate` completes the sentence that the field's name begins.
    mutating func report(_ rule: String, at steps: PathStep..., value: String = "", says predicate: String) {
        guard faults.count < ContractError.maximumFaults else { return }
        let sentence = "\(subject(steps)) \(predicate)"
        faults.append(Fault(pointer: pointer(steps), rule: rule, value: value, sentence: sentence))
    }

    /// Whether nothing at or below `steps` was reported, so that rules over several fields can be judged.
    func isSound(_ steps: PathStep...) -> Bool {
        if faults.isEmpty { return true }
        let pointer = pointer(steps)
        return !faults.contains { $0.pointer == pointer || $0.pointer.hasPrefix(pointer + "/") }
    }

    private func subject(_ steps: [PathStep]) -> String {
        switch steps.last ?? path.last {
        case .name(let name): name.description
        case .index(let index): "element \(index)"
        case nil: "the message"
        }
    }

    private func pointer(_ steps: [PathStep]) -> String {
        (path + steps).reduce(into: "") { $0 += "/" + $1.text }
    }
}
