internal import Ledger
internal import Models

/// One sort of thing that is watched for. What it finds is all there is of its sort: what it does not find any more has ended.
protocol Watchpost: Sendable {
    /// How the keys of all that it finds begin.
    var prefix: String { get }
    /// What holds now.
    func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding]
    /// How it ended, for people.
    func ending(of alert: Alert, now: Int64) -> String
}
