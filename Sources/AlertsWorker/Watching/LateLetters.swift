internal import Fleet
internal import Ledger

/// What an outage of a way of telling has made late: the mails or posts that waited for its end.
struct LateLetters: Hashable, Sendable {
    let outage: Outage
    let way: AlertNotice.Channel
    private(set) var count = 0

    /// Nil for an outage of anything else, and for one that lasts.
    init?(_ outage: Outage, _ snapshot: LedgerSnapshot) throws {
        let way = AlertNotice.Channel.allCases.first { $0.destination.rawValue == outage.destination }
        guard let way, let endedAt = outage.endedAt else { return nil }
        (self.outage, self.way) = (outage, way)
        // A try that was in vain made its letter due anew at that moment: it waited for the end all the same.
        count = Int(
            try snapshot.first(
                """
                SELECT count(DISTINCT coalesce(message, number)) FROM alert_notice
                WHERE channel = ? AND state = 'sent' AND ended_at >= ? AND due_at <= ?
                """, .text(way.rawValue), .integer(outage.beganAt), .integer(endedAt)
            ) { $0.integer(0) } ?? 0)
    }

    /// From when to when nothing went out, and how much was late.
    var sentence: String {
        let end = outage.endedAt.map { " to \(OutageReport.time($0))" } ?? ""
        let span = "Nothing went out from \(OutageReport.time(outage.beganAt))\(end)"
        guard count > 0 else { return "\(span), and nothing was due meanwhile." }
        let noun = Count.text(count, way == .mail ? "mail" : "post")
        return "\(span): \(noun) \(count == 1 ? "was" : "were") late, and none is lost."
    }
}
