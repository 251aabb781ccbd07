/// Goods of one order that leave one warehouse together, restated in full at each change: the body of `shipment.v1`.
public struct Shipment: Hashable, Sendable {
    /// The ERP's shipment number: the business key, and the envelope's `subject`.
    public var id: String
    /// Counts the restatements of this shipment from 1; equal to the envelope's `revision`.
    public var revision: Int64
    /// The order that the goods were ordered with.
    public var order: OrderReference
    /// The warehouse they leave.
    public var warehouse: String
    /// Where the goods are.
    public var state: State
    /// The carrier's code, as agreed between store and ERP: a link template belongs to it.
    public var carrier: String?
    /// What the carrier calls the way of sending, for example `GROUND`.
    public var service: String?
    /// One for each parcel, where the carrier gives them one.
    public var trackingNumbers: [String]
    /// The day the goods left.
    public var shipDate: CalendarDate?
    /// What is in it.
    public var lines: [ShipmentLine]

    /// Where a shipment's goods are.
    public enum State: String, Hashable, Sendable, CaseIterable {
        case packed, shipped, delivered, returned
    }

    /// All fields in their order.
    public init(
        id: String, revision: Int64, order: OrderReference, warehouse: String, state: State, carrier: String? = nil,
        service: String? = nil, trackingNumbers: [String] = [], shipDate: CalendarDate? = nil, lines: [ShipmentLine]
    ) {
        self.id = id
        self.revision = revision
        self.order = order
        self.warehouse = warehouse
        self.state = state
        self.carrier = carrier
        self.service = service
        self.trackingNumbers = trackingNumbers
        self.shipDate = shipDate
        self.lines = lines
    }
}

extension Shipment: ContractObject {
    static var blank: Shipment {
        Shipment(id: "", revision: 0, order: .blank, warehouse: "", state: .blank, lines: [])
    }
    static var schemaName: String { "Shipment" }
    static var summary: String {
        "Goods of one order that leave one warehouse together, restated in full at each change."
    }

    mutating func visit(_ fields: inout some FieldVisitor) {
        fields.field("id", &id, .key, "The ERP's shipment number; equal to subject.")
        fields.field("revision", &revision, .revision, "Counts the restatements; equal to revision above.")
        fields.field("order", &order, "The order that the goods were ordered with.")
        fields.field("warehouse", &warehouse, .key, "The warehouse they leave.")
        fields.field("state", &state, "Where the goods are.")
        fields.field("carrier", &carrier, .key, "The carrier's code, as agreed between store and ERP.")
        fields.field("service", &service, .text(1...120), "What the carrier calls the way of sending.")
        fields.field(
            "trackingNumbers", &trackingNumbers, .list(0...500, of: .trackingNumber), "One for each parcel.")
        fields.field("shipDate", &shipDate, "The day the goods left.")
        fields.field("lines", &lines, .list(0...10_000), "What is in it; none when it was dissolved.")
    }
}

extension Shipment.State: ContractChoice {
    static let blank = Self.packed
}
