import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import Fleet
@testable import Stevedore

/// What machines read is no person's, whatever the person is called.
@Suite("Erasing words")
struct EraseWordsTests {
    /// An order of theirs whose contact and company are called like everything else.
    private static func order(_ number: String, name: String, company: String = "Acme") throws -> Order {
        var order = try EraseDesk.order(number)
        order.contact = Contact(name: name, email: EraseDesk.canaries[1])
        order.shipTo.company = company
        return order
    }

    private static func keep(
        _ order: Order, id: String, _ desk: EraseDesk, _ properties: [String: String] = [:]
    ) async throws {
        let body = EraseDesk.body(order, Catalogue.orderPlaced, id: id)
        try await desk.ledger.write { transaction in
            _ = try transaction.claimAndComplete(WhyDesk.key("order", order.number, 1), holder: "w", now: 1)
            try transaction.storePayload(id: id, body: body, properties: properties, at: 1)
        }
    }

    private static func note(
        _ subject: String, _ type: String, _ detail: String, id: String = "m-x", _ desk: EraseDesk
    ) async throws {
        try await desk.ledger.write { transaction in
            try transaction.journal(
                JournalEntry(
                    at: 1, messageID: id, type: type, subject: subject, stage: "retried", code: "order.x",
                    detail: detail))
        }
    }

    private static func texts(_ sql: String, _ desk: EraseDesk) async throws -> [String] {
        try await desk.ledger.read { try $0.query(text: sql) { $0.text(0) } }
    }

    // MARK: - Columns

    /// Columns of the ledger's file that nobody reads as a sentence, by name.
    private static let structural: Set<String> = [
        "account", "acknowledged_by", "action", "alert", "allocated", "amount", "assignee", "at", "available",
        "backordered", "by", "carrier", "category", "changed_at", "changed_by", "channel", "class", "clock",
        "closed_by", "code",
        "component", "content_type", "correlation_id", "credit_left", "credit_limit", "credit_used", "currency",
        "cursor", "date", "description", "destination", "digest", "discount", "edited_as", "edited_from", "erp_number",
        "exchange", "family", "fingerprint", "flow", "goods", "gtin", "headers", "hold_code", "holder", "holder_kind",
        "id", "key", "kind", "language", "last_code", "lease_holder", "letter", "line_id", "link_template",
        "list_price", "mark", "message", "message_id", "minimum_quantity", "name", "next_receipt_date", "number",
        "occasion", "on_hand", "ordered", "origin", "part", "pass", "planned_by", "payload", "phase", "payment_method",
        "payment_reference", "placed_at", "preferred_warehouse", "price_list", "price_version", "product_group",
        "promised_date", "properties", "purchase_order_number", "quantity", "quantity_step", "queue", "reason_code",
        "recipient", "reference", "region", "replacement_sku", "requested_date", "reserved", "routing_key", "rule",
        "service", "severity", "ship_date", "shipment", "shipped", "shipping", "shipping_method", "sku", "stage",
        "state", "status", "stream", "subject", "substitute_sku", "task", "tax", "tax_class", "terms", "terms_code",
        "total", "trace_id", "tracking_number", "trail", "type", "unit", "unit_price", "valid_from", "valid_until",
        "value", "warehouse", "weight", "weight_unit", "worker", "bill_to_region", "bill_to_country", "ship_to_region",
        "ship_to_country", "country", "quantity_micro", "basis", "quoted", "settled", "difference",
    ]

    @Test("of every text in the file it is said whether people read it, and only such is looked through")
    func columns() async throws {
        try await EraseDesk.with { desk in
            let looked = try await desk.ledger.read { Set(try EraseTextTable.all($0).flatMap(\.columns)) }
            let all = try await desk.ledger.read { snapshot in
                try snapshot.query(
                    text: """
                        SELECT t.name, c.name FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
                        WHERE t.schema = 'main' AND t.type = 'table' AND upper(c.type) = 'TEXT' AND c.pk = 0
                            AND t.name NOT LIKE 'sqlite%'
                        """
                ) { (table: $0.text(0), column: $0.text(1)) }
            }
            for (table, column) in all where !EraseStore.holds(column, of: table) {
                let isLooked = looked.contains("\(table).\(column)")
                let isKnown = isLooked != Self.structural.contains(column)
                #expect(isKnown, "\(table).\(column): a sentence (EraseProse), or for machines (here)?")
            }
            #expect(looked.contains("journal.detail"))
            #expect(looked.contains("broker_finding.sentence"))
        }
    }

