internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ

/// What the orders among some dead letters are worth, and whose they are. A body that is gone or cannot be read counts
/// nothing.
struct OrderTally {
    private(set) var sum = StakeSum()
    /// Whether every order is counted.
    private(set) var isWhole = true
    var accounts: [String] { sum.accounts }
    var stakes: [AlertStake] { sum.stakes }

    /// - Parameter letters: those that failed last first, so that of an order at several revisions the newest counts.
    init(_ letters: [DeadLetterRecord], _ snapshot: LedgerSnapshot) {
        let reader = MessageReader()
        var counted: Set<String> = []
        for letter in letters where Self.isOrder(letter) && counted.insert(letter.subject ?? "").inserted {
            guard let stored = try? snapshot.payload(id: letter.payload ?? letter.id),
                let message = try? reader.read(stored.body, IncomingMessage(stored.transport)),
                let order = message.payload as? Order
            else {
                isWhole = false
                continue
            }
            sum.add(order.totals.total, in: order.currency, of: order.customer.account)
        }
    }

    private static func isOrder(_ letter: DeadLetterRecord) -> Bool {
        letter.type.flatMap { Catalogue.type(named: $0) }?.family == Catalogue.orderPlaced.family
    }
}
