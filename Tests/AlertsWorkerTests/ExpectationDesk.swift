import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import AlertsWorker
@testable import Fleet

/// A ledger in which a test lets happen what workers would have done, and has the watch look at it as time goes by.
struct ExpectationDesk: Sendable {
    let ledger: Ledger
    let store = DatabaseStorefront()

    /// Any time will do; the tests count from here, in microseconds.
    static let noon: Int64 = 1_800_000_000_000_000

    static func at(_ seconds: Int64) -> Int64 { noon + seconds * 1_000_000 }

    static func with(hasStore: Bool = true, _ body: (ExpectationDesk) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await ledger.migrate(component: FlowPosition.component, [FlowPosition.migration])
            if hasStore { try await DatabaseStorefront.migrate(ledger) }
            try await body(ExpectationDesk(ledger: ledger))
            await ledger.close()
        }
    }

    // MARK: - Watching

    static let answered = Fleet.Expectation(
        name: "order-answered", kind: .answer(after: ["order.placed.v1", "order.amended.v1"]), within: .seconds(900))
    static let tracked = Fleet.Expectation(
        name: "order-tracked",
        kind: .shipments(after: ["order.status.v1"], when: [.shipped, .partiallyShipped]), within: .seconds(7_200))
    static let offline = Fleet.Expectation(
        name: "offline-tracked", kind: .shipments(after: ["order.offline.v1"], when: [.shipped]),
        within: .seconds(7_200))
    static let prices = Fleet.Expectation(
        name: "prices", kind: .message("contract-prices.v1"), within: .seconds(86_400), condition: .always)

    /// The broker says that its queues are empty.
    func watch(
        _ expectations: Fleet.Expectation..., adapters: Set<StorefrontAdapter> = [.database],
        retention: Duration = .seconds(90 * 86_400)
    ) -> ExpectationWatch {
        var watch = ExpectationWatch(
            ledger: ledger, expectations: expectations, adapters: adapters, retention: retention)
        watch.queueLook = { _ in 0 }
        return watch
    }

    /// Looks every half a minute, from the one second to the other; returns how many were missed.
    @discardableResult
    func run(
        _ watch: ExpectationWatch, from start: Int64 = 0, to end: Int64, as holder: String = "a"
    ) async throws -> Int {
        var missed = 0
        for second in stride(from: start, through: end, by: 30) {
            let findings = try await watch.look(holder, at: Self.at(second), elapsed: .seconds(30))
            missed += findings?.missed.values.reduce(0, +) ?? 0
        }
        return missed
    }

    /// `order-answered W-1 1 waiting`, by key.
    func rows() async throws -> [String] {
        try await ledger.read { snapshot in
            try snapshot.query(
                "SELECT name, subject, mark, state FROM expectation ORDER BY name, family, subject, mark"
            ) { "\($0.text(0)) \($0.text(1)) \($0.integer(2)) \($0.text(3))" }
        }
    }

    // MARK: - Orders

    /// The store has taken the order, and it is noted.
    func place(_ number: String, revision: Int64 = 1, at seconds: Int64) async throws {
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
        var order = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Order)
        (order.number, order.revision) = (number, revision)
        let (taken, time) = (order, try #require(Timestamp(microseconds: Self.at(seconds))))
        let type = revision == 1 ? Catalogue.orderPlaced : Catalogue.orderAmended
        try await ledger.write { [store] transaction in
            try store.note(taken, isCancelled: false, at: time, in: transaction)
            try transaction.journal(Self.step("noted", type, number, revision, at: seconds))
        }
    }

    /// The ERP has answered that revision of the order, and says how much of its one line is shipped.
    func answer(
        _ number: String, revision: Int64 = 1, state: OrderStatus.State = .accepted, shipped: String = "0",
        at seconds: Int64
    ) async throws {
        let line = try Self.line(shipped)
        let time = try #require(Timestamp(microseconds: Self.at(seconds)))
        try await ledger.write { [store] transaction in
            let stated = try transaction.nextRevision(family: "order.status", subject: number)
            let status = OrderStatus(
                number: number, revision: stated, answeredRevision: revision, state: state, lines: [line])
            try store.show(status, at: time, in: transaction)
            try transaction.journal(Self.step("applied", Catalogue.orderStatus, number, stated, at: seconds))
        }
    }

    /// An order keyed in the ERP, all of whose one line is shipped.
    func keyed(_ number: String, at seconds: Int64) async throws {
        let example = try #require(Catalogue.examples(for: Catalogue.orderOffline).first)
        var order = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? OfflineOrder)
        (order.number, order.state) = (number, .shipped)
        order.lines = Array(order.lines.prefix(1))
        order.lines[0].id = "1"
        order.lineStatuses = [try Self.line("10")]
        let (shown, time) = (order, try #require(Timestamp(microseconds: Self.at(seconds))))
        try await ledger.write { [store] transaction in
            try store.show(shown, at: time, in: transaction)
            try transaction.journal(Self.step("applied", Catalogue.orderOffline, number, 1, at: seconds))
        }
    }

    /// Goods of the order's one line are on their way.
    func ship(
        _ id: String, of order: OrderReference, _ quantity: String, state: Shipment.State = .shipped,
        revision: Int64 = 1,
        at seconds: Int64
    ) async throws {
        let shipment = Shipment(
            id: id, revision: revision, order: order, warehouse: "EAST", state: state,
            lines: [ShipmentLine(lineID: "1", sku: "S-1", quantity: try #require(ExactDecimal(quantity)))])
        let time = try #require(Timestamp(microseconds: Self.at(seconds)))
        try await ledger.write { [store] transaction in
            try store.show(shipment, at: time, in: transaction)
            try transaction.journal(Self.step("applied", Catalogue.shipment, id, revision, at: seconds))
        }
    }

    private static func line(_ shipped: String) throws -> LineStatus {
        let zero = ExactDecimal.zero
        return LineStatus(
            lineID: "1", sku: "S-1", status: .accepted,
            quantities: .init(
                ordered: try #require(ExactDecimal("10")), allocated: zero,
                shipped: try #require(ExactDecimal(shipped)), backordered: zero))
    }

    // MARK: - Queues and dead letters

    /// A worker has taken a message from the queue that was made at that second.
    func take(_ queue: String, at seconds: Int64, made: Int64) async throws {
        let position = FlowPosition(queue: queue, takenAt: Self.at(seconds), messageTime: Self.at(made))
        try await ledger.write { try $0.record(position) }
    }

    /// That revision of the order is a dead letter.
    func fail(
        _ number: String, revision: Int64 = 1, at seconds: Int64, state: DeadLetterState = .open
    ) async throws {
        let letter = DeadLetterRecord(
            id: "m-\(number)-\(revision)", queue: "orders.to-erp.dead", flow: "orders.to-erp",
            type: "order.placed.v1", subject: number, revision: revision, code: "sku.unknown", category: "rejected",
            sentence: "No.", fingerprint: "f", attempts: 1, firstFailedAt: Self.at(seconds),
            lastFailedAt: Self.at(seconds), state: state)
        try await ledger.write { try $0.recordDeadLetter(letter) }
    }

    /// A person has done that to the dead letter.
    func settle(
        _ number: String, as state: DeadLetterState, _ stage: String, at seconds: Int64
    ) async throws {
        let isMoved = try await ledger.write { try $0.updateDeadLetter(id: "m-\(number)-1", from: .open, to: state) }
        #expect(isMoved)
        try await journal(stage, Catalogue.orderPlaced, number, at: seconds)
    }

    // MARK: - Steps and outages

    static func step(
        _ stage: String, _ type: MessageType, _ subject: String, _ revision: Int64 = 1, at seconds: Int64
    ) -> JournalEntry {
        JournalEntry(
            at: at(seconds), messageID: "m-\(subject)-\(revision)", type: type.name, subject: subject,
            revision: revision, stage: stage, code: "ok", worker: "w")
    }

    func journal(
        _ stage: String, _ type: MessageType, _ subject: String, _ revision: Int64 = 1, at seconds: Int64
    ) async throws {
        let step = Self.step(stage, type, subject, revision, at: seconds)
        try await ledger.write { try $0.journal(step) }
    }

    /// A worker says at each of these seconds that the ERP does not answer; the watch looks right after it.
    func outage(_ watch: ExpectationWatch, from start: Int64, to end: Int64) async throws -> Int {
        var missed = 0
        for second in stride(from: start, through: end, by: 30) {
            let pause = FlowPause(
                queue: "orders.to-erp", holder: "w", since: Self.at(start), code: "erp.unavailable",
                reason: "The ERP does not answer.", remedy: "")
            try await ledger.write { try $0.record(pause, now: Self.at(second)) }
            missed += try await run(watch, from: second, to: second)
        }
        try await ledger.write { try $0.endPause(queue: "orders.to-erp", holder: "w") }
        return missed
    }
}
