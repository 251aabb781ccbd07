internal import Fleet
internal import Ledger

/// What is expected and how that stands, as the ledger has it now.
struct ExpectationReport: Sendable {
    /// How many of what is missed are shown unless all are wanted.
    static let shown = 20
    /// How many that have ended are shown at most, the last ones.
    private static let mostEnded = 1_000

    var now: Int64
    var declared: [Expectation]
    /// By condition; none before anybody has watched.
    var clocks: [ExpectationCondition: ExpectationClock] = [:]
    var counts: [String: [ExpectationRow.State: Int]] = [:]
    /// How many of those that wait do so for a dead letter, by name.
    var suspended: [String: Int] = [:]
    /// Where there should be a ledger and none is, because nothing was started yet.
    var missingLedger: String?
    /// By name and time, those of each name that were missed first.
    var missed: [ExpectationRow] = []
    /// The last to end comes last; nil when nobody has asked.
    var ended: [ExpectationRow]?

    init(_ snapshot: LedgerSnapshot, declared: [Expectation], limit: Int, hasEnded: Bool, now: Int64) throws {
        self.now = now
        self.declared = declared
        ended = hasEnded ? [] : nil
        guard try ExpectationTables.areThere(snapshot) else { return }
        clocks = try snapshot.expectationClocks()
        counts = try snapshot.expectationCounts()
        suspended = try snapshot.suspendedExpectations()
        missed = try snapshot.expectationNames().flatMap { try snapshot.missedExpectations($0, limit: limit) }
        if hasEnded { ended = try snapshot.lastEndedExpectations(limit: Self.mostEnded) }
    }

    /// Before the first start: what is declared, and nothing more.
    init(declared: [Expectation], withoutLedgerAt path: String, now: Int64) {
        (self.declared, self.now, missingLedger) = (declared, now, path)
    }

    /// How many of a name are in this state.
    func count(_ name: String, _ state: ExpectationRow.State) -> Int { counts[name]?[state] ?? 0 }

    /// How many are missed, whatever is shown of them.
    var missedCount: Int { counts.values.reduce(0) { $0 + ($1[.missed] ?? 0) } }

    /// The conditions that count for what is declared.
    var conditions: [ExpectationCondition] {
        ExpectationCondition.allCases.filter { condition in declared.contains { $0.condition == condition } }
    }
}
