public import Ledger
public import Models

extension DatabaseStorefront {
    /// Writes the version and its prices.
    public func show(_ prices: ContractPrices, at time: Timestamp, in transaction: LedgerTransaction) throws {
        try requireCurrency(of: prices, in: transaction)
        try transaction.execute(
            """
            INSERT OR REPLACE INTO store_price_version (holder_kind, holder, price_version, part, currency, valid_from,
                valid_until, revision, changed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ) { bind in
            bind.text(prices.holder.kind)
            bind.text(prices.holder.key)
            bind.text(prices.priceVersion)
            bind.text(prices.part ?? "")
            bind.text(prices.currency.code)
            bind.text(prices.validFrom.description)
            bind.text(prices.validUntil?.description ?? Self.forEver)
            bind.integer(prices.revision)
            bind.text(time.description)
        }
        try replacePrices(of: prices, in: transaction)
    }

    /// The last day of what has no end.
    static let forEver = "9999-12-31"

    /// An account that is not known yet may pay in any currency: its prices count when it comes, if it pays in theirs.
    func requireCurrency(of prices: ContractPrices, in snapshot: LedgerSnapshot) throws {
        // A version that is withdrawn has prices in no currency.
        guard !prices.prices.isEmpty else { return }
        guard case .account(let account) = prices.holder else { return }
        let found = try snapshot.first(
            "SELECT currency FROM store_customer WHERE account = ?", .text(account)
        ) { $0.text(0) }
        guard let currency = found.flatMap({ Currency($0) }), currency != prices.currency else { return }
        throw StorefrontError.currencyDiffers(account: account, currency: currency)
    }

    private func replacePrices(of prices: ContractPrices, in transaction: LedgerTransaction) throws {
        try transaction.execute(
            "DELETE FROM store_price WHERE holder_kind = ? AND holder = ? AND price_version = ? AND part = ?"
        ) { bind in
            bind.text(prices.holder.kind)
            bind.text(prices.holder.key)
            bind.text(prices.priceVersion)
            bind.text(prices.part ?? "")
        }
        for price in prices.prices {
            try transaction.execute(
                """
                INSERT INTO store_price (holder_kind, holder, sku, price_version, part, minimum_micro, minimum_quantity,
                    unit, unit_price)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
            ) { bind in
                bind.text(prices.holder.kind)
                bind.text(prices.holder.key)
                bind.text(price.sku)
                bind.text(prices.priceVersion)
                bind.text(prices.part ?? "")
                bind.integer(price.minimumQuantity?.millionths ?? 0)
                bind.text(price.minimumQuantity?.description ?? "0")
                bind.text(price.unit.code)
                bind.text(price.unitPrice.description)
            }
        }
    }
}
