/// A product as the ERP keeps it, restated in full at each change: the body of `product.v1`.
public struct Product: Hashable, Sendable {
    /// The business key, and the envelope's `subject`. Byte for byte: `ab-1` and `AB-1` are two products.
    public var sku: String
    /// Counts the restatements of this product from 1; equal to the envelope's `revision`.
    public var revision: Int64
    /// What it is called where there is no ``texts`` for a buyer's language.
    public var name: String
    /// More about it.
    public var description: String?
    /// Name and description in other languages.
    public var texts: [ProductText]
    /// Colour, dimensions and whatever else tells it from others.
    public var attributes: [ProductAttribute]
    /// The assortment groups it belongs to: an account may see some of them.
    public var groups: [String]
    /// What it is sold in.
    public var unit: UnitCode
    /// The smallest quantity that is sold.
    public var minimumQuantity: ExactDecimal?
    /// Quantities are a multiple of it.
    public var quantityStep: ExactDecimal?
    /// Of one unit.
    public var weight: Measure?
    /// The barcode.
    public var gtin: GTIN?
    /// Before any contract.
    public var listPrice: Price?
    /// The tax class's code, as agreed between store and ERP.
    public var taxClass: String?
    /// Days until it can be had when there is no stock.
    public var leadTimeDays: Int64?
    /// When the next goods arrive, where the ERP knows it for no single warehouse.
    public var nextReceiptDate: CalendarDate?
    /// What is sold instead.
    public var replacementSKU: String?
    /// Whether it is sold at all.
    public var isActive: Bool

    /// The longest ``name``, in Unicode scalars.
    static let longestName = 250
    /// The longest ``description``, in Unicode scalars.
    static let longestDescription = 20_000

    /// All fields in their order.
    public init(
        sku: String, revision: Int64, name: String, description: String? = nil, texts: [ProductText] = [],
        attributes: [ProductAttribute] = [], groups: [String] = [], unit: UnitCode,
        minimumQuantity: ExactDecimal? = nil, quantityStep: ExactDecimal? = nil, weight: Measure? = nil,
        gtin: GTIN? = nil, listPrice: Price? = nil, taxClass: String? = nil, leadTimeDays: Int64? = nil,
        nextReceiptDate: CalendarDate? = nil, replacementSKU: String? = nil, isActive: Bool
    ) {
        self.sku = sku
        self.revision = revision
        self.name = name
        self.description = description
        self.texts = texts
        self.attributes = attributes
        self.groups = groups
        self.unit = unit
        self.minimumQuantity = minimumQuantity
        self.quantityStep = quantityStep
        self.weight = weight
        self.gtin = gtin
        self.listPrice = listPrice
        self.taxClass = taxClass
        self.leadTimeDays = leadTimeDays
        self.nextReceiptDate = nextReceiptDate
        self.replacementSKU = replacementSKU
        self.isActive = isActive
    }
}

extension Product: ContractObject {
    static var blank: Product {
        Product(sku: "", revision: 0, name: "", unit: .blank, isActive: false)
    }
    static var schemaName: String { "Product" }
    static var summary: String { "A product as the ERP keeps it, restated in full at each change." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("sku", &sku, .key, "The business key; equal to subject. Upper and lower case are different.")
        fields.field("revision", &revision, .revision, "Counts the restatements; equal to revision above.")
        fields.field("name", &name, .text(1...Self.longestName), "What it is called, whatever the language.")
        fields.field("description", &description, .text(0...Self.longestDescription), "More about it.")
        fields.field("texts", &texts, .list(0...50), "Name and description in other languages.")
        fields.field("attributes", &attributes, .list(0...500), "Colour, dimensions and the like.")
        fields.field("groups", &groups, .list(0...200, of: .key), "The assortment groups it belongs to.")
        fields.field("unit", &unit, "What it is sold in.")
        fields.field("minimumQuantity", &minimumQuantity, .quantity, "The smallest quantity that is sold.")
        fields.field("quantityStep", &quantityStep, .quantity, "Quantities are a multiple of it.")
        fields.field("weight", &weight, "Of one unit.")
        fields.field("gtin", &gtin, "The barcode.")
        fields.field("listPrice", &listPrice, "Before any contract.")
        fields.field("taxClass", &taxClass, .key, "The tax class's code, as agreed between store and ERP.")
        fields.field("leadTimeDays", &leadTimeDays, .days, "Days until it can be had when there is no stock.")
        fields.field("nextReceiptDate", &nextReceiptDate, "When the next goods arrive, wherever that is.")
        fields.field("replacementSku", &replacementSKU, .key, "What is sold instead.")
        fields.field("active", &isActive, "Whether it is sold at all.")
    }

    func check(_ faults: inout FaultList) {
        UniqueIDs.check(attributes, list: "attributes", member: "name", &faults) { $0.name }
        UniqueIDs.check(texts, list: "texts", member: "language", &faults) { $0.language }
    }
}
