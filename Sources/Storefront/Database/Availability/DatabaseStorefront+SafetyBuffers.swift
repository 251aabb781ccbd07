public import Ledger
public import Models

extension DatabaseStorefront {
    /// Keeps these quantities of every product from being promised, by warehouse; `*` is any other warehouse. Where
    /// processes are told different ones, those of the last to start count.
    public func show(buffers: [String: ExactDecimal], in ledger: Ledger) async throws {
        let quantities = buffers.mapValues(\.description)
        guard try await ledger.read(Self.buffers) != quantities else { return }
        try await ledger.write { transaction in
            try transaction.execute("DELETE FROM store_safety_buffer")
            for (warehouse, quantity) in buffers {
                try transaction.execute(
                    "INSERT INTO store_safety_buffer (warehouse, quantity, quantity_micro) VALUES (?, ?, ?)"
                ) { bind in
                    bind.text(warehouse)
                    bind.text(quantity.description)
                    bind.integer(quantity.millionths)
                }
            }
        }
    }

    private static func buffers(_ snapshot: LedgerSnapshot) throws -> [String: String] {
        let known = try snapshot.query("SELECT warehouse, quantity FROM store_safety_buffer") {
            ($0.text(0), $0.text(1))
        }
        return Dictionary(known) { first, _ in first }
    }
}
