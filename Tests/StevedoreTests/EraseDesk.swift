import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

/// A ledger in which two accounts have left their traces, and `stevedore erase` without its process.
struct EraseDesk: Sendable {
    let ledger: Ledger
    let path: String
    static let account = "C-9001"
    static let canaries = [
        "Canary Quill", "canary.quill@feather.example", "+1 907 555 0177", "17 Feather Lane", "Nestville",
        "FEATHER-98999", "Feather & Sons", "US-CANARY-77",
    ]

    static func with(_ body: (EraseDesk) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("ledger.db")
            let ledger = try Ledger.open(path: path, options: LedgerOptions(compressFrom: 1 << 20))
            try await FleetTables.migrate(ledger)
            try await DatabaseStorefront.migrate(ledger)
            try await WebhookStorefront.migrate(ledger)
            try await ledger.migrate(
                component: FeedCursor.component,
                [FeedCursor.migration, ParkedBatches.migration, FeedCursor.lengths])
            try await body(EraseDesk(ledger: ledger, path: path))
            await ledger.close()
        }
    }

    // MARK: - Messages

    static func address() throws -> Address {
        Address(
            company: canaries[6], name: canaries[0], street: [canaries[3]], city: canaries[4], region: "WA",
            postalCode: canaries[5], country: try #require(CountryCode("US")))
    }

    static func contact() -> Contact { Contact(name: canaries[0], email: canaries[1], phone: canaries[2]) }

    static func order(
        _ number: String, revision: Int64 = 1, account: String = EraseDesk.account, isCanary: Bool = true
    ) throws -> Order {
        let text = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first).text
        var order = try #require(try MessageReader().read(Array(text.utf8)).payload as? Order)
        (order.number, order.revision, order.customer) = (number, revision, .account(account))
        guard isCanary else { return order }
        (order.contact, order.shipTo, order.billTo) = (contact(), try address(), try address())
        return order
    }

    static func customer() throws -> Customer {
        let text = try #require(Catalogue.examples(for: Catalogue.customer).first).text
        var customer = try #require(try MessageReader().read(Array(text.utf8)).payload as? Customer)
        (customer.account, customer.name, customer.taxID) = (account, canaries[6], canaries[7])
        (customer.billTo, customer.shipTos) = (try address(), [ShipTo(id: "1", address: try address())])
        customer.contacts = [contact(), Contact(name: "Bob Other", email: "bob@feather.example")]
        return customer
    }

    static func offline(_ number: String) throws -> OfflineOrder {
        let text = try #require(Catalogue.examples(for: Catalogue.orderOffline).first).text
        var order = try #require(try MessageReader().read(Array(text.utf8)).payload as? OfflineOrder)
        (order.number, order.account, order.contact) = (number, account, contact())
        (order.shipTo, order.billTo) = (try address(), try address())
        return order
    }

    static func body(_ payload: some Payload, _ type: MessageType, id: String) -> [UInt8] {
        MessageWriter().write(Envelope(for: payload, as: type, source: "urn:test", time: .epoch, id: id), payload)
    }

    /// The canaries in all places of the ledger, and beside them another account that must stay as it is.
    func fill() async throws {
        let (customer, offline) = (try Self.customer(), try Self.offline("E-1"))
        let theirs = try Self.order("W-1")
        let other = try Self.order("W-2", account: "C-1", isCanary: false)
        try await ledger.write { transaction in
            for (order, id) in [(theirs, "m-1"), (other, "m-2")] {
                let body = Self.body(order, Catalogue.orderPlaced, id: id)
                try transaction.storePayload(
                    id: id, body: body, properties: ["headers.stevedore-sentence": "No \(order.contact.name) here"],
                    at: 1)
                _ = try transaction.claimAndComplete(
                    WhyDesk.key("order", order.number, order.revision), holder: "w", now: 1)
                try transaction.addAlias(
                    kind: "email", value: order.contact.email, family: "order", subject: order.number, folding: true)
                try transaction.journal(
                    JournalEntry(
                        at: 1, messageID: id, subject: order.number, stage: "retried", code: "c",
                        detail: "the ERP says: \(order.contact.name), \(order.shipTo.street[0]) is unknown"))
                try transaction.recordDeadLetter(Self.letter(id, order))
            }
            let store = DatabaseStorefront()
            try store.show(customer, at: .epoch, in: transaction)
            try store.show(offline, at: .epoch, in: transaction)
            try WebhookStorefront(source: "urn:test").show(customer, at: .epoch, in: transaction)
            let body = Self.body(customer, Catalogue.customer, id: "o-1")
            try transaction.enqueueOutbox(
                OutboxMessage(
                    id: "o-1", exchange: "commerce", routingKey: "customer.v1", contentType: "c", type: "customer.v1",
                    subject: customer.account, revision: 1, headers: ["note": "for \(Self.canaries[0])"], body: body),
                at: 1)
            try transaction.execute(
                "INSERT INTO feed_parked VALUES (1, 'customers', 1, 'r', ?)", .text("\(Self.canaries[1]) is new"))
            try transaction.execute(
                "INSERT INTO feed_parked_message VALUES (1, 0, 'o-1', 'customer.v1', ?, 1, ?)", .text(customer.account),
                .blob(body))
        }
    }

    private static func letter(_ id: String, _ order: Order) -> DeadLetterRecord {
        DeadLetterRecord(
            id: id, queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1", subject: order.number,
            revision: 1, code: "erp.refused", category: "rejected",
            sentence: "The ERP refuses \(order.contact.email).", fingerprint: "f", attempts: 1, firstFailedAt: 1,
            lastFailedAt: 1, payload: id)
    }

    // MARK: - Erasing

    static func request(
        account: String? = EraseDesk.account, email: String? = nil, isApplied: Bool = true, includesOpen: Bool = false
    ) -> EraseOrder {
        EraseOrder(
            account: account, email: email, by: "test", reason: "test", includesOpen: includesOpen,
            isApplied: isApplied)
    }

    /// Everything but the broker, files and the record.
    func erase(_ order: EraseOrder = EraseDesk.request()) async throws -> EraseCounts {
        let place = EraseLedger(
            ledger: ledger, order: order, interruption: Interruption(), progress: CountedProgress(), page: 20, step: 2)
        var knowledge = EraseKnowledge()
        var counts = EraseCounts()
        if order.isApplied { try await ledger.overwriteDeleted() }
        try await place.learn(into: &knowledge)
        try await place.erase(try await place.findOpen(knowledge), &counts)
        return counts
    }

    /// Every text and body of the file that has a canary in it, as `table.column`.
    func traces() async throws -> [String] {
        let words = PersonalWords(
            Self.canaries.compactMap { PersonalWord($0.contains("@") ? .email : .name, $0) })
        return try await ledger.read { snapshot in
            let columns = try snapshot.query(
                text: """
                    SELECT t.name, c.name FROM pragma_table_list AS t JOIN pragma_table_info(t.name) AS c
                    WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND c.type IN ('TEXT', 'BLOB')
                    """,
                row: { (table: $0.text(0), name: $0.text(1)) })
            return try columns.compactMap { column -> String? in
                let sql = "SELECT \"\(column.name)\" FROM \"\(column.table)\""
                let texts = try snapshot.query(text: sql) { $0.text(0) }
                return texts.contains { words.erased(from: $0) != nil } ? "\(column.table).\(column.name)" : nil
            }
        }
    }

    /// What must be the same before and after: how many rows there are, and what is owed and ordered.
    func totals() async throws -> [String] {
        try await ledger.read { snapshot in
            let sums = [
                "SELECT count(*) FROM journal", "SELECT count(*) FROM dead_letter", "SELECT count(*) FROM payload",
                "SELECT group_concat(number || total || state || currency) FROM store_order",
                "SELECT group_concat(number || line_id || sku || ordered) FROM store_order_line",
                "SELECT group_concat(account || credit_used || coalesce(credit_limit, '')) FROM store_customer",
                "SELECT group_concat(account || id || country || coalesce(region, '')) FROM store_customer_ship_to",
                "SELECT count(*) FROM store_customer_contact",
                "SELECT group_concat(subject || revision || hex(coalesce(hash, ''))) FROM subject_state",
                "SELECT group_concat(code || stage || subject || message_id) FROM journal",
                "SELECT group_concat(id || code || state || fingerprint) FROM dead_letter",
            ]
            return try sums.flatMap { try snapshot.query(text: $0) { $0.text(0) } }
        }
    }
}

extension EraseDesk {
    /// Whether any canary is in the ledger's file or its log. Another process looks: to close a file here that SQLite has
    /// open in this process would take its locks away.
    func areCanariesInFile() async throws -> Bool {
        let script = """
            file=$1; shift
            cat "$file" "$file-wal" 2>/dev/null | grep -a -q -F "$(printf '%s\\n' "$@")"
            """
        let process = try ChildProcess(
            "/usr/bin/env", arguments: ["sh", "-c", script, "look", path] + Self.canaries)
        return try await process.waitForExit() == .exited(0)
    }
}
