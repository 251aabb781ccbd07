/// The sums of an order, in its currency's minor-unit precision.
public struct OrderTotals: Hashable, Sendable {
    /// The sum of the lines' amounts.
    public var goods: ExactDecimal
    /// Subtracted; zero or more.
    public var discount: ExactDecimal
    /// Freight.
    public var shipping: ExactDecimal
    /// All taxes.
    public var tax: ExactDecimal
    /// goods − discount + shipping + tax.
    public var total: ExactDecimal

    /// All fields in their order.
    public init(
        goods: ExactDecimal, discount: ExactDecimal, shipping: ExactDecimal, tax: ExactDecimal, total: ExactDecimal
    ) {
        self.goods = goods
        self.discount = discount
        self.shipping = shipping
        self.tax = tax
        self.total = total
    }
}

extension OrderTotals: ContractObject {
    static var blank: OrderTotals {
        OrderTotals(goods: .zero, discount: .zero, shipping: .zero, tax: .zero, total: .zero)
    }
    static var schemaName: String { "OrderTotals" }
    static var summary: String { "The sums of an order, in its currency." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("goods", &goods, .amount, "The sum of the lines' amounts.")
        fields.field("discount", &discount, .amount, "Subtracted; zero or more.")
        fields.field("shipping", &shipping, .amount, "Freight.")
        fields.field("tax", &tax, .amount, "All taxes.")
        fields.field("total", &total, .amount, "goods - discount + shipping + tax.")
    }
}
