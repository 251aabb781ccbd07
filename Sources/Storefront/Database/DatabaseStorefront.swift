/// The storefront adapter `database`: tables that a store reads with plain SQL.
///
/// They live in the ledger's database, so that a row and the acknowledgement of its message stand or fall together. The
/// tables are described in ``DatabaseStorefront/schema``.
public struct DatabaseStorefront: Storefront {
    /// Creates the adapter.
    public init() {}

    /// Where an order comes from; part of every key, because store and ERP number their orders on their own.
    enum Origin: String { case online, offline }
}
