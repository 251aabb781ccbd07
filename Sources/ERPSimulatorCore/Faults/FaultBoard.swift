import NIOCore
import Synchronization

/// The faults that are switched on, and the requests that are inside a capacity.
public final class FaultBoard: Sendable {
    /// What a request runs into.
    struct Plan: Sendable {
        var latency: Duration = .zero
        /// The rule that the latency comes from.
        var latencyID: Int?
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
        /// Those that a request may still wait for although its count used them up.
        var cleared: Set<Int> = []
        var waits: [Int: (rule: Int, promise: EventLoopPromise<Void>)] = [:]
        var nextWait = 1
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

    /// Switches one fault off, or all of them, and ends every wait for it. True when there was one.
    @discardableResult
    public func clear(_ id: Int? = nil) -> Bool {
        let (promises, wasOn) = state.withLock { state in
            let before = state.rules.count
            state.rules.removeAll { id == nil || $0.rule.id == id }
            state.cleared.formUnion(id.map { [$0] } ?? Array(1..<state.nextID))
            let promises = state.waits.values.filter { id == nil || $0.rule == id }.map(\.promise)
            return (promises, state.rules.count < before)
        }
        for promise in promises { promise.succeed() }
        return wasOn
    }

    /// Returns at the deadline, when the fault is cleared, or when the task is cancelled: whichever is first.
    ///
    /// An event loop's timer is exact; `Task.sleep` wakes up to a millisecond late, which at 50 ms of latency is two
    /// percent of the capacity.
    func wait(
        for rule: Int, until deadline: ContinuousClock.Instant? = nil, on eventLoop: any EventLoop
    ) async {
        let promise = eventLoop.makePromise(of: Void.self)
        let ticket: Int? = state.withLock { state in
            guard !state.cleared.contains(rule) else { return nil }
            state.nextWait += 1
            state.waits[state.nextWait] = (rule, promise)
            return state.nextWait
        }
        guard let ticket else { return promise.succeed() }
        let timer = deadline.map { eventLoop.scheduleTask(in: Self.amount(until: $0)) { promise.succeed() } }
        await withTaskCancellationHandler {
            try? await promise.futureResult.get()
        } onCancel: {
            promise.succeed()
        }
        timer?.cancel()
        state.withLock { $0.waits[ticket] = nil }
    }

    private static func amount(until deadline: ContinuousClock.Instant) -> TimeAmount {
        let (seconds, attoseconds) = (deadline - .now).components
        return .nanoseconds(max(0, seconds * 1_000_000_000 + attoseconds / 1_000_000_000))
    }

    /// Decides what a request runs into; counts are used up here, so concurrent requests share them exactly.
    func plan(method: String, path: String) -> Plan {
        state.withLock { state in
            var plan = Plan()
            for index in state.rules.indices where state.rules[index].concerns(method, path) {
                Self.apply(&state.rules[index], to: &plan)
            }
            if plan.refusal != nil { Self.release(&plan, &state) }
            // One that holds requests back stays, to be cleared.
            state.rules.removeAll { $0.rule.count == 0 && $0.rule.kind != .hold }
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
            plan.latencyID = active.rule.id
        case .capacity:
            guard active.inside < active.rule.limit ?? .max else {
                plan.refusal = active.rule
                return
            }
            active.inside += 1
            if let id = active.rule.id { plan.places.append(id) }
        case .down, .clockBack: return
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
            && (!rule.isOfChanges || path.hasPrefix("/changes/"))
    }

    /// Throws the dice and uses up the count.
    fileprivate mutating func strikes() -> Bool {
        if rule.count == 0 { return false }
        if let probability = rule.probability, random.unit() >= probability { return false }
        if let count = rule.count { rule.count = count - 1 }
        return true
    }
}
