/// An account as the ERP keeps it, restated in full at each change: the body of `customer.v1`.
public struct Customer: Hashable, Sendable {
    /// The ERP's account number: the business key, and the envelope's `subject`.
    public var account: String
    /// Counts the restatements of this account from 1; equal to the envelope's `revision`.
    public var revision: Int64
    /// The company.
    public var name: String
    /// The tax registration number, as its country writes it.
    public var taxID: String?
    /// Where the invoice goes.
    public var billTo: Address?
    /// Where goods may go.
    public var shipTos: [ShipTo]
    /// The persons that can be asked.
    public var contacts: [Contact]
    /// What the account pays in: the currency of its credit and of its prices.
    public var currency: Currency
    /// How the account pays.
    public var terms: PaymentTerms?
    /// Whether it may pay against its own purchase order at all.
    public var isPurchaseOrderAllowed: Bool
    /// What it may owe; nil without a limit.
    public var creditLimit: ExactDecimal?
    /// What it owes, open orders that the ERP knows included. Below zero when it has paid ahead.
    public var creditUsed: ExactDecimal
    /// Why it gets nothing on credit now; nil when it is not on hold.
    public var hold: OrderStatus.Reason?
    /// The price lists that hold for it, the first before the second. Its own prices come before all of them.
    public var priceLists: [String]
    /// What it may see; nil when that is everything.
    public var assortment: Assortment?
    /// Whether it may buy at all.
    public var isActive: Bool

    /// All fields in their order.
    public init(
        account: String, revision: Int64, name: String, taxID: String? = nil, billTo: Address? = nil,
        shipTos: [ShipTo] = [], contacts: [Contact] = [], currency: Currency, terms: PaymentTerms? = nil,
        isPurchaseOrderAllowed: Bool, creditLimit: ExactDecimal? = nil, creditUsed: ExactDecimal,
        hold: OrderStatus.Reason? = nil, priceLists: [String] = [], assortment: Assortment? = nil, isActive: Bool
    ) {
        self.account = account
        self.revision = revision
        self.name = name
        self.taxID = taxID
        self.billTo = billTo
        self.shipTos = shipTos
        self.contacts = contacts
        self.currency = currency
        self.terms = terms
        self.isPurchaseOrderAllowed = isPurchaseOrderAllowed
        self.creditLimit = creditLimit
        self.creditUsed = creditUsed
        self.hold = hold
        self.priceLists = priceLists
        self.assortment = assortment
        self.isActive = isActive
    }

    /// What it may owe on top; nil without a limit. Below zero when it is over its limit. The contract sees to it that the
    /// difference can be written.
    public var creditLeft: ExactDecimal? { creditLimit?.subtracting(creditUsed) }
}

extension Customer: ContractObject {
    static var blank: Customer {
        Customer(
            account: "", revision: 0, name: "", currency: .blank, isPurchaseOrderAllowed: false, creditUsed: .zero,
            isActive: false)
    }
    static var schemaName: String { "Customer" }
    static var summary: String { "An account as the ERP keeps it, restated in full at each change." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("account", &account, .key, "The ERP's account number; equal to subject.")
        fields.field("revision", &revision, .revision, "Counts the restatements; equal to revision above.")
        fields.field("name", &name, .text(1...250), "The company.")
        fields.field("taxId", &taxID, .key, "The tax registration number, as its country writes it.")
        fields.field("billTo", &billTo, "Where the invoice goes.")
        fields.field("shipTos", &shipTos, .list(0...5_000), "Where goods may go.")
        fields.field("contacts", &contacts, .list(0...1_000), "The persons that can be asked.")
        fields.field("currency", &currency, "What the account pays in.")
        fields.field("terms", &terms, "How the account pays.")
        fields.field(
            "purchaseOrderAllowed", &isPurchaseOrderAllowed, "Whether it may pay against its own purchase order.")
        fields.field("creditLimit", &creditLimit, .amount, "What it may owe; missing without a limit.")
        fields.field("creditUsed", &creditUsed, .signedAmount, "What it owes; below zero when it has paid ahead.")
        fields.field("hold", &hold, "Why it gets nothing on credit now; missing when it is not on hold.")
        fields.field("priceLists", &priceLists, .list(0...50, of: .key), "Its price lists, in their order.")
        fields.field("assortment", &assortment, "What it may see; missing when that is everything.")
        fields.field("active", &isActive, "Whether it may buy at all.")
        CurrencyDecimals.describe(&fields) { ["creditLimit": $0, "creditUsed": $0] }
    }

    func check(_ faults: inout FaultList) {
        UniqueIDs.check(shipTos, list: "shipTos", member: "id", &faults) { $0.id }
        guard faults.isSound(.name("currency")) else { return }
        check("creditLimit", creditLimit, &faults)
        check("creditUsed", creditUsed, &faults)
        checkDifference(&faults)
    }

    private func checkDifference(_ faults: inout FaultList) {
        guard creditLimit != nil, creditLeft == nil else { return }
        faults.report(
            "range", at: .name("creditUsed"), value: creditUsed.description,
            says: "must leave of creditLimit what has at most 18 digits")
    }

    private func check(_ name: StaticString, _ amount: ExactDecimal?, _ faults: inout FaultList) {
        guard let amount, amount.scale > currency.minorUnits, faults.isSound(.name(name)) else { return }
        faults.report(
            CurrencyDecimals.rule, at: .name(name), value: amount.description,
            says: CurrencyDecimals.predicate(currency))
    }
}
