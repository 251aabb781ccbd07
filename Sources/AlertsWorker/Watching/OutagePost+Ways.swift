internal import Fleet
internal import Ledger
internal import Models

// The ways over which people are told, as things that may be away themselves. Which of them tells that the other one is
// away, the planner says (``NoticePlanner``).
extension OutagePost {
    /// A way over which nothing goes out, as long as its outage stands. Whether anything waits for it at this moment says
    /// nothing of that: only the next mail or post finds out.
    func ways(_ snapshot: LedgerSnapshot) throws -> [Absence] {
        try AlertNotice.Channel.allCases.compactMap { way in
            guard let outage = try snapshot.standingOutage(of: way.destination.rawValue) else { return nil }
            return Absence(
                of: way.place, destination: outage.destination, since: outage.beganAt, seen: outage.seenAt,
                reason: outage.reason, remedy: outage.remedy,
                who: way == .mail ? "mails to people" : "posts of alerts")
        }
    }
}
