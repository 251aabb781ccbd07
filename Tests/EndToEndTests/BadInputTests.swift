import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("A message that breaks its contract", .needsBroker, .timeLimit(.minutes(10)))
struct BadInputTests {
    @Test("is dead-lettered at once, byte for byte, with its code and every fault; good orders around it go through")
    func refused() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker()
            let fields = try BadMessage.fields()
            let bad = try BadMessage.bodies() + BadMessage.envelopes() + fields.map(\.0)
            let good = bad.indices.map { "good-\($0)" }
            for (index, bad) in bad.enumerated() {
                try await rig.publish([bad.message, OrderMessages.message(try OrderMessages.order(good[index]))])
            }
            try await rig.waitForOrders(good)
            try await eventually("all \(bad.count) dead letters") { try await rig.deadLetters() == bad.count }
            let letters = Dictionary(grouping: try await rig.letters()) { $0.properties.messageID ?? "" }
            for bad in bad { try check(bad, letters) }
            for (bad, pointers) in fields { check(letters[bad.name]?.first, pointers) }
            let retries = try await rig.ledger { snapshot in
                try snapshot.first("SELECT count(*) FROM journal WHERE stage = 'retried'") { $0.integer(0) }
            }
            #expect(retries == 0)
            #expect(worker.isRunning)
            try await rig.expectOnce(good)
            try await rig.expectShownOnce(good)
            try await rig.stop(worker)
        }
    }

    private func check(_ bad: BadMessage, _ letters: [String: [Delivery]]) throws {
        #expect(letters[bad.name]?.count == 1, "\(bad.name)")
        let letter = try #require(letters[bad.name]?.first, "\(bad.name)")
        #expect(letter.body.bytes == bad.message.body, "\(bad.name)")
        let headers = letter.properties.headers
        #expect(headers[MessageHeader.code]?.text == bad.code, "\(bad.name)")
        #expect(headers[MessageHeader.category]?.text == "malformed", "\(bad.name)")
        #expect(headers[MessageHeader.attempt]?.integer == 1, "\(bad.name)")
        #expect(headers[MessageHeader.sentence]?.text?.isEmpty == false, "\(bad.name)")
        let remedy = headers[MessageHeader.remedy]?.text ?? ""
        #expect(!remedy.isEmpty, "\(bad.name)")
        if bad.code == "unsupported.version" { #expect(remedy.contains("Upgrade needed")) }
    }

    private func check(_ letter: Delivery?, _ pointers: [String]) {
        let faults = letter?.properties.headers[MessageHeader.faults]?.text ?? ""
        for pointer in pointers { #expect(faults.contains(pointer), "\(faults)") }
        #expect(faults.split(separator: "\n").count >= pointers.count)
    }

    @Test("costs the orders behind it no time, even while the dead-letter queue itself is out of reach")
    func delaysNobody() async throws {
        try await Rig.with { rig in
            let dead = FleetTopology.deadQueue("orders.to-erp")
            try await rig.withAdmin { admin in
                try await admin.unbind(.init(exchange: FleetTopology.deadExchange, queue: dead, routingKey: dead))
            }
            try await rig.publish((0..<5).map { OrderMessages.raw(Array("{".utf8), id: "bad-\($0)") })
            let worker = try rig.startWorker()
            let numbers = try await rig.place((0..<40).map { "prompt-\($0)" })
            // Nothing mends the dead-letter queue meanwhile: an order that waited for it would wait for ever.
            try await rig.waitForOrders(numbers)
            #expect(try await rig.deadLetters() == 0)
            try await rig.applyTopology()
            try await eventually(within: .seconds(60), "the dead letters") { try await rig.deadLetters() == 5 }
            try await rig.stop(worker)
        }
    }

    @Test("by fields that nobody knows does not break it: the order is applied and the body kept as it came")
    func extraFields() async throws {
        try await Rig.with { rig in
            var message = OrderMessages.message(try OrderMessages.order("roomy"))
            message.body = message.replacing(
                "\"purchaseOrderNumber\"", "\"loyalty\":{\"points\":[1,2.5,null]},\"purchaseOrderNumber\"")
            message.body = message.replacing("\"specversion\"", "\"tenant\":\"north\",\"specversion\"")
            let worker = try rig.startWorker()
            try await rig.publish([message])
            try await rig.waitForOrders(["roomy"])
            let id = try #require(message.properties.messageID)
            #expect(try await rig.ledger { try $0.payload(id: id)?.body } == message.body)
            try await rig.stop(worker)
        }
    }

    @Test("by a newer schema of the same version does not break it")
    func newerSchema() async throws {
        try await Rig.with { rig in
            var message = OrderMessages.message(try OrderMessages.order("modern"))
            message.body = message.replacing("\"dataschema\":\"", "\"dataschema\":\"https://schemas.example/2031/")
            message.body = message.replacing(
                "\"purchaseOrderNumber\"", "\"carbon\":\"2.5\",\"purchaseOrderNumber\"")
            let worker = try rig.startWorker()
            try await rig.publish([message])
            try await rig.waitForOrders(["modern"])
            try await rig.expectOnce(["modern"])
            try await rig.expectShownOnce(["modern"])
            #expect(try await rig.deadLetters() == 0)
            try await rig.stop(worker)
        }
    }

    /// Order numbers and names that mean something to a database, a spreadsheet, a browser, a file system or a terminal.
    static let hostile = [
        "'; DROP TABLE store_order;--", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "../../etc/passwd",
        "%2e%2e%2f", "a?b=c&d#e", "\u{1F6D2}\u{8A02}\u{55AE}", "\u{202E}gnp.exe", "{{7*7}}", "\\\"quoted\\",
    ]

    @Test("only in the eyes of others, by hostile text in every field, is brought, shown and kept as it came")
    func hostileTexts() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker(["ERP_CANCELLED_ORDERS": "send"])
            var messages: [OutgoingMessage] = []
            for text in Self.hostile {
                var order = try OrderMessages.order(text)
                order.contact.name = "Eve\r\nBcc: all@example.com \(text)"
                order.shipTo.name = text
                order.purchaseOrderNumber = text
                messages.append(OrderMessages.message(order))
                order.revision = 2
                messages.append(OrderMessages.message(order, as: Catalogue.orderCancelled))
            }
            try await rig.publish(messages)
            try await rig.waitForOrders(Self.hostile, revision: 2)
            try await rig.waitUntilQuiet()
            try await rig.expectOnce(Self.hostile, writes: nil)
            try await rig.expectShownOnce(Self.hostile)
            for text in Self.hostile { #expect(try await rig.shownState(text) == "cancelled", "\(text)") }
            for message in messages {
                let id = try #require(message.properties.messageID)
                let stages = try await rig.ledger { try $0.journalEntries(messageID: id).map(\.stage) }
                guard stages.contains("applied") else { continue }
                #expect(try await rig.ledger { try $0.payload(id: id)?.body } == message.body)
            }
            // No line of the log was made by a message: each begins as all others do.
            #expect(worker.errors.allSatisfy { $0.hasPrefix("time=") })
            try await rig.stop(worker)
        }
    }

    @Test("only to the eye: two numbers that look alike, composed and decomposed, are two orders")
    func twins() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker()
            let twins = ["caf\u{E9}", "cafe\u{301}"]
            try await rig.publish(twins.map { OrderMessages.message(try OrderMessages.order($0)) })
            try await eventually(within: .seconds(60), "both orders to be shown") {
                try await rig.ledger { snapshot in
                    try snapshot.query("SELECT number FROM store_order WHERE answered_revision = 1") { $0.text(0) }
                }.count == 2
            }
            let shown = try await rig.ledger { snapshot in
                try snapshot.query("SELECT number FROM store_order") { Array($0.text(0).utf8) }
            }
            #expect(Set(shown) == Set(twins.map { Array($0.utf8) }))
            let summary = try await rig.simulator.summary()
            #expect(summary.orders == 2 && summary.creates == 2)
            try await rig.stop(worker)
        }
    }

    @Test("by its size alone costs little more memory than it has, becomes a dead letter, and holds up no order")
    func hugeBody() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker()
            try await WorkerHealth(of: worker).waitUntilReady()
            try await rig.place(["before"])
            try await rig.waitForOrders(["before"])
            let usual = try #require(worker.residentMemory)
            let size = 60 << 20
            let body = [UInt8](repeating: UInt8(ascii: "["), count: size)
            let outcomes = await rig.publisher.publish(
                [OrderMessages.raw(body, id: "huge")], timeout: .seconds(120))
            #expect(outcomes == [.confirmed])
            try await rig.place(["after"])
            var most = usual
            try await eventually(within: .seconds(120), "the dead letter") {
                most = max(most, worker.residentMemory ?? 0)
                return try await rig.deadLetters() == 1
            }
            #expect(most - usual < 3 * size, "\((most - usual) >> 20) MB more")
            try await rig.waitForOrders(["after"])
            try await rig.expectOnce(["before", "after"])
            try await rig.expectShownOnce(["before", "after"])
            try await rig.stop(worker)
        }
    }

    @Test("in its AMQP headers alone is handled all the same, retries included; no foreign header steers it")
    func headerAbuse() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            let messages = try Self.abused()
            // Another user than the producer's, who may not publish under the producer's name.
            let worker = try rig.startWorker(["AMQP_URLS": try await rig.host.addUser()])
            // A few at a time: the fleet takes an ERP that fails many in a row for one that is away.
            for start in stride(from: 0, to: messages.count, by: 4) {
                let group = messages[start..<min(start + 4, messages.count)]
                try await rig.simulator.fault(
                    #"{"kind":"error","method":"POST","path":"/orders","count":\#(group.count)}"#)
                try await rig.publish(group.map(\.message))
                try await rig.waitForOrders(group.map(\.number).filter { $0 != "forged-attempt" })
            }
            try await eventually("the one that claims a million attempts") { try await rig.deadLetters() == 1 }
            try await eventually("everything to be settled") { try await rig.backlog(of: "orders.to-erp") == 0 }
            let summary = try await rig.simulator.summary()
            #expect(summary.duplicates == [])
            let letter = try #require(try await rig.letters().first)
            #expect(letter.properties.headers["x-death"] == nil)
            try await rig.stop(worker)
        }
    }

    private static func abused() throws -> [(number: String, message: OutgoingMessage)] {
        let death: FieldValue = .table([
            "queue": "orders.to-erp", "reason": "expired", "count": 1, "exchange": "commerce",
        ])
        let abuses: [(String, (inout MessageProperties) -> Void)] = [
            ("x-death", { $0.headers["x-death"] = .array(Array(repeating: death, count: 500)) }),
            ("x-death-text", { $0.headers["x-death"] = "yesterday" }),
            ("delivery-count", { $0.headers["x-delivery-count"] = 1_000 }),
            ("attempt-text", { $0.headers[MessageHeader.attempt] = "many" }),
            ("forged-attempt", { $0.headers[MessageHeader.attempt] = .int64(.max) }),
            ("attempt-negative", { $0.headers[MessageHeader.attempt] = .int64(.min) }),
            ("first-failed", { $0.headers[MessageHeader.firstFailedAt] = "<script>\r\n" }),
            ("traceparent", { $0.headers["traceparent"] = "00-zz" }),
            ("user-id", { $0.userID = "guest" }),
            ("carbon-copy", { $0.headers["CC"] = .array(["order.amended.v1"]) }),
            ("priority", { $0.priority = 255 }),
            ("timestamp", { $0.timestamp = .max }),
            ("nested", { $0.headers["deep"] = nest(15) }),
            ("not-text", { $0.headers["cloudEvents_id"] = .bytes([0xFF, 0xFE]) }),
        ]
        return try abuses.map { name, abuse in
            var message = OrderMessages.message(try OrderMessages.order(name))
            abuse(&message.properties)
            return (name, message)
        }
    }

    private static func nest(_ depth: Int) -> FieldValue {
        (0..<depth).reduce(.int64(1)) { inner, _ in .array([inner]) }
    }

    @Test("in what the broker checks itself is refused to the producer alone")
    func expiration() async throws {
        try await Rig.with { rig in
            var bad = OrderMessages.message(try OrderMessages.order("abc"))
            bad.properties.expiration = "abc"
            let worker = try rig.startWorker()
            // The broker closes the channel for it without saying which it was: what was under way is unknown at first,
            // and told apart when it is published again.
            let around = [
                OrderMessages.message(try OrderMessages.order("before")), bad,
                OrderMessages.message(try OrderMessages.order("after")),
            ]
            let first = await rig.publisher.publish(around)
            let again = zip(around, first).filter { $0.1 != .confirmed }.map(\.0)
            let second = await rig.publisher.publish(again)
            #expect(second.filter { $0 == .confirmed }.count == again.count - 1, "\(second)")
            let refusals = (first + second).compactMap { outcome in
                if case .notSent(.preconditionFailed(let text)) = outcome { text } else { nil }
            }
            let text = try #require(refusals.first, "\(first) \(second)")
            #expect(text.contains("abc"))
            try await rig.waitForOrders(["before", "after"])
            try await rig.stop(worker)
        }
    }
}
