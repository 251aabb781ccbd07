internal import Fleet
internal import Ledger
internal import Models

/// What the last look at the broker found.
struct BrokerPost: Watchpost {
    let prefix = "broker/"

    func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding] {
        [try topology(snapshot), try unrouted(snapshot)].compactMap(\.self)
    }

    private func topology(_ snapshot: LedgerSnapshot) throws -> Finding? {
        let found = (try snapshot.brokerFindings(.topology) + snapshot.brokerFindings(.binding))
            .sorted { ($0.since, $0.finding.name) < ($1.since, $1.finding.name) }
        guard let first = found.first, let last = found.last else { return nil }
        let more = found.count > 1 ? " and \(Count.text(found.count - 1, "more thing"))" : ""
        return Finding(
            key: prefix + "topology", kind: .other, severity: .critical, code: "topology.differs",
            sentence: "The broker is not as messages need it, and some may wait where nobody takes them: "
                + first.finding.sentence + more,
            remedy: first.finding.remedy, commands: ["stevedore topology check", "stevedore topology apply"],
            count: Int64(found.count), subjects: found.map(\.finding.name), since: first.since, last: last.since)
    }

    private func unrouted(_ snapshot: LedgerSnapshot) throws -> Finding? {
        guard let found = try snapshot.brokerFindings(.unrouted).first else { return nil }
        return Finding(
            key: prefix + "unrouted", kind: .other, severity: .error, code: "unrouted",
            sentence: found.finding.sentence, remedy: found.finding.remedy,
            commands: [
                "stevedore topology apply", "dead-letter replay --all --queue unrouted --reason '…'",
            ], count: found.finding.count, since: found.since, last: found.since)
    }

    func ending(of alert: Alert, now: Int64) -> String {
        alert.key == prefix + "unrouted"
            ? "No message is without a queue any more." : "The broker is again as messages need it."
    }
}
