import FleetTesting
import Ledger
import Logging
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

/// A ledger in which a test lets happen what workers, feed and people would have done, and has the watch look at it.
struct WatchDesk: Sendable {
    let ledger: Ledger
    let watchman: Watchman
    /// Tells anna@example.com of everything.
    static let book = AlertBook(
        planner: NoticePlanner(rules: [rule], webhook: nil, clock: .fixed(secondsEast: 0)))

    private static var rule: AlertRule {
        var rule = AlertRule(name: "all")
        rule.mail = ["anna@example.com"]
        return rule
    }

    /// The tests count from here, in microseconds: what they put into the outbox is dated by the real clock.
    static let noon = Timestamp.now().microseconds

    static func with(_ body: (WatchDesk) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await ledger.migrate(
                component: FeedCursor.component,
                [
                    FeedCursor.migration, ParkedBatches.migration, FeedCursor.lengths, FeedGap.migration,
                    FeedWait.migration, ParkedBatches.subjects,
                ])
            try await DriftTable.migrate(ledger)
            let posts: [any Watchpost] = [
                ParkedPost(), GapPost(), BrokerPost(), OutagePost(patience: .seconds(120)), DriftPost(),
            ]
            try await body(
                WatchDesk(
                    ledger: ledger,
                    watchman: Watchman(ledger: ledger, book: Self.book, posts: posts, logger: Logger(label: "test"))))
            await ledger.close()
        }
    }

    static func at(_ seconds: Int64) -> Int64 { noon + seconds * 1_000_000 }

    /// What the watch says when it looks at that second, in the order in which it says it.
    func look(at seconds: Int64) async throws -> [Alert] {
        let count = try await watchman.look(at: Self.at(seconds))
        let alerts = try await said()
        #expect(count == alerts.count)
        return alerts
    }

    /// `raised due`, of who is to be told of an alert, in the order in which that was written down.
    func notices(of key: String) async throws -> [String] {
        try await ledger.read { try $0.notices(of: key) }.map { "\($0.occasion.rawValue) \($0.state.rawValue)" }
    }

    /// All that the watch has said and that is in the outbox comes back by the queue, in order or the last first.
    func arrive(inReverse: Bool = false) async throws {
        let bodies = try await ledger.read {
            try $0.query("SELECT body FROM outbox WHERE type = 'alert.raised.v1' ORDER BY sequence") { $0.blob(0) }
        }
        let handler = AlertHandler(Self.book)
        for body in inReverse ? bodies.reversed() : bodies {
            let message = try MessageReader().read(body)
            try await ledger.write { try handler.project(message, in: $0) }
        }
    }

    /// What lies in the outbox, which is emptied.
    private func said() async throws -> [Alert] {
        let rows = try await ledger.read {
            try $0.query("SELECT body, sequence FROM outbox ORDER BY sequence") { ($0.blob(0), $0.integer(1)) }
        }
        try await ledger.write { try $0.markPublished(rows.map(\.1)) }
        let reader = MessageReader()
        return try rows.map { body, _ in try #require(try reader.read(body).payload as? Alert) }
    }

    /// An order that failed, and whose body is kept.
    func fail(
        _ number: String, _ fingerprint: String = "ab12", code: String = "sku.unknown", category: String = "rejected",
        at seconds: Int64 = 0, sentence: String = "The ERP knows no FST-1."
    ) async throws {
        let order = try Self.order(number)
        let envelope = Envelope(
            for: order, as: Catalogue.orderPlaced, source: "store:web",
            time: Timestamp(microseconds: Self.noon) ?? .now())
        let body = MessageWriter().write(envelope, order)
        try await ledger.write { transaction in
            _ = try transaction.storePayload(
                id: number, body: body, properties: ["content_type": IncomingMessage.structured], at: 1)
            try transaction.recordDeadLetter(
                DeadLetterRecord(
                    id: number, queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1",
                    subject: number, revision: 1, code: code, category: category, sentence: sentence,
                    remedy: "Create the product.", fingerprint: fingerprint, attempts: 1,
                    firstFailedAt: Self.at(seconds), lastFailedAt: Self.at(seconds), payload: number))
        }
    }

    private static func order(_ number: String) throws -> Order {
        let example = try #require(Catalogue.examples(for: Catalogue.orderPlaced).first)
        var order = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Order)
        (order.number, order.revision) = (number, 1)
        return order
    }

    func move(_ id: String, from: DeadLetterState, to state: DeadLetterState) async throws {
        let isMoved = try await ledger.write { try $0.updateDeadLetter(id: id, from: from, to: state) }
        #expect(isMoved)
    }
}
