import Models
import Testing

@testable import OutboxRelay

/// Orders as a store has them.
enum ShopOrders {
    static func order(_ number: String, revision: Int64 = 1) throws -> Order {
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
        var order = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Order)
        (order.number, order.revision) = (number, revision)
        return order
    }

    /// What a store writes into the column `data`.
    static func data(_ payload: some Payload, as type: MessageType = Catalogue.orderPlaced) throws -> String {
        let envelope = Envelope(for: payload, as: type, source: "store:test", time: .now())
        let body = String(decoding: MessageWriter().write(envelope, payload), as: UTF8.self)
        let start = try #require(body.firstRange(of: #""data":"#)).upperBound
        return String(body[start...].dropLast())
    }

    /// A row as it waits.
    static func row(
        _ order: Order, type: String = "order.placed.v1", id: Int64 = 1, data: String? = nil,
        createdAt: String = "2026-11-28T09:30:00.250Z"
    ) throws -> OutboxRow {
        OutboxRow(
            id: id, messageID: "m-\(id)", type: type, subject: order.number, revision: order.revision,
            data: Array((try data ?? self.data(order)).utf8), traceParent: nil, createdAt: createdAt)
    }
}
