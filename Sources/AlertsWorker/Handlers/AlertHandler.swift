internal import Fleet
internal import Ledger
internal import Models

/// Enters an alert that a message brings, this program's own or another one's, in the ``AlertBook``: `alert.raised.v1`.
struct AlertHandler: ProjectionHandler {
    private let book: AlertBook
    /// Microseconds since 1970.
    private let now: @Sendable () -> Int64

    let types = [Catalogue.alertRaised.name]

    init(_ book: AlertBook, now: @escaping @Sendable () -> Int64 = { Timestamp.now().microseconds }) {
        self.book = book
        self.now = now
    }

    func project(_ message: Received, in transaction: LedgerTransaction) throws {
        try book.enter(try message.content(as: Alert.self), in: transaction, now: now())
    }
}
