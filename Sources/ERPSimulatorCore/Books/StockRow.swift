/// What a warehouse has of a product, as the books keep it.
struct StockRow: Hashable, Sendable {
    var sku: String
    var warehouse: String
    var unit: String
    var onHand = Millionths.zero
    var reserved = Millionths.zero
    var incoming: [StockDocument.Incoming] = []
    var leadTimeDays: Int64?

    init(sku: String, warehouse: String, unit: String) {
        (self.sku, self.warehouse, self.unit) = (sku, warehouse, unit)
    }

    /// As it is told.
    var document: StockDocument {
        StockDocument(
            sku: sku, warehouse: warehouse, unit: unit, onHand: onHand.text, reserved: reserved.text,
            incoming: incoming, leadTimeDays: leadTimeDays)
    }
}
