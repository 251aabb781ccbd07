public import Ledger

extension DatabaseStorefront {
    /// Makes these the carriers whose parcels can be followed, by carrier code: the links of all shipments, earlier ones
    /// too, follow their templates.
    public func show(_ carriers: [String: LinkTemplate], in transaction: LedgerTransaction) throws {
        let known = try transaction.query("SELECT carrier, link_template FROM store_carrier") { row in
            (row.text(0), row.text(1))
        }
        // A worker that starts with what another wrote must not take the writer's place for it.
        guard Dictionary(uniqueKeysWithValues: known) != carriers.mapValues(\.text) else { return }
        try transaction.execute("DELETE FROM store_carrier")
        for (carrier, template) in carriers {
            try transaction.execute("INSERT INTO store_carrier (carrier, link_template) VALUES (?, ?)") { bind in
                bind.text(carrier)
                bind.text(template.text)
            }
        }
    }
}
