extension Catalogue {
    /// A message as a producer would send it.
    public struct Example: Hashable, Sendable {
        /// Unique among all examples; begins with the type's name.
        public let name: String
        /// The structured-mode body, indented for people.
        public let text: String
    }

    /// Messages of the type, the plainest first.
    public static func examples(for type: MessageType) -> [Example] {
        switch type {
        case orderPlaced:
            [
                example(1, type, ExampleOrders.placed, "store:web"),
                example(2, type, ExampleOrders.prepaid, "store:web", suffix: ".prepaid"),
            ]
        case orderAmended: [example(3, type, ExampleOrders.amended, "store:web")]
        case orderCancelled: [example(4, type, ExampleOrders.cancelled, "store:web")]
        case orderStatus:
            [
                example(5, type, ExampleStatuses.accepted, "erp:main"),
                example(6, type, ExampleStatuses.withChanges, "erp:main", suffix: ".with-changes"),
                example(19, type, ExampleStatuses.settled, "erp:main", suffix: ".settled"),
            ]
        case orderOffline: [example(7, type, ExampleStatuses.offline, "erp:main")]
        case product: [example(8, type, ExampleGoods.bolt, "erp:main")]
        case stock: [example(9, type, ExampleGoods.boltsInTacoma, "erp:main")]
        case shipment: [example(10, type, ExampleShipments.boltsFromTacoma, "erp:main")]
        case customer: [example(11, type, ExampleCustomers.northwind, "erp:main")]
        case contractPrices:
            [
                example(12, type, ExampleCustomers.northwindPrices, "erp:main"),
                example(13, type, ExampleCustomers.westCoastPrices, "erp:main", suffix: ".price-list"),
            ]
        case quoteRequested: [example(16, type, ExampleQuotes.question, "store:web")]
        case quoteAnswered:
            [
                example(17, type, ExampleQuotes.live, "urn:stevedore:fleet"),
                example(18, type, ExampleQuotes.withoutERP, "urn:stevedore:fleet", suffix: ".without-erp"),
            ]
        case alertRaised:
            [
                example(14, type, ExampleAlerts.unknownSKU, "urn:stevedore:fleet"),
                example(15, type, ExampleAlerts.lateAnswer, "urn:stevedore:fleet", suffix: ".resolved"),
            ]
        default: []
        }
    }

    private static func example(
        _ serial: Int, _ type: MessageType, _ payload: some Payload, _ source: String, suffix: String = ""
    ) -> Example {
        let envelope = Envelope(
            for: payload, as: type, source: source, time: ExampleOrders.time,
            id: "019ca9e6-1400-7000-8000-0000000000" + (serial < 10 ? "0\(serial)" : "\(serial)"),
            traceParent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        let body = MessageWriter(isPretty: true).write(envelope, payload)
        return Example(name: type.name + suffix, text: String(decoding: body, as: UTF8.self) + "\n")
    }
}
