internal import Fleet
internal import Ledger
internal import Models

/// Messages of a flow that were to be back from a retry tier and have not been seen since. A broker that finds the
/// flow's queue full keeps them, and counts them nowhere that anybody without its management plugin may ask.
struct OverdueRetries: Hashable {
    var count = 0
    /// When the first of them was to be back, in microseconds since 1970.
    var since: Int64
    /// The business key of that one.
    var subject: String

    /// How far back the journal is read, in steps.
    static let reach: Int64 = 20_000

    /// How long a message may take from its tier to the first step of a worker, in microseconds.
    static let grace: Int64 = 10_000_000

    static let sql: StaticString = """
        SELECT type, subject, stage, detail, at, max(id) FROM journal
        WHERE id > (SELECT max(id) FROM journal) - ?1 AND subject > '' AND type > '' AND stage NOT GLOB 'noted*'
        GROUP BY type, subject
        """

    func advice(on flow: String, now: Int64) -> String {
        "\(Count.text(count, "message was", "messages were")) to be back in \(flow) from a retry, the first "
            + "\(Age.text(microseconds: now - since)) ago, and \(count == 1 ? "has" : "have") not been seen since, "
            + "though the queue is empty. The broker may hold what it found the queue too full for, and tries again every few "
            + "minutes: `stevedore why \(InertText.line(subject))`."
    }
}

extension LedgerSnapshot {
    /// By flow, as far as the newest steps of the journal tell.
    func overdueRetries(now: Int64) throws -> [String: OverdueRetries] {
        let rows = try query(OverdueRetries.sql, .integer(OverdueRetries.reach)) { row in
            (
                type: row.text(0), subject: row.text(1), id: row.integer(5),
                retry: RetryStep(stage: row.text(2), detail: row.optionalText(3), at: row.integer(4))
            )
        }
        // The newest of any type that tells of the same object on the same road.
        var newest: [String: [String: (id: Int64, retry: RetryStep?)]] = [:]
        for row in rows {
            guard let flow = Catalogue.type(named: row.type)?.queue else { continue }
            guard row.id > newest[flow]?[row.subject]?.id ?? 0 else { continue }
            newest[flow, default: [:]][row.subject] = (row.id, row.retry)
        }
        return newest.compactMapValues { steps in
            OverdueRetries(steps.mapValues { $0.retry?.dueAt }, before: now - OverdueRetries.grace)
        }
    }
}

extension OverdueRetries {
    /// Of when each object was to be back; nil when none is missed.
    fileprivate init?(_ due: [String: Int64?], before time: Int64) {
        let missed = due.compactMap { subject, dueAt -> (at: Int64, subject: String)? in
            guard let dueAt, dueAt < time else { return nil }
            return (dueAt, subject)
        }
        guard let first = missed.min(by: { ($0.at, $0.subject) < ($1.at, $1.subject) }) else { return nil }
        self.init(count: missed.count, since: first.at, subject: first.subject)
    }
}
