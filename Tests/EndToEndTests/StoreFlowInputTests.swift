import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("A message to the store that is out of the ordinary", .serialized, .needsBroker, .timeLimit(.minutes(10)))
struct StoreFlowInputTests {
    // MARK: - Versions

    @Test(
        "by members that nobody knows, or by a newer schema, is shown; by a newer version, it says what to upgrade",
        arguments: StoreFlow.allCases)
    func versions(_ flow: StoreFlow) async throws {
        try await Rig.with(simulator: StoreFlow.company) { rig in
            let worker = try await rig.startReady(flow.worker)
            try await rig.showOrders([StoreFlow.order])
            let future = try flow.future("FUTURE")
            try await rig.publish([try flow.roomy("ROOMY"), future, try flow.modern("MODERN")])
            try await eventually("the letter") { try await rig.deadLetters(of: flow.queue) == 1 }
            try await rig.waitForStore(flow, ["ROOMY": flow.row(1, 1), "MODERN": flow.row(1, 1)])
            let letter = try #require(try await rig.letters(of: flow.queue).first)
            #expect(letter.body.bytes == future.body)
            expect(letter, "unsupported.version", remedy: "Upgrade needed")
            try await rig.stop(worker)
        }
    }

    // MARK: - Other content

    @Test(
        "by other content at a revision that is shown is a letter, whatever its id; at a newer revision it is shown",
        arguments: StoreFlow.allCases)
    func conflicts(_ flow: StoreFlow) async throws {
        try await Rig.with(simulator: StoreFlow.company) { rig in
            let worker = try await rig.startReady(flow.worker)
            try await rig.showOrders([StoreFlow.order])
            let id = MessageID.next()
            try await rig.publish([try flow.message("SAME", value: 1, id: id)])
            try await rig.waitForStore(flow, ["SAME": flow.row(1, 1)])
            let others = [try flow.message("SAME", value: 2, id: id), try flow.message("SAME", value: 3)]
            try await rig.publish(others)
            try await eventually("both letters") { try await rig.deadLetters(of: flow.queue) == 2 }
            let letters = try await rig.letters(of: flow.queue)
            #expect(Set(letters.map(\.body.bytes)) == Set(others.map(\.body)))
            for letter in letters { expect(letter, "conflict.same-revision", remedy: "raise the revision") }
            #expect(try await rig.shown(flow) == ["SAME": flow.row(1, 1)])
            try await expectNewerToBeShown(flow, under: id, rig)
            try await rig.stop(worker)
        }
    }

    /// Under the id of the first revision, and once more under another one, which changes nothing.
    private func expectNewerToBeShown(_ flow: StoreFlow, under id: String, _ rig: Rig) async throws {
        try await rig.publish([try flow.message("SAME", revision: 2, value: 4, id: id)])
        try await rig.waitForStore(flow, ["SAME": flow.row(2, 4)])
        try await rig.publish([try flow.message("SAME", revision: 2, value: 4)])
        try await rig.waitUntilEmpty(flow.queue)
        let stages = try await rig.journal(flow.subject("SAME")).map(\.stage)
        #expect(Self.count("applied", in: stages) == 2, "\(stages)")
        #expect(Self.count("duplicate", in: stages) == 1, "\(stages)")
        #expect(try await rig.shown(flow) == ["SAME": flow.row(2, 4)])
        #expect(try await rig.deadLetters(of: flow.queue) == 2)
    }

    private static func count(_ stage: String, in stages: [String]) -> Int { stages.filter { $0 == stage }.count }

    // MARK: - Texts

    @Test("only in the eyes of others, by hostile text in every field, is shown byte for byte")
    func hostileTexts() async throws {
        try await Rig.with(simulator: StoreFlow.company) { rig in
            let workers = try await rig.startStoreWorkers()
            try await rig.showOrders(HostileText.all)
            try await rig.publish(try HostileText.all.flatMap { try HostileText.messages($0) })
            for queue in StoreFlow.queues { try await rig.waitUntilEmpty(queue) }
            #expect(try await rig.deadLetterReasons() == [])
            for place in HostileText.places {
                let shown = try await rig.ledger { try place.rows($0) }
                let wrong = shown.symmetricDifference(place.expected).map { String(decoding: $0, as: UTF8.self) }
                #expect(wrong.isEmpty, "\(place.table): \(wrong)")
            }
            try await stop(workers, rig)
        }
    }

    @Test("by its keys alone is another object, or a letter where they hold what no key may; a text may hold lines")
    func keys() async throws {
        try await Rig.with(simulator: StoreFlow.company) { rig in
            let workers = try await rig.startStoreWorkers()
            let bad = try Self.badKeys()
            let good = ["ab-1", "AB-1", "A B"]
            for key in good { try await rig.publish([try StoreFlow.product.message(key, value: 1)]) }
            try await rig.publish(bad.map(\.message) + [StoreFlow.customer.write(Self.lines)])
            try await eventually("all letters") { try await rig.storeLetterCount() == bad.count }
            let letters = try await rig.storeLetters()
            for (message, fault) in bad {
                let letter = try #require(letters[message.properties.messageID ?? ""]?.first, "\(fault)")
                #expect(Self.faults(letter).contains { $0.hasPrefix(fault) }, "\(fault): \(Self.faults(letter))")
            }
            let row = StoreFlow.product.row(1, 1)
            try await rig.waitForStore(.product, ["ab-1": row, "AB-1": row, "A B": row])
            try await rig.waitUntilEmpty(StoreFlow.customer.queue)
            let texts = try await rig.ledger { try Self.contactTexts($0) }
            #expect(texts == [Self.lines.name, Self.lines.contacts[0].name, Self.lines.contacts[0].email])
            try await stop(workers, rig)
        }
    }

