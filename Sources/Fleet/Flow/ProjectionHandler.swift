public import Ledger
public import Models

/// Writes what a message restates into tables, inside the ledger's transaction.
public protocol ProjectionHandler: Sendable {
    /// The message types it takes, for example `order.status.v1`.
    var types: [String] { get }

    /// Writes the message's effect.
    ///
    /// The claim has been made and is recorded in the same transaction, so this runs once per revision. An error undoes
    /// this message alone, never its neighbours in the batch.
    /// - Throws: a ``Failure``, or a ledger error.
    func project(_ message: Received, in transaction: LedgerTransaction) throws
}
