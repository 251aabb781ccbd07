/// The alerts in the examples.
enum ExampleAlerts {
    static let unknownSKU = Alert(
        key: "dead-letter/5f1d7a90c3b2e864", revision: 3, kind: .deadLetter, severity: .error, code: "sku.unknown",
        category: "rejected", flow: "orders.to-erp",
        sentence: "The ERP does not know the product BOLT-M8-40, and 12 orders wait for it.",
        remedy: "Create the product in the ERP, or correct the SKU in the orders; then replay them.",
        commands: [
            "dead-letter groups show 5f1d7a90c3b2e864",
            "dead-letter replay --all --fingerprint 5f1d7a90c3b2e864 --reason '…'",
        ],
        count: 12, subjects: ["W-1001", "W-1002"], accounts: ["C-2044"],
        atStake: [AlertStake(amount: ExampleOrders.decimal("18450.20"), currency: .usd)],
        raisedAt: ExampleOrders.time, lastAt: ExampleOrders.time)
    static let lateAnswer = Alert(
        key: "expectation/order-answered", revision: 2, state: .resolved, kind: .expectation, severity: .error,
        code: "expectation.missed", flow: "orders.to-erp",
        sentence: "The ERP has answered all orders that were late.", remedy: "Nothing.", count: 4,
        raisedAt: ExampleOrders.time, lastAt: ExampleOrders.time, resolvedAt: ExampleOrders.time)
}