    /// An account whose name and whose contact's e-mail address are two lines each, as a header of a mail would be.
    private static let lines = Customer(
        account: "C-1", revision: 1, name: "Eve\r\nBcc: all@example.com",
        contacts: [Contact(name: "Eve\r\nX: y", email: "eve@example.com\r\nBcc: all@example.com")], currency: .usd,
        isPurchaseOrderAllowed: true, creditUsed: .zero, isActive: true)

    private static func contactTexts(_ snapshot: LedgerSnapshot) throws -> [String] {
        try snapshot.query(
            """
            SELECT name FROM store_customer UNION ALL SELECT name FROM store_customer_contact
            UNION ALL SELECT email FROM store_customer_contact
            """
        ) { $0.text(0) }
    }

    /// Each with the beginning of the fault that has to be told.
    private static func badKeys() throws -> [(message: OutgoingMessage, fault: String)] {
        var bad: [(message: OutgoingMessage, fault: String)] = []
        for key in [" AB-1", "AB-1 ", "\u{A0}AB-1"] {
            bad.append((try StoreFlow.product.message(key, value: 1), "/data/sku\tblank-edges\t"))
        }
        for key in ["A\r\nB", "A\u{7F}B", "A\u{85}B"] {
            bad.append((try StoreFlow.stock.message(key, value: 1), "/data/sku\tcharacters\t"))
            bad.append((try StoreFlow.customer.message(key, value: 1), "/data/account\tcharacters\t"))
        }
        for number in ["=cmd|' /C calc'!A0", "../1Z", "1Z\u{202E}9"] {
            let shipment = Shipment(
                id: "SH-1", revision: 1, order: .online(StoreFlow.order), warehouse: "TAC", state: .packed,
                trackingNumbers: ["1Z9", number], lines: [])
            bad.append((StoreFlow.shipment.write(shipment), "/data/trackingNumbers/1\ttracking-number\t"))
        }
        return bad
    }

    // MARK: - Values

    @Test("by one bad value is a letter at once, with a fault at its place; its good neighbours are shown")
    func badValues() async throws {
        try await Rig.with(simulator: StoreFlow.company) { rig in
            let workers = try await rig.startStoreWorkers()
            try await rig.showOrders([StoreFlow.order])
            var expected: [StoreFlow: [String: String]] = [.stock: ["OWED": StoreFlow.stock.row(1, -5)]]
            try await rig.publish([try StoreFlow.stock.message("OWED", value: -5)])
            for (index, bad) in BadStoreValue.all.enumerated() {
                let (key, good) = ("BAD-\(index)", "GOOD-\(index)")
                try await rig.publish([try bad.message(key), try bad.flow.message(good, value: 1)])
                expected[bad.flow, default: [:]][good] = bad.flow.row(1, 1)
            }
            try await eventually("all letters") { try await rig.storeLetterCount() == BadStoreValue.all.count }
            for (flow, rows) in expected { try await rig.waitForStore(flow, rows) }
            let letters = try await rig.storeLetters()
            for bad in BadStoreValue.all { try expect(bad, in: letters) }
            // What is not there cannot be promised, and what was booked out too early neither.
            #expect(try await rig.ledger { try Self.promise(of: "OWED", $0) } == "-5 0 0")
            try await stop(workers, rig)
        }
    }

    private func expect(_ bad: BadStoreValue, in letters: [String: [Delivery]]) throws {
        let comment = Comment(rawValue: bad.id)
        #expect(letters[bad.id]?.count == 1, comment)
        let letter = try #require(letters[bad.id]?.first, comment)
        expect(letter, "malformed.field", comment)
        let faults = Self.faults(letter)
        #expect(faults.contains { $0.hasPrefix(bad.pointer + "\t") }, "\(bad.id): \(faults)")
    }

    private static func promise(of sku: String, _ snapshot: LedgerSnapshot) throws -> String? {
        try snapshot.first(
            """
            SELECT s.on_hand || ' ' || s.available || ' ' || a.promise_micro
            FROM store_stock AS s JOIN store_availability AS a ON a.sku = s.sku AND a.warehouse = s.warehouse
            WHERE s.sku = ?
            """, .text(sku)
        ) { $0.text(0) }
    }

    // MARK: - Letters

    /// At the first attempt, since nothing would be better at the next.
    private func expect(_ letter: Delivery, _ code: String, remedy: String? = nil, _ comment: Comment? = nil) {
        let headers = letter.properties.headers
        #expect(headers[MessageHeader.code]?.text == code, comment)
        #expect(headers[MessageHeader.category]?.text == "malformed", comment)
        #expect(headers[MessageHeader.attempt]?.integer == 1, comment)
        guard let remedy else { return }
        #expect(headers[MessageHeader.remedy]?.text?.contains(remedy) == true, comment)
    }

    private static func faults(_ letter: Delivery) -> [Substring] {
        letter.properties.headers[MessageHeader.faults]?.text?.split(separator: "\n") ?? []
    }

    /// No line of a log was made by a message: each begins as all others do.
    private func stop(_ workers: [ChildProcess], _ rig: Rig) async throws {
        for worker in workers {
            #expect(Self.strayLines(of: worker) == [])
            try await rig.stop(worker)
        }
    }

    private static func strayLines(of worker: ChildProcess) -> [String] {
        worker.errors.filter { !$0.hasPrefix("time=") }
    }
}
