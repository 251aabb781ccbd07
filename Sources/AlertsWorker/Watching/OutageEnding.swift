internal import Fleet
internal import Ledger
internal import Models

/// How an outage went of which people were told: the report that its end is told with, once all that waited is worked off.
struct OutageEnding {
    /// So long after its end, in microseconds, people are told though not all is worked off.
    static let patience: Int64 = 6 * 3_600_000_000

    /// The outages of the time in which the place was away, the longest first.
    let outages: [Outage]
    private let snapshot: LedgerSnapshot
    private let now: Int64

    /// - Parameter start: Since when people know that the place was away, in microseconds since 1970.
    init(of place: String, since start: Int64, _ snapshot: LedgerSnapshot, now: Int64) throws {
        outages = try snapshot.outages(limit: 200).filter { outage in
            OutagePlace.of(outage.destination) == place && (outage.endedAt ?? .min) >= start && outage.beganAt <= now
        }.sorted { Self.span($0) > Self.span($1) }
        self.snapshot = snapshot
        self.now = now
    }

    private static func span(_ outage: Outage) -> Int64 { (outage.endedAt ?? outage.beganAt) &- outage.beganAt }

    /// Nil where nobody has written down an outage.
    func text() throws -> String? {
        guard let outage = outages.first else { return nil }
        var sentences = try OutageReport(outage, snapshot, now: now).sentences
        // Behind how long it lasted, and why.
        let late = try LateLetters(outage, snapshot)?.sentence
        let details = [late, Self.asked(outage), try taken(outage)].compactMap(\.self)
        sentences.insert(contentsOf: details, at: min(2, sentences.count))
        sentences += [undrained(outage), others].compactMap(\.self)
        return sentences.joined(separator: " ")
    }

    private static func asked(_ outage: Outage) -> String? {
        guard outage.probes > 0 else { return nil }
        let times = outage.probes == 1 ? "once" : "\(Count.grouped(Int(outage.probes))) times"
        let closing = outage.closedBy.map { ", the last time because \(InertText.line($0)) said that it was" } ?? ""
        return "It was asked \(times) whether it was back\(closing)."
    }

    /// What came in meanwhile that is for the ERP, counted as the messages are: by when the fleet noted it.
    private func taken(_ outage: Outage) throws -> String? {
        guard outage.destination == FlowBacklog.erp, let endedAt = outage.endedAt,
            let taken = try snapshot.ordersTaken(from: outage.beganAt, to: endedAt)
        else { return nil }
        let sums = taken.orders.stakes.map(MailText.money).joined(separator: ", ")
        let count = Count.text(taken.orders.count, "order") + (taken.isWhole ? "" : " at least")
        let worth = sums.isEmpty ? "" : ", worth \(sums)"
        return
            "\(count) came in while it was away\(worth): as all that is counted here, by the fleet's clock, and not by "
            + "the times in the messages."
    }

    private func undrained(_ outage: Outage) -> String? {
        guard outage.drainedAt == nil, let endedAt = outage.endedAt, now &- endedAt >= Self.patience else { return nil }
        return "That is told now because \(Age.text(microseconds: now &- endedAt)) have passed since it was back."
    }

    private var others: String? {
        guard outages.count > 1 else { return nil }
        return "It was away \(Count.grouped(outages.count)) times until then; this was the longest."
    }
}
