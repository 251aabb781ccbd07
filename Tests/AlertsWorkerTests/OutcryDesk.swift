import FleetTesting
import Ledger
import Logging
import Models
import Synchronization

@testable import AlertsWorker
@testable import Fleet

/// A ledger that a test breaks and mends, without there being one.
final class BrokenLedger: Sendable {
    private let error = Mutex<LedgerError?>(nil)
    private let free = Mutex<Int64>(1 << 40)

    func fail(_ error: LedgerError?) { self.error.withLock { $0 = error } }

    func leave(_ bytes: Int64) { free.withLock { $0 = bytes } }

    func pulse(_ path: String = "ledger.db") -> LedgerPulse {
        LedgerPulse(
            path: path,
            write: {
                if let error = self.error.withLock(\.self) { throw error }
            }, room: { FreeRoom(free: self.free.withLock(\.self), size: 1 << 41) })
    }

    static let full = LedgerError.diskFull(path: "ledger.db")
}

/// An outcry, and time that passes as a test wants it to.
struct OutcryDesk: Sendable {
    let outcry: LedgerOutcry

    init(
        _ pulse: LedgerPulse, _ carriers: [AlertNotice.Channel: any AlertCarrier], rules: [AlertRule] = [Self.rule],
        path: String = "nowhere/ledger.db", patience: Duration = .seconds(30), interval: Duration = .seconds(5)
    ) {
        outcry = LedgerOutcry(
            path: path, pulse: pulse,
            planner: NoticePlanner(
                rules: rules, webhook: "https://ops.example/hook", clock: .fixed(secondsEast: 0)),
            carriers: carriers, logger: Logger(label: "test"), patience: patience, interval: interval)
    }

    /// Tells anna@example.com of what is critical, and again after an hour.
    static var rule: AlertRule {
        var rule = AlertRule(name: "ledger")
        rule.when.severity = .critical
        rule.mail = ["anna@example.com"]
        rule.quietAfter = .seconds(3_600)
        return rule
    }

    /// Looks every five seconds, or at longer intervals, the last second included.
    func pass(_ first: Int64, _ last: Int64, by step: Int64 = 5) async {
        for second in stride(from: first, through: last, by: Int64.Stride(step)) { await look(at: second) }
    }

    /// One look; a write has its answer before.
    func look(at second: Int64) async {
        outcry.pulse.begin(at: WatchDesk.at(second))
        await outcry.pulse.settled()
        await outcry.judge(at: WatchDesk.at(second))
    }

    /// `anna@example.com raised`, of each letter.
    static func lines(_ carrier: ScriptedCarrier) -> [String] {
        carrier.carried.map { letter in
            let occasions = letter.items.map(\.occasion.rawValue).joined(separator: " ")
            return "\(letter.recipient) \(occasions)"
        }
    }

    /// The sentence of the first alert in the last letter.
    static func sentence(_ carrier: ScriptedCarrier) -> String {
        carrier.carried.last?.items.first?.record.alert.sentence ?? ""
    }
}
