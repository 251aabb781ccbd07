/// An order, by the number of whoever took it.
public enum OrderReference: Hashable, Sendable {
    /// Taken by the store: the store's number.
    case online(String)
    /// Keyed in the ERP: the ERP's number.
    case offline(String)

    /// The number.
    public var number: String {
        switch self {
        case .online(let number), .offline(let number): number
        }
    }
}

extension OrderReference: ContractObject {
    static var blank: OrderReference { .online("") }
    static var schemaName: String { "OrderReference" }
    static var summary: String { "An order: either by the store's number or, when it was keyed there, by the ERP's." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        var (number, erpNumber) = parts
        fields.field("number", &number, .key, "The store's number of an order that the store took.")
        fields.field("erpNumber", &erpNumber, .key, "The ERP's number of an order that was keyed there.")
        fields.oneOf("number", number, "erpNumber", erpNumber, "or erpNumber must be there, and not both")
        if let number { self = .online(number) }
        if let erpNumber { self = .offline(erpNumber) }
    }

    private var parts: (number: String?, erpNumber: String?) {
        switch self {
        case .online(let number): (number, nil)
        case .offline(let number): (nil, number)
        }
    }
}
