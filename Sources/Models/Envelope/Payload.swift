/// What a message says about its subject: the whole object, restated at a revision.
public protocol Payload: Hashable, Sendable {
    /// The business key, equal to the envelope's `subject`.
    var subject: String { get }
    /// Equal to the envelope's `revision`.
    var revision: Int64 { get }
}

extension Payload {
    /// What a reader would refuse this payload for; empty when it keeps its contract. Costs a writing and a reading.
    public var contractFaults: [Fault] {
        guard let payload = self as? any ContractPayload else {
            return [Fault(pointer: "/data", rule: "unsupported", value: "", sentence: "data is of no known contract")]
        }
        return payload.ownFaults
    }

    /// This payload, its contract kept as far as that takes nothing from what it says: free text is cut to size, and a field
    /// that may be missing goes when it is at fault. Other ``contractFaults`` remain.
    public func mended() -> Self {
        guard var payload = self as? any ContractPayload else { return self }
        payload.mendItself()
        return payload as? Self ?? self
    }
}

extension ContractObject {
    fileprivate var ownFaults: [Fault] { faults(NoRule()) }

    fileprivate mutating func mendItself() {
        mend(NoRule())
    }
}

/// A payload whose contract is declared here.
protocol ContractPayload: Payload, ContractObject {
    /// The members that the subject is made of: one, or several joined as ``SubjectKey`` does.
    static var subjectFields: [StaticString] { get }
    /// How they make it, in words.
    static var subjectForm: String { get }
}

extension ContractPayload {
    static var subjectForm: String { subjectFields.map { "data.\($0)" }.joined(separator: "/") }
}

extension Order: ContractPayload {
    static var subjectFields: [StaticString] { ["number"] }
    /// The store's order number.
    public var subject: String { number }
}

extension OrderStatus: ContractPayload {
    static var subjectFields: [StaticString] { ["number"] }
    /// The store's order number.
    public var subject: String { number }
}

extension OfflineOrder: ContractPayload {
    static var subjectFields: [StaticString] { ["number"] }
    /// The ERP's order number.
    public var subject: String { number }
}

extension Product: ContractPayload {
    static var subjectFields: [StaticString] { ["sku"] }
    /// The SKU.
    public var subject: String { sku }
}

extension Stock: ContractPayload {
    static var subjectFields: [StaticString] { ["sku", "warehouse"] }
    /// SKU and warehouse: `BOLT-M8-40/TAC`.
    public var subject: String { SubjectKey.joined(sku, warehouse) }
}

extension Shipment: ContractPayload {
    static var subjectFields: [StaticString] { ["id"] }
    /// The shipment's number.
    public var subject: String { id }
}

extension Customer: ContractPayload {
    static var subjectFields: [StaticString] { ["account"] }
    /// The account's number.
    public var subject: String { account }
}

extension Alert: ContractPayload {
    static var subjectFields: [StaticString] { ["key"] }
    /// What it is about.
    public var subject: String { key }
}

extension QuoteRequest: ContractPayload {
    static var subjectFields: [StaticString] { ["id"] }
    /// The question's id.
    public var subject: String { id }
}

extension QuoteAnswer: ContractPayload {
    static var subjectFields: [StaticString] { ["id"] }
    /// The question's id.
    public var subject: String { id }
}

extension ContractPrices: ContractPayload {
    static var subjectFields: [StaticString] { ["account", "priceList", "priceVersion", "part"] }
    static var subjectForm: String { "account or price-list, its key, data.priceVersion and data.part, joined by /" }
    /// Holder, version and part: `account/C-2044/2026-Q1`, `price-list/WEST/2026-Q1/BOLT-M8-40`.
    public var subject: String {
        SubjectKey.joined([holder.kind, holder.key, priceVersion] + [part].compactMap(\.self))
    }
}
