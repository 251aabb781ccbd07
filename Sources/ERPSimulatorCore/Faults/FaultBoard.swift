import Synchronization

/// The faults that are switched on, and the requests that are inside a capacity.
public final class FaultBoard: Sendable {
    /// What a request runs into.
    struct Plan: Sendable {
        var latency: Duration = .zero
        var fault: FaultRule?
        /// The capacity that is exhausted.
        var refusal: FaultRule?
        /// The capacities it takes a place in; given back with ``FaultBoard/leave(_:)``.
        var places: [Int] = []
    }

    fileprivate struct Active {
        var rule: FaultRule
        var random: SeededRandom
        var inside = 0
    }

    private struct State {
        var rules: [Active] = []
        var nextID = 1
    }

    private let state = Mutex(State())

    /// Switches a fault on and gives it its id.
    @discardableResult
    public func add(_ rule: FaultRule) throws(SimulatorError) -> FaultRule {
        if let complaint = rule.complaint { throw .invalidFault(complaint) }
        return state.withLock { state in
            var rule = rule
            rule.id = state.nextID
            state.nextID += 1
            state.rules.append(Active(rule: rule, random: SeededRandom(seed: rule.seed ?? 1)))
            return rule
        }
    }

    /// What is switched on, with the counts that are left.
    public var rules: [FaultRule] {
        state.withLock { $0.rules.map(\.rule) }
    }

    /// Switches one fault off, or all of them. True when there was one.
    @discardableResult
    public func clear(_ id: Int? = nil) -> Bool {
        state.withLock { state in
            let before = state.rules.count
            state.rules.removeAll { id == nil || $0.rule.id == id }
            return state.rules.count < before
        }
    }

    /// Decides what a request runs into; counts are used up here, so concurrent requests share them exactly.
    func plan(method: String, path: String) -> Plan {
        state.withLock { state in
            var plan = Plan()
            for index in state.rules.indices where state.rules[index].concerns(method, path) {
                Self.apply(&state.rules[index], to: &plan)
            }
            if plan.refusal != nil { Self.release(&plan, &state) }
            state.rules.removeAll { $0.rule.count == 0 }
            return plan
        }
    }

    /// Gives the places back.
    func leave(_ plan: Plan) {
        guard !plan.places.isEmpty else { return }
        state.withLock { state in
            var plan = plan
            Self.release(&plan, &state)
        }
    }

    private static func apply(_ active: inout Active, to plan: inout Plan) {
        switch active.rule.kind {
        case .latency:
            guard active.strikes() else { return }
            plan.latency = active.rule.latency?.draw(&active.random) ?? .zero
        case .capacity:
            guard active.inside < active.rule.limit ?? .max else {
                plan.refusal = active.rule
                return
            }
            active.inside += 1
            if let id = active.rule.id { plan.places.append(id) }
        case .down: return
        default:
            guard plan.fault == nil, active.strikes() else { return }
            plan.fault = active.rule
        }
    }

    private static func release(_ plan: inout Plan, _ state: inout State) {
        for index in state.rules.indices where state.rules[index].rule.id.map(plan.places.contains) ?? false {
            state.rules[index].inside -= 1
        }
        plan.places = []
    }
}

extension FaultBoard.Active {
    fileprivate func concerns(_ method: String, _ path: String) -> Bool {
        (rule.method.map { $0 == method } ?? true) && (rule.path.map(path.hasPrefix) ?? true)
    }

    /// Throws the dice and uses up the count.
    fileprivate mutating func strikes() -> Bool {
        if let probability = rule.probability, random.unit() >= probability { return false }
        if let count = rule.count { rule.count = count - 1 }
        return true
    }
}
