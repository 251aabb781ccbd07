internal import Fleet
internal import Ledger
internal import Models

/// Pages of the ERP's changes that look like a mistake and are held back.
struct ParkedPost: Watchpost {
    let prefix = "parked-batch/"

    func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding] {
        try snapshot.parkedEntries().map { batch in
            Finding(
                key: prefix + "\(batch.id)", kind: .parkedBatch, severity: .error, code: "feed.parked",
                sentence:
                    "\(Count.text(Int(batch.messages), "change")) of \(batch.stream) \(verb(batch.messages)) held "
                    + "back because they look like a mistake: \(batch.reason)",
                remedy: "Look at the changes; release them when they are right, or discard them and correct the ERP. "
                    + "Until then the store shows what it showed before.",
                commands: [
                    "erp-feed parked show \(batch.id)", "erp-feed parked release \(batch.id)",
                    "erp-feed parked discard \(batch.id)",
                ],
                count: batch.messages, since: batch.at, last: batch.at)
        }
    }

    private func verb(_ count: Int64) -> String { count == 1 ? "is" : "are" }

    func ending(of alert: Alert, now: Int64) -> String {
        "The changes that were held back have been released or discarded."
    }
}
