/// The shipments in the examples.
enum ExampleShipments {
    static let boltsFromTacoma = Shipment(
        id: "SH-9120", revision: 2, order: .online("W-1001"), warehouse: "TAC", state: .shipped, carrier: "UPS",
        service: "GROUND", trackingNumbers: ["1Z999AA10123456784", "1Z999AA10123456793"],
        shipDate: CalendarDate("2026-03-06"),
        lines: [ShipmentLine(lineID: "1", sku: "BOLT-M8-40", quantity: ExampleOrders.decimal("100"))])
}
