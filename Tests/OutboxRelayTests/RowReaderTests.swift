import Models
import RabbitMQ
import Testing

@testable import OutboxRelay

@Suite("A row and the message that it becomes")
struct RowReaderTests {
    private let reader = RowReader(source: "store:test")

    private func message(_ row: OutboxRow) throws -> RelayedRow {
        guard case .message(let message) = reader.read(row) else {
            throw UnexpectedVerdict(text: "\(reader.read(row))")
        }
        return message
    }

    private func refusal(_ row: OutboxRow) throws -> RowRefusal {
        guard case .refused(let refusal) = reader.read(row) else {
            throw UnexpectedVerdict(text: "\(reader.read(row))")
        }
        return refusal
    }

    private struct UnexpectedVerdict: Error {
        var text: String
    }

    @Test("the envelope is made of the columns, the properties mirror it, and every reader takes the body")
    func envelope() throws {
        var row = try ShopOrders.row(try ShopOrders.order("W-7", revision: 3), type: "order.amended.v1", id: 12)
        row.traceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let relayed = try message(row)
        let received = try MessageReader().read(relayed.message.body)
        #expect(received.envelope.id == "m-12" && received.envelope.source == "store:test")
        #expect(received.envelope.subject == "W-7" && received.envelope.revision == 3)
        #expect(received.envelope.time.description == "2026-11-28T09:30:00.250Z")
        #expect(received.envelope.traceParent == row.traceParent)
        let order = try ShopOrders.order("W-7", revision: 3)
        #expect(received.payload as? Order == order)
        #expect(relayed.lane == .init(queue: "orders.to-erp", subject: "W-7"))
        let properties = relayed.message.properties
        #expect(relayed.message.exchange == "commerce" && relayed.message.routingKey == "order.amended.v1")
        #expect(properties.messageID == "m-12" && properties.type == "order.amended.v1")
        #expect(properties.appID == "store:test" && properties.deliveryMode == 2)
        #expect(properties.contentType == "application/cloudevents+json")
        #expect(properties.headers["cloudEvents_subject"] == .string("W-7"))
        #expect(properties.headers["cloudEvents_revision"] == .int64(3))
        #expect(properties.headers["traceparent"] == .string(row.traceParent ?? ""))
    }

    @Test("what the contract does not know stays in data, byte for byte")
    func unknownMembers() throws {
        let order = try ShopOrders.order("W-1")
        let data = "{ \"shopOwn\" : [1, 2.50],\n" + String(try ShopOrders.data(order).dropFirst())
        let body = String(decoding: try message(try ShopOrders.row(order, data: data)).message.body, as: UTF8.self)
        #expect(body.hasSuffix(#","data":"# + data + "}"))
    }

    @Test("a malformed trace context is left out, and is no fault")
    func trace() throws {
        var row = try ShopOrders.row(try ShopOrders.order("W-1"))
        row.traceParent = "nonsense"
        let relayed = try message(row)
        #expect(relayed.message.properties.headers["traceparent"] == nil)
        #expect(!String(decoding: relayed.message.body, as: UTF8.self).contains("traceparent"))
    }

    @Test("every fault is named with its place")
    func faults() throws {
        let order = try ShopOrders.order("W-1")
        let data = try ShopOrders.data(order).replacing(#""quantity":"250""#, with: #""quantity":"many""#)
            .replacing(#""currency":"USD""#, with: #""currency":"dollars""#)
        let refusal = try refusal(try ShopOrders.row(order, id: 9, data: data))
        #expect(refusal.id == 9 && refusal.code == "malformed.field")
        #expect(Set(refusal.places).isSuperset(of: ["/data/lines/0/quantity", "/data/currency"]))
        #expect(refusal.text.contains("/data/lines/0/quantity") && refusal.text.contains("/data/currency"))
    }

    @Test("a subject, or a revision, that is another one than in data is refused", arguments: ["subject", "revision"])
    func disagreement(column: String) throws {
        var row = try ShopOrders.row(try ShopOrders.order("W-1"))
        if column == "subject" { row.subject = "W-2" } else { row.revision = 2 }
        #expect(try refusal(row).places == ["/" + column])
    }

    @Test(
        "data that is no object of its own cannot say anything about the envelope",
        arguments: ["", "[]", "{", #"{"a":1},"source":"store:other""#, #"{"a":1}} {"#, "null"])
    func injection(data: String) throws {
        let refused = try refusal(try ShopOrders.row(try ShopOrders.order("W-1"), data: data))
        #expect(refused.code.hasPrefix("malformed."))
    }

    @Test("an unknown type is refused, and a question too: nobody waits for an answer that comes late")
    func types() throws {
        let order = try ShopOrders.order("W-1")
        #expect(try refusal(try ShopOrders.row(order, type: "order.placd.v1")).code == "unsupported.type")
        #expect(try refusal(try ShopOrders.row(order, type: "order.placed.v9")).code == "unsupported.version")
        let example = try #require(Catalogue.examples(for: Catalogue.quoteRequested).first)
        let question = try MessageReader().read(Array(example.text.utf8))
        let envelope = question.envelope
        let data = try ShopOrders.data(try #require(question.payload as? QuoteRequest), as: question.type)
        let row = OutboxRow(
            id: 1, messageID: "m-1", type: envelope.type, subject: envelope.subject, revision: envelope.revision,
            data: Array(data.utf8), traceParent: nil, createdAt: "2026-11-28T09:30:00Z")
        #expect(try refusal(row).code == "outbox.not-relayed")
    }

    @Test("a time as SQLite writes it by itself is taken, any other is refused by its place")
    func times() throws {
        let order = try ShopOrders.order("W-1")
        let row = try message(try ShopOrders.row(order, createdAt: "2026-11-28 09:30:00"))
        #expect(row.message.properties.timestamp == 1_795_858_200)
        #expect(try refusal(try ShopOrders.row(order, createdAt: "28.11.2026 09:30")).places == ["/time"])
    }

    @Test("what is longer than a message may be is refused")
    func tooLong() throws {
        let order = try ShopOrders.order("W-1")
        let filler = String(repeating: "x", count: 1 << 20)
        let data = #"{"filler":"\#(filler)","# + String(try ShopOrders.data(order).dropFirst())
        #expect(try refusal(try ShopOrders.row(order, data: data)).code == "malformed.too-large")
        // So much that only the envelope makes it too long.
        let most = String(repeating: "x", count: (1 << 20) - 14 - (try ShopOrders.data(order).utf8.count))
        let full = #"{"filler":"\#(most)","# + String(try ShopOrders.data(order).dropFirst())
        #expect(full.utf8.count <= 1 << 20)
        #expect(try refusal(try ShopOrders.row(order, data: full)).code == "malformed.too-large")
    }
}
