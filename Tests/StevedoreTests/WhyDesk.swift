import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

/// A ledger in which a test lets happen what workers and feed would have done, and asks why; it is 12 o'clock.
struct WhyDesk: Sendable {
    let ledger: Ledger
    let store = DatabaseStorefront()

    static func with(_ body: (WhyDesk) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await DatabaseStorefront.migrate(ledger)
            try await WebhookStorefront.migrate(ledger)
            try await ledger.migrate(component: FlowPosition.component, [FlowPosition.migration])
            try await ledger.migrate(
                component: FeedCursor.component,
                [
                    FeedCursor.migration, ParkedBatches.migration, FeedCursor.lengths, FeedGap.migration,
                    FeedWait.migration, ParkedBatches.subjects,
                ])
            try await body(WhyDesk(ledger: ledger))
            await ledger.close()
        }
    }

    /// Lends a ledger in which no worker or feed has made tables.
    static func withBareLedger(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await body(ledger)
            await ledger.close()
        }
    }

    /// Of the tenth, or of an earlier day of that month.
    func time(_ clock: String, day: Int = 10) throws -> Timestamp {
        try #require(Timestamp(rfc3339: "2025-03-\(day < 10 ? "0" : "")\(day)T\(clock)Z"))
    }

    func at(_ clock: String, day: Int = 10) throws -> Int64 { try time(clock, day: day).microseconds }

    // MARK: - Asking

    static let busy = WhyBroker.asked([
        "orders.to-erp": .init(ready: 12, workers: 1), "orders.to-store": .init(ready: 2, workers: 1),
        "inventory.to-store": .init(ready: 7, workers: 1), "tracking.to-store": .init(ready: 0, workers: 1),
    ])

    func ask(
        _ text: String, all: Bool = false, broker: WhyBroker = WhyDesk.busy,
        adapters: Set<StorefrontAdapter> = [.database, .webhook]
    ) async throws -> WhyReport {
        let reader = WhyReader(question: WhyQuestion(text), isAll: all, adapters: adapters)
        let now = try at("12:00:00")
        return try await ledger.read { try reader.read($0, now: now) }.told(by: broker)
    }

    func verdict(_ text: String, broker: WhyBroker = WhyDesk.busy) async throws -> WhyVerdict {
        try await ask(text, broker: broker).verdict
    }

    func sentence(_ text: String, broker: WhyBroker = WhyDesk.busy) async throws -> String {
        try await verdict(text, broker: broker).sentence
    }

    // MARK: - Orders

    /// The store has taken the order, and it is noted beside its way.
    func note(
        _ number: String, revision: Int64 = 1, po: String? = nil, at clock: String = "11:00:00", day: Int = 10
    ) async throws {
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
        var order = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Order)
        (order.number, order.revision) = (number, revision)
        order.purchaseOrderNumber = po ?? order.purchaseOrderNumber
        let (taken, time) = (order, try time(clock, day: day))
        let step = try step("noted", number, revision, at: clock, day: day)
        let key = Self.key("order@orders.taken", number, revision)
        try await ledger.write { [store] transaction in
            _ = try transaction.claimAndComplete(key, holder: "w", now: time.microseconds)
            try store.note(taken, isCancelled: false, at: time, in: transaction)
            try transaction.journal(step)
            try transaction.addAlias(kind: "email", value: taken.contact.email, family: "order", subject: number)
            guard let po else { return }
            try transaction.addAlias(
                kind: "po-number", value: po, family: "order", subject: number, folding: true)
        }
    }

    /// The ERP has answered, as the worker records it.
    func answer(
        _ number: String, revision: Int64 = 1, state: String = "accepted", erp: String? = "SO-4711",
        at clock: String = "12:00:00", day: Int = 7
    ) async throws {
        let (key, now) = (Self.key("order", number, revision), try at(clock, day: day))
        try await ledger.write { transaction in
            let claim = try transaction.claim(key, holder: "w", lease: .seconds(60), now: now)
            guard case .claimed(let fence) = claim else { return }
            try transaction.complete(key, fence: fence, state: state, reference: erp, now: now)
            if let erp { try transaction.addAlias(kind: "erp-number", value: erp, family: "order", subject: number) }
        }
    }

    /// The store shows the ERP's answer.
    func show(
        _ number: String, _ state: OrderStatus.State = .accepted, erp: String? = "SO-4711",
        reason: OrderStatus.Reason? = nil, lines: [LineStatus] = [], answering: Int64 = 1,
        at clock: String = "12:00:00", day: Int = 7
    ) async throws {
        let time = try time(clock, day: day)
        try await ledger.write { [store] transaction in
            let revision = try transaction.nextRevision(family: "order.status", subject: number)
            let status = OrderStatus(
                number: number, revision: revision, erpNumber: erp, answeredRevision: answering, state: state,
                reason: reason, lines: lines)
            let key = Self.key("order.status", number, revision)
            _ = try transaction.claimAndComplete(key, holder: "w", now: time.microseconds)
            try store.show(status, at: time, in: transaction)
        }
    }

    func backordered(_ sku: String, _ quantity: String, promised: String) throws -> LineStatus {
        LineStatus(
            lineID: "1", sku: sku, status: .backordered,
            quantities: .init(
                ordered: try #require(ExactDecimal(quantity)), allocated: .zero, shipped: .zero,
                backordered: try #require(ExactDecimal(quantity))),
            promisedDate: CalendarDate(promised))
    }

    func ship(
        _ id: String, of number: String, tracking: [String], state: Shipment.State = .shipped,
        at clock: String = "09:00:00", day: Int = 8
    ) async throws {
        let shipment = Shipment(
            id: id, revision: 1, order: .online(number), warehouse: "TAC", state: state, carrier: "UPS",
            trackingNumbers: tracking, shipDate: CalendarDate("2025-03-08"), lines: [])
        let time = try time(clock, day: day)
        try await ledger.write { [store] transaction in
            _ = try transaction.claimAndComplete(
                Self.key("shipment", id, 1), holder: "w", now: time.microseconds)
            try store.show(shipment, at: time, in: transaction)
        }
    }

    // MARK: - Steps

    func step(
        _ stage: String, _ subject: String, _ revision: Int64, type: String = "order.placed.v1", id: String = "m-1",
        code: String = "ok", detail: String? = nil, worker: String = "orders-worker@a:1", attempt: Int = 1,
        at clock: String, day: Int = 10
    ) throws -> JournalEntry {
        JournalEntry(
            at: try at(clock, day: day), messageID: id, type: type, subject: subject, revision: revision, stage: stage,
            code: code, detail: detail, worker: worker, attempt: attempt)
    }

    func journal(_ entry: JournalEntry) async throws { try await ledger.write { try $0.journal(entry) } }

    func letter(
        _ id: String, _ subject: String, revision: Int64 = 1, state: DeadLetterState = .open, note: String? = nil,
        type: String = "order.placed.v1", flow: String = "orders.to-erp", code: String = "sku.unknown",
        at clock: String = "11:30:00"
    ) async throws {
        let time = try at(clock)
        let letter = DeadLetterRecord(
            id: id, queue: "\(flow).dead", flow: flow, type: type, subject: subject, revision: revision,
            code: code, category: "rejected", sentence: "The ERP knows no product FST-1.", fingerprint: "f-1",
            attempts: 1, firstFailedAt: time, lastFailedAt: time, state: state, note: note)
        try await ledger.write { try $0.recordDeadLetter(letter) }
    }

    /// The feed has read the stream at that time; `isRunning` when a process does so now.
    func feed(_ stream: String, readAt clock: String, isRunning: Bool = false) async throws {
        let (readAt, now) = (try at(clock), try at("12:00:00"))
        try await ledger.write { transaction in
            try transaction.save(FeedCursor.beginning(stream, .live, now: readAt))
            guard isRunning else { return }
            _ = try transaction.takeMaintenance(
                FeedCursor.lease(of: stream), holder: "f", lease: .seconds(60), now: now)
        }
    }

    static func key(_ family: String, _ subject: String, _ revision: Int64) -> ClaimKey {
        ClaimKey(
            family: family, subject: subject, revision: revision,
            hash: ContentDigest(high: 1, low: UInt64(bitPattern: revision)))
    }
}
