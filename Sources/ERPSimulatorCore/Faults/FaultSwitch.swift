import NIOCore
import Synchronization

/// Switches faults on and off, and the ERP's port and clock with them: the port is closed exactly while a `down` fault is on,
/// and the clock late while a `clock-back` is.
final class FaultSwitch: Sendable {
    private let faults: FaultBoard
    private let gate: Gate
    private let clock: CompanyClock
    /// One change at a time, so that board and gate always agree.
    private let turn = Mutex(())

    init(faults: FaultBoard, gate: Gate, clock: CompanyClock) {
        self.faults = faults
        self.gate = gate
        self.clock = clock
    }

    /// Switches a fault on; one with a time ends by itself. What is being closed for it is closed when `closing` is done.
    func on(_ rule: FaultRule) throws(SimulatorError) -> (rule: FaultRule, closing: [EventLoopFuture<Void>]) {
        let (rule, closing) = try turn.withLock { _ throws(SimulatorError) in
            let rule = try faults.add(rule)
            let closing = rule.kind == .down ? gate.goDown() : []
            setClock()
            return (rule, closing)
        }
        if rule.kind == .down, let seconds = rule.seconds {
            Task {
                try? await Task.sleep(for: .seconds(seconds))
                off(rule.id)
            }
        }
        return (rule, closing)
    }

    /// Switches one fault off, or all of them. True when there was one.
    @discardableResult
    func off(_ id: Int? = nil) -> Bool {
        turn.withLock { _ in
            let wasOn = faults.clear(id)
            if !faults.rules.contains(where: { $0.kind == .down }) { gate.goUp() }
            setClock()
            return wasOn
        }
    }

    private func setClock() {
        let lags = faults.rules.filter { $0.kind == .clockBack }.map { $0.seconds ?? 3_600 }
        clock.setBack(bySeconds: lags.max() ?? 0)
    }
}
