import Synchronization

/// Switches faults on and off, and the ERP's port with them: it is closed exactly while a `down` fault is on.
final class FaultSwitch: Sendable {
    private let faults: FaultBoard
    private let gate: Gate
    /// One change at a time, so that board and gate always agree.
    private let turn = Mutex(())

    init(faults: FaultBoard, gate: Gate) {
        self.faults = faults
        self.gate = gate
    }

    /// Switches a fault on; one with a time ends by itself.
    func on(_ rule: FaultRule) throws(SimulatorError) -> FaultRule {
        let rule = try turn.withLock { _ throws(SimulatorError) in
            let rule = try faults.add(rule)
            if rule.kind == .down { gate.goDown() }
            return rule
        }
        if rule.kind == .down, let seconds = rule.seconds {
            Task {
                try? await Task.sleep(for: .seconds(seconds))
                off(rule.id)
            }
        }
        return rule
    }

    /// Switches one fault off, or all of them. True when there was one.
    @discardableResult
    func off(_ id: Int? = nil) -> Bool {
        turn.withLock { _ in
            let wasOn = faults.clear(id)
            if !faults.rules.contains(where: { $0.kind == .down }) { gate.goUp() }
            return wasOn
        }
    }
}
