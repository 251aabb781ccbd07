/// A place that an account's goods may go to.
public struct ShipTo: Hashable, Sendable {
    /// The ERP's key of the place, unique within the account.
    public var id: String
    /// Where it is.
    public var address: Address

    /// All fields in their order.
    public init(id: String, address: Address) {
        self.id = id
        self.address = address
    }
}

extension ShipTo: ContractObject {
    static var blank: ShipTo { ShipTo(id: "", address: .blank) }
    static var schemaName: String { "ShipTo" }
    static var summary: String { "A place that an account's goods may go to." }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("id", &id, .key, "The ERP's key of the place, unique within the account.")
        fields.field("address", &address, "Where it is.")
    }
}
