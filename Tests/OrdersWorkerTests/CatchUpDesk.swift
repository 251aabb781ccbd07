import ERP
import FleetTesting
import Ledger
import Logging
import Models
import RabbitMQ
import Storefront
import Testing

@testable import Fleet
@testable import OrdersWorker

/// The messages of orders at the two flows that take them, one step at a time and without a broker: noted as taken, and
/// brought to the ERP.
struct CatchUpDesk {
    /// A message of an order: `2` is its second revision, `2x` the same as a cancellation.
    struct Draft: Hashable, Sendable {
        var revision: Int64
        var isCancelled = false

        var type: MessageType {
            if isCancelled { return Catalogue.orderCancelled }
            return revision == 1 ? Catalogue.orderPlaced : Catalogue.orderAmended
        }
    }

    private struct Reachable: Reachability {
        let name = "erp"

        func reach() async -> Reach { .reachable }
    }

    private struct NoSink: MessageSink {
        func publish(_ messages: [OutgoingMessage], timeout: Duration) async -> [PublishOutcome] {
            messages.map { _ in .confirmed }
        }
    }

    static let number = "W-1"
    static let minute: Int64 = 60_000_000
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    private static let lease = Duration.seconds(15)

    let ledger: Ledger
    let erp = MemoryERP()
    var withholdsCancelled = true

    static func with(withholdsCancelled: Bool = true, _ body: (CatchUpDesk) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await DatabaseStorefront.migrate(ledger)
            try await body(CatchUpDesk(ledger: ledger, withholdsCancelled: withholdsCancelled))
            await ledger.close()
        }
    }

    // MARK: - Messages

    private func delivery(_ draft: Draft, _ number: String, redelivered: Bool = false) throws -> Delivery {
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
        var order = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Order)
        (order.number, order.revision) = (number, draft.revision)
        let time = try #require(Timestamp(rfc3339: "2026-03-01T10:00:00Z"))
        let id = "m-\(number)-\(draft.revision)"
        let envelope = Envelope(for: order, as: draft.type, source: "urn:test:store", time: time, id: id)
        return Delivery(
            tag: DeliveryTag(epoch: 1, value: 1), redelivered: redelivered, exchange: "commerce",
            routingKey: draft.type.name,
            properties: MessageProperties(contentType: IncomingMessage.structured, messageID: id),
            body: MessageWriter().write(envelope, order))
    }

    func message(_ draft: Draft, _ number: String = CatchUpDesk.number) throws -> Received {
        try MessageReader().read(Intake(try delivery(draft, number)))
    }

    // MARK: - Steps

    /// The flow that only looks on has it.
    func take(_ draft: Draft, _ number: String = CatchUpDesk.number) async throws {
        let message = try message(draft, number)
        let handler = TakenOrderHandler(storefront: DatabaseStorefront())
        try await ledger.write { transaction in
            let now = Timestamp.now().microseconds
            let key = message.claimKey(observedIn: Catalogue.takenOrders)
            guard case .claimed = try transaction.claimAndComplete(key, holder: "w-1", now: now) else { return }
            try handler.project(message, in: transaction)
        }
    }

    /// The flow to the ERP has it: the road of a worker.
    func bring(
        _ draft: Draft, _ number: String = CatchUpDesk.number, redelivered: Bool = false, by worker: String = "w-1"
    ) async throws -> CallEnding {
        let intake = Intake(try delivery(draft, number, redelivered: redelivered))
        return await road(worker).travel(CallWork(reading: intake, with: MessageReader()))
    }

    /// Another worker takes it in hand, at that time.
    func claim(_ draft: Draft, at now: Int64) async throws {
        let key = try message(draft).claimKey
        try await ledger.write { transaction in
            let claim = try transaction.claim(key, holder: "w-9", lease: Self.lease, now: now)
            guard case .claimed = claim else { throw Refused(claim: claim) }
        }
    }

    struct Refused: Error { let claim: Claim }

    /// A person has set the letter of that message aside.
    func discard(_ draft: Draft) async throws {
        let letter = DeadLetterRecord(
            id: "m-\(Self.number)-\(draft.revision)", queue: "orders.to-erp.dead", flow: "orders.to-erp",
            type: draft.type.name, subject: Self.number, revision: draft.revision, code: "sku.unknown",
            category: "rejected", sentence: "Unknown.", fingerprint: "f-1", attempts: 1, firstFailedAt: 1,
            lastFailedAt: 1, state: .discarded)
        try await ledger.write { try $0.recordDeadLetter(letter) }
    }

    /// A worker of its own; its limit and its leases begin anew.
    private func road(_ worker: String) -> CallRoad {
        let handler: any CallHandler = OrderHandler(erp: erp, withholdsCancelled: withholdsCancelled)
        let queue = Catalogue.orderPlaced.queue
        let metrics = FlowMetrics(queue: queue)
        return CallRoad(
            queue: queue, holder: worker,
            handlers: Dictionary(handler.types.map { ($0, handler) }) { first, _ in first },
            reachability: Reachable(), gate: CallGate(), ledger: ledger,
            probation: Probation(ledger: ledger, queue: queue, solitude: Solitude(), crashesUntilPoison: 3),
            detour: DetourRoad(
                queue: queue, holder: worker,
                publisher: ConfirmedPublisher(publisher: NoSink(), metrics: metrics, logger: Self.quiet),
                ledger: ledger, policy: RetryPolicy(), metrics: metrics, logger: Self.quiet),
            outboxWake: WakeSignal(), lease: Self.lease,
            leases: LeaseKeeper(ledger: ledger, lease: Self.lease, logger: Self.quiet), metrics: metrics,
            logger: Self.quiet)
    }

    // MARK: - What is left

    func state(_ number: String = CatchUpDesk.number) async throws -> SubjectState? {
        try await ledger.read { try $0.subjectState(family: "order", subject: number) }
    }

    /// The newest revision that is still noted, by order number.
    func lastWords() async throws -> [String: Int64] {
        let rows = try await ledger.read { snapshot in
            try snapshot.query("SELECT subject, revision FROM last_word") { row in
                (number: row.text(0), revision: row.integer(1))
            }
        }
        return Dictionary(rows.map { ($0.number, $0.revision) }) { first, _ in first }
    }

    /// The statuses that the store is told, in their order.
    func statuses() async throws -> [OrderStatus] {
        let bodies = try await ledger.read { snapshot in
            try snapshot.query("SELECT body FROM outbox ORDER BY sequence") { $0.blob(0) }
        }
        return try bodies.map { body in try #require(try MessageReader().read(body).payload as? OrderStatus) }
    }

    /// What became of the messages on their way to the ERP: `1 withheld`, `2 applied`.
    func steps(_ number: String = CatchUpDesk.number) async throws -> [String] {
        let entries = try await ledger.read { try $0.journalEntries(subject: number) }
        return entries.map { "\($0.revision ?? 0) \($0.stage)" }
    }

    /// What the ERP was asked, without the order's number.
    var calls: [String] { erp.requests.map(Self.name) }

    private static func name(_ request: MemoryERP.Request) -> String {
        switch request {
        case .ping: "ping"
        case .find: "find"
        case .submit: "submit"
        case .amend: "amend"
        case .cancel: "cancel"
        }
    }
}
