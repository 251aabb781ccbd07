internal import Fleet
internal import Ledger
internal import Models

/// What the orders among some dead letters are worth, and whose they are. A body that is gone or cannot be read counts nothing.
struct OrderTally {
    private(set) var accounts: [String] = []
    private var sums: [Currency: ExactDecimal] = [:]

    init(_ letters: [DeadLetterRecord], _ snapshot: LedgerSnapshot) {
        let reader = MessageReader()
        // An order at several revisions is at stake once: the newest revision counts, which failed last.
        var counted: Set<String> = []
        for letter in letters where Self.isOrder(letter) && counted.insert(letter.subject ?? "").inserted {
            guard let stored = try? snapshot.payload(id: letter.payload ?? letter.id),
                let message = try? reader.read(stored.body, IncomingMessage(stored.transport)),
                let order = message.payload as? Order
            else { continue }
            add(order)
        }
    }

    /// The largest first.
    var stakes: [AlertStake] {
        sums.map { AlertStake(amount: $0.value, currency: $0.key) }
            .sorted { ($1.amount, $0.currency.code) < ($0.amount, $1.currency.code) }
    }

    private mutating func add(_ order: Order) {
        sums[order.currency] = (sums[order.currency] ?? .zero).adding(order.totals.total) ?? sums[order.currency]
        guard case .account(let account) = order.customer, !accounts.contains(account),
            accounts.count < Alert.mostAccounts
        else { return }
        accounts.append(account)
    }

    private static func isOrder(_ letter: DeadLetterRecord) -> Bool {
        letter.type.flatMap { Catalogue.type(named: $0) }?.family == Catalogue.orderPlaced.family
    }
}
