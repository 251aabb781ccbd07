/// Prices agreed with an account, or of a price list, restated in full at each change: the body of `contract-prices.v1`.
///
/// Holder, price version and part together are the business key, so that next quarter's prices can be there beside this
/// quarter's, and a list of any size can be told in parts.
public struct ContractPrices: Hashable, Sendable {
    /// Whose prices they are.
    public var holder: PriceHolder
    /// The ERP's name of this version, for example `2026-Q1`: it stands in every order that uses one of its prices.
    public var priceVersion: String
    /// Which part of the version this is, in whatever way the ERP divides it, by SKU say; nil when there is one only.
    public var part: String?
    /// Counts the restatements from 1; equal to the envelope's `revision`.
    public var revision: Int64
    /// The currency of every price.
    public var currency: Currency
    /// The first day on which they hold.
    public var validFrom: CalendarDate
    /// The last day on which they hold; nil without an end.
    public var validUntil: CalendarDate?
    /// The prices; none when the version was withdrawn.
    public var prices: [ContractPrice]

    /// All fields in their order.
    public init(
        holder: PriceHolder, priceVersion: String, part: String? = nil, revision: Int64, currency: Currency,
        validFrom: CalendarDate, validUntil: CalendarDate? = nil, prices: [ContractPrice]
    ) {
        self.holder = holder
        self.priceVersion = priceVersion
        self.part = part
        self.revision = revision
        self.currency = currency
        self.validFrom = validFrom
        self.validUntil = validUntil
        self.prices = prices
    }
}

extension ContractPrices: ContractObject {
    static var blank: ContractPrices {
        ContractPrices(
            holder: .blank, priceVersion: "", revision: 0, currency: .blank, validFrom: .blank, prices: [])
    }
    static var schemaName: String { "ContractPrices" }
    static var summary: String { "Prices agreed with an account, or of a price list, restated in full at each change." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        holder.visitMembers(&fields)
        fields.field(
            "priceVersion", &priceVersion, .key,
            "The ERP's name of this version; subject is account or price-list, its key, priceVersion and part, with slashes between; / within them written ~1, ~ ~0."
        )
        fields.field("part", &part, .key, "Which part of the version this is; missing when there is one only.")
        fields.field("revision", &revision, .revision, "Counts the restatements; equal to revision above.")
        fields.field("currency", &currency, "The currency of every price.")
        fields.field("validFrom", &validFrom, "The first day on which they hold.")
        fields.field("validUntil", &validUntil, "The last day on which they hold; missing without an end.")
        fields.field("prices", &prices, .list(0...10_000), "The prices; none when the version was withdrawn.")
    }

    func check(_ faults: inout FaultList) {
        UniqueIDs.check(prices, list: "prices", member: "sku", &faults) { $0.key }
        guard let validUntil, validUntil < validFrom, faults.isSound(.name("validFrom")),
            faults.isSound(.name("validUntil"))
        else { return }
        faults.report(
            "range", at: .name("validUntil"), value: validUntil.description, says: "must not be before validFrom")
    }
}
