internal import Fleet
internal import Ledger
internal import Models

/// Objects of the ERP that the store cannot be told, because the ERP's own data is at fault.
struct GapPost: Watchpost {
    let prefix = "feed-gap/"

    func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding] {
        try snapshot.feedGapCounts().sorted { $0.key < $1.key }.compactMap { stream, count in
            guard let text = count.text else { return nil }
            let gaps = try snapshot.feedGaps(in: stream, limit: Alert.mostSubjects)
            return Finding(
                key: Finding.name(prefix, stream), kind: .other, severity: .warning, code: "feed.gap",
                sentence: "Of \(stream) the store is not told all that the ERP has: \(text).",
                remedy: "Correct the objects in the ERP; they are told by themselves then.",
                commands: ["erp-feed gaps \(MailText.shellWord(stream))"], count: count.unreadable + count.incomplete,
                subjects: gaps.map(\.key).filter { !$0.isEmpty }, since: gaps.map(\.since).min() ?? now,
                last: gaps.map(\.since).max() ?? now)
        }
    }

    func ending(of alert: Alert, now: Int64) -> String { "The store is told again all that the ERP has." }
}
