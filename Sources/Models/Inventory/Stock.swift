/// What a warehouse has of a product, restated in full at each change: the body of `stock.v1`.
public struct Stock: Hashable, Sendable {
    /// The product. SKU and warehouse together are the business key: the subject is `SKU/warehouse`.
    public var sku: String
    /// The warehouse's code.
    public var warehouse: String
    /// Counts the restatements of this product in this warehouse from 1; equal to the envelope's `revision`.
    public var revision: Int64
    /// The unit of every quantity.
    public var unit: UnitCode
    /// What lies there. Below zero when the ERP booked out what it has not booked in: nothing can be promised of that.
    public var onHand: ExactDecimal
    /// Of that, what orders have that the ERP knows.
    public var reserved: ExactDecimal
    /// What is on its way, earliest first or not.
    public var incoming: [IncomingStock]
    /// Days until it can be had when nothing is there or on its way; else the product's.
    public var leadTimeDays: Int64?

    /// All fields in their order.
    public init(
        sku: String, warehouse: String, revision: Int64, unit: UnitCode, onHand: ExactDecimal, reserved: ExactDecimal,
        incoming: [IncomingStock] = [], leadTimeDays: Int64? = nil
    ) {
        self.sku = sku
        self.warehouse = warehouse
        self.revision = revision
        self.unit = unit
        self.onHand = onHand
        self.reserved = reserved
        self.incoming = incoming
        self.leadTimeDays = leadTimeDays
    }

    /// What the ERP has left to sell: on hand − reserved, never below zero.
    public var available: ExactDecimal {
        guard let left = onHand.subtracting(reserved), !left.isNegative else { return .zero }
        return left
    }
}

/// Goods on their way to a warehouse.
public struct IncomingStock: Hashable, Sendable {
    /// How much, in the stock's unit.
    public var quantity: ExactDecimal
    /// When it is expected.
    public var date: CalendarDate

    /// All fields in their order.
    public init(quantity: ExactDecimal, date: CalendarDate) {
        self.quantity = quantity
        self.date = date
    }
}

extension Stock: ContractObject {
    static var blank: Stock {
        Stock(sku: "", warehouse: "", revision: 0, unit: .blank, onHand: .zero, reserved: .zero)
    }
    static var schemaName: String { "Stock" }
    static var summary: String { "What a warehouse has of a product, restated in full at each change." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field(
            "sku", &sku, .key, "The product; sku/warehouse is equal to subject, / within them written ~1, ~ ~0.")
        fields.field("warehouse", &warehouse, .key, "The warehouse's code.")
        fields.field("revision", &revision, .revision, "Counts the restatements; equal to revision above.")
        fields.field("unit", &unit, "The unit of every quantity.")
        fields.field(
            "onHand", &onHand, .signedQuantity, "What lies there; below zero when booked out before booked in.")
        fields.field("reserved", &reserved, .openQuantity, "Of that, what orders have that the ERP knows.")
        fields.field("incoming", &incoming, .list(0...200), "What is on its way.")
        fields.field(
            "leadTimeDays", &leadTimeDays, .days, "Days until it can be had when nothing is there or on its way.")
    }
}

extension IncomingStock: ContractObject {
    static var blank: IncomingStock { IncomingStock(quantity: .zero, date: .blank) }
    static var schemaName: String { "IncomingStock" }
    static var summary: String { "Goods on their way to a warehouse." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("quantity", &quantity, .quantity, "How much.")
        fields.field("date", &date, "When it is expected.")
    }
}