    @Test("a price list that is called like the company stays, and so does what refers to it")
    func priceList() async throws {
        try await EraseDesk.with { desk in
            try await Self.keep(try Self.order("W-1", name: "Order"), id: "m-1", desk)
            try await desk.ledger.write { transaction in
                try transaction.execute(
                    "INSERT INTO store_customer_price_list VALUES (?, 1, 'ACME')", .text(EraseDesk.account))
                try transaction.execute(
                    "UPDATE subject_state SET reference = 'ACME', state = 'order' WHERE subject = 'W-1'")
            }
            _ = try await desk.erase()
            let lists = try await Self.texts("SELECT price_list FROM store_customer_price_list", desk)
            let references = try await Self.texts("SELECT reference || ' ' || state FROM subject_state", desk)
            #expect(lists == ["ACME"])
            #expect(references == ["ACME order"])
        }
    }

    @Test("headers for machines stay, and a sentence beside them does not")
    func properties() async throws {
        try await EraseDesk.with { desk in
            let before = [
                "type": "order.placed.v1", "message_id": "order-1", "headers.stevedore-code": "order.refused",
                "headers.cloudEvents_subject": "ACME", "headers.x-list": "ACME",
                "headers.stevedore-sentence": "The order of Acme waits.", "headers.x-note": "Acme pays late",
            ]
            try await Self.keep(try Self.order("W-1", name: "Order"), id: "m-1", desk, before)
            _ = try await desk.erase()
            let kept = try await desk.ledger.read { try $0.payload(id: "m-1")?.properties }
            var after = before
            after["headers.stevedore-sentence"] = "The erased of erased waits."
            after["headers.x-note"] = "erased pays late"
            #expect(kept == after)
        }
    }

    @Test("a letter's headers for machines stay")
    func letter() throws {
        let order = try Self.order("W-1", name: "Order")
        let body = EraseDesk.body(order, Catalogue.orderPlaced, id: "m-1")
        var knowledge = EraseKnowledge()
        let message = try #require(PersonalMessage(body))
        knowledge.learn(message, message.texts)
        let headers: FieldTable = [
            "stevedore-code": "order.refused", "stevedore-origin-key": "order.placed.v1", "cloudEvents_type": "order.x",
            "stevedore-sentence": "No order for Acme.",
        ]
        let letter = Delivery(
            tag: DeliveryTag(epoch: 0, value: 0), exchange: "", routingKey: "",
            properties: MessageProperties(headers: headers, messageID: "m-1"), body: body)
        var work = EraseLetterWork(
            eraser: BodyEraser(EraseDesk.request(includesOpen: true), knowledge), user: nil, counts: EraseCounts())
        let copy = try #require(work.copies(of: [letter], "orders.to-erp.dead", at: .epoch).first?.copy.properties)
        for name in ["stevedore-code", "stevedore-origin-key", "cloudEvents_type"] {
            #expect(copy.headers[name] == headers[name], "\(name)")
        }
        #expect(copy.headers["stevedore-sentence"]?.text == "No erased for erased.")
    }

