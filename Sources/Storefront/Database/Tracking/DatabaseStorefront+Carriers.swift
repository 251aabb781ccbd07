public import Ledger

extension DatabaseStorefront {
    /// Makes these the carriers whose parcels can be followed, by carrier code: the links of all shipments, earlier ones
    /// too, follow their templates. Where processes are told different ones, those of the last to start count.
    public func show(_ carriers: [String: LinkTemplate], in ledger: Ledger) async throws {
        let templates = carriers.mapValues(\.text)
        // A worker that starts with what another wrote must not take the writer's place for it.
        guard try await ledger.read(Self.templates) != templates else { return }
        try await ledger.write { transaction in
            try transaction.execute("DELETE FROM store_carrier")
            for (carrier, template) in templates {
                try transaction.execute("INSERT INTO store_carrier (carrier, link_template) VALUES (?, ?)") { bind in
                    bind.text(carrier)
                    bind.text(template)
                }
            }
        }
    }

    private static func templates(_ snapshot: LedgerSnapshot) throws -> [String: String] {
        let known = try snapshot.query("SELECT carrier, link_template FROM store_carrier") { ($0.text(0), $0.text(1)) }
        return Dictionary(known) { first, _ in first }
    }
}
