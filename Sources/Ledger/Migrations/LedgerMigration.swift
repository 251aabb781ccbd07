/// One numbered step forward of a component's tables. Once released it never changes.
public struct LedgerMigration: Sendable {
    /// From 1, without gaps.
    public let number: Int
    /// What it does, in a few words.
    public let name: String
    /// One or more statements, run in one transaction.
    public let script: String

    /// One numbered step forward.
    public init(number: Int, name: String, script: String) {
        self.number = number
        self.name = name
        self.script = script
    }
}
