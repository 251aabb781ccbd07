internal import Models

/// What orders are worth together, by currency, and whose they are.
struct StakeSum {
    /// Some of the accounts, in the order in which they were met.
    private(set) var accounts: [String] = []
    private var sums: [Currency: ExactDecimal] = [:]

    /// One more order. A sum that is too large to be written stays as it was.
    mutating func add(_ total: ExactDecimal, in currency: Currency, of account: String?) {
        sums[currency] = (sums[currency] ?? .zero).adding(total) ?? sums[currency]
        guard let account, accounts.count < Alert.mostAccounts, !accounts.contains(account) else { return }
        accounts.append(account)
    }

    /// The largest first.
    var stakes: [AlertStake] {
        sums.map { AlertStake(amount: $0.value, currency: $0.key) }
            .sorted { ($1.amount, $0.currency.code) < ($0.amount, $1.currency.code) }
    }
}