    @Test("a letter of theirs that was erased before is not copied again, whatever case its mark is in")
    func again() throws {
        var order = try EraseDesk.order("W-1")
        order.contact.name = "ERASED"
        let message = try #require(PersonalMessage(EraseDesk.body(order, Catalogue.orderPlaced, id: "m-1")))
        var knowledge = EraseKnowledge()
        knowledge.learn(message, message.texts)
        let eraser = BodyEraser(EraseDesk.request(includesOpen: true), knowledge)
        guard case .erased(let once) = eraser.erase(message.body) else {
            Issue.record("it is theirs")
            return
        }
        #expect(eraser.erase(once) == .untouched)
        let letter = Delivery(
            tag: DeliveryTag(epoch: 0, value: 0), exchange: "", routingKey: "",
            properties: MessageProperties(headers: ["stevedore-sentence": "An order was erased."], messageID: "m-1"),
            body: once)
        var work = EraseLetterWork(eraser: eraser, user: nil, counts: EraseCounts())
        #expect(work.copies(of: [letter], "orders.to-erp.dead", at: .epoch).isEmpty)
    }

    @Test("a line of an export can be imported afterwards")
    func line() throws {
        let order = try Self.order("W-1", name: "Orders")
        let body = EraseDesk.body(order, Catalogue.orderPlaced, id: "m-1")
        var knowledge = EraseKnowledge()
        let message = try #require(PersonalMessage(body))
        knowledge.learn(message, message.texts)
        let start =
            #"{"id":"m-1","queue":"orders.to-erp.dead","type":"orders.x","properties":{"type":"orders.x"},"#
            + #""headers":{"stevedore-code":"orders.x","stevedore-sentence":"No Orders."},"sentence":"#
        let text = JSONValue.string(String(decoding: body, as: UTF8.self)).compact
        let line = EraseLine(eraser: BodyEraser(EraseDesk.request(includesOpen: true), knowledge))
        let erased = try #require(line.erased(Array((start + #""No Orders.","body":"# + text + "}").utf8)))
        let after = start.replacing("No Orders.", with: "No erased.") + #""No erased.","#
        #expect(String(decoding: erased, as: UTF8.self).hasPrefix(after))
    }

    // MARK: - Others

    @Test("a name that is a function is looked for in their own rows alone")
    func functions() async throws {
        try await EraseDesk.with { desk in
            try await Self.keep(try Self.order("W-1", name: "Customer Service"), id: "m-1", desk)
            try await Self.note("W-1", "order.placed.v1", "ask customer service", id: "m-1", desk)
            try await Self.note("W-2", "order.placed.v1", "ask customer service", desk)
            try await desk.ledger.write { transaction in
                try transaction.record(
                    OperatorAction(
                        at: 1, by: "b", action: "discard", reason: "Canary Quill said so: canary.quill@feather.example",
                        letters: 1))
            }
            _ = try await desk.erase()
            let details = try await Self.texts("SELECT detail FROM journal ORDER BY id", desk)
            #expect(details == ["ask erased", "ask customer service"])
            let reasons = try await Self.texts("SELECT reason FROM operator_action", desk)
            #expect(reasons == ["Canary Quill said so: erased@example.invalid"])
        }
    }

    @Test("what has the same number as the account is not theirs")
    func families() async throws {
        try await EraseDesk.with { desk in
            let account = "1001"
            var order = try EraseDesk.order("W-1", account: account)
            order.contact = Contact(name: "Bob", email: EraseDesk.canaries[1])
            try await Self.keep(order, id: "m-1", desk)
            try await Self.note(account, "product.v1", "Bob, the anvil", desk)
            try await Self.note(account, "order.placed.v1", "no Bob", desk)
            try await Self.note(account, "customer.v1", "no Bob", desk)
            try await Self.note("W-1", "order.status.v1", "no Bob", desk)
            try await desk.ledger.write { transaction in
                try transaction.addAlias(kind: "email", value: "bob@other.example", family: "order", subject: account)
                try transaction.addAlias(kind: "email", value: "q@feather.example", family: "order", subject: "W-1")
            }
            _ = try await desk.erase(EraseDesk.request(account: account))
            let details = try await Self.texts("SELECT detail FROM journal ORDER BY id", desk)
            #expect(details == ["Bob, the anvil", "no Bob", "no erased", "no erased"])
            let aliases = try await Self.texts("SELECT value FROM alias", desk)
            #expect(aliases == ["bob@other.example"])
        }
    }
}
