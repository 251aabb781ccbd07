internal import Ledger
internal import Models

/// One sort of thing that is watched for. What it finds is all there is of its sort: what it does not find any more has ended.
protocol Watchpost: Sendable {
    /// How the keys of all that it finds begin.
    var prefix: String { get }
    /// What holds now.
    func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding]
    /// Whether what is not found now may be back in a moment, so that it is too early to say that it has ended.
    func mayComeBack(_ key: String, _ snapshot: LedgerSnapshot, now: Int64) throws -> Bool
    /// Whether there is something to write down, so that the next look knows of this one.
    func hasNotes(_ snapshot: LedgerSnapshot, now: Int64) throws -> Bool
    /// Writes it down.
    func note(in transaction: LedgerTransaction, now: Int64) throws
    /// How it ended, for people.
    func ending(of alert: Alert, now: Int64) -> String
    /// The same, where the ledger knows more of it. Asked when that is said, and so may take its time.
    func ending(of alert: Alert, _ snapshot: LedgerSnapshot, now: Int64) throws -> String
}

extension Watchpost {
    func mayComeBack(_ key: String, _ snapshot: LedgerSnapshot, now: Int64) throws -> Bool { false }
    func hasNotes(_ snapshot: LedgerSnapshot, now: Int64) throws -> Bool { false }
    func note(in transaction: LedgerTransaction, now: Int64) throws {}
    func ending(of alert: Alert, _ snapshot: LedgerSnapshot, now: Int64) throws -> String {
        ending(of: alert, now: now)
    }
}
