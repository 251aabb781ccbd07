import ERP
import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Orders that the ERP has never answered, in a comparison")
struct ReconcileUnansweredTests {
    private static func letter(
        _ id: String, _ number: String, _ state: DeadLetterState = .open, type: String = "order.placed.v1"
    ) -> DeadLetterRecord {
        DeadLetterRecord(
            id: id, queue: "orders.to-erp.dead", flow: "orders.to-erp", type: type, subject: number, revision: 1,
            code: "sku.unknown", category: "rejected", sentence: "No.", fingerprint: "f", attempts: 1, firstFailedAt: 1,
            lastFailedAt: 1, state: state)
    }

    private static func orders(
        _ desk: ReconcileDesk, empty: Set<String> = Set(FleetTopology.flows)
    ) async throws -> ReconcileReport {
        try await desk.reconcile(empty: empty) { $0.kinds = [.orders] }
    }

    @Test("one that lies in a dead-letter queue is explained, with the command that shows it; the ERP is not asked")
    func deadLetter() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.take("W-7")
            try await desk.ledger.write { try $0.recordDeadLetter(Self.letter("L-7", "W-7")) }
            let report = try await Self.orders(desk)
            #expect(report.drifted == 0 && report.count(.explained) == 1 && report.count(.equal) == 3)
            let text = report.sample("W-7")?.excuseText
            #expect(text == "dead letter sku.unknown in orders.to-erp: `dead-letter show L-7`")
            #expect(desk.erp.finds == 0)
        }
    }

    @Test("a letter of something else that has its number explains nothing")
    func foreignLetter() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.take("W-7")
            try await desk.ledger.write { try $0.recordDeadLetter(Self.letter("L-7", "W-7", type: "product.v1")) }
            let report = try await Self.orders(desk)
            #expect(report.count(.missingInERP) == 1)
        }
    }

    @Test("one that waits in a queue or to be tried again is on its way, and the ERP is not asked")
    func queued() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.take("W-7")
            let report = try await Self.orders(desk, empty: [])
            #expect(report.drifted == 0 && report.sample("W-7")?.outcome == .onItsWay)
            #expect(desk.erp.finds == 0)
        }
    }

    @Test("one that a worker has in hand, or that was replayed, is on its way although its queue is empty")
    func inHand() async throws {
        try await ReconcileDesk.with { desk in
            for number in ["W-7", "W-8"] { try await desk.take(number) }
            let key = ClaimKey(family: "order", subject: "W-7", revision: 1, hash: ContentDigest(high: 1, low: 1))
            try await desk.ledger.write { transaction in
                _ = try transaction.claim(
                    key, holder: "worker", lease: .seconds(60), now: Timestamp.now().microseconds)
                try transaction.recordDeadLetter(Self.letter("L-8", "W-8", .replayed))
            }
            let report = try await Self.orders(desk)
            #expect(report.drifted == 0)
            #expect(report.sample("W-7")?.outcome == .onItsWay && report.sample("W-8")?.outcome == .onItsWay)
        }
    }

    @Test("one that nothing explains is missing in the ERP, and is said to need publishing again")
    func lost() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.take("W-7")
            let report = try await desk.repair()
            #expect(report.count(.missingInERP) == 1 && report.repairable == 0 && report.repair?.sent == 0)
            let words = report.sample("W-7")?.step?.words ?? ""
            #expect(words.contains("publish it again") && words.contains("stevedore why W-7"))
            #expect(desk.erp.finds > 0)
        }
    }

    @Test("one whose letter was given up, and which buyers still see as open, is missing in the ERP")
    func discarded() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.take("W-7")
            try await desk.ledger.write { try $0.recordDeadLetter(Self.letter("L-7", "W-7", .discarded)) }
            let report = try await Self.orders(desk)
            #expect(report.count(.missingInERP) == 1)
            #expect(report.sample("W-7")?.step?.words.hasPrefix("Its dead letter L-7 was discarded") == true)
        }
    }

    @Test("one that the ERP has after all differs, for the store does not know of the answer")
    func answered() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.take("W-7")
            desk.erp.change(.order(try ReconcileGoods.erpOrder("W-7")))
            desk.erp.hide("W-7")
            let report = try await Self.orders(desk)
            #expect(report.sample("W-7")?.outcome == .differing)
        }
    }

    @Test("however many there are, each is judged by itself")
    func many() async throws {
        try await ReconcileDesk.with { desk in
            for number in 100..<340 { try await desk.take("W-\(number)") }
            try await desk.ledger.write { transaction in
                for number in 100..<220 {
                    try transaction.recordDeadLetter(Self.letter("L-\(number)", "W-\(number)"))
                }
            }
            let report = try await Self.orders(desk)
            #expect(report.count(.explained) == 120 && report.count(.missingInERP) == 120)
            #expect(report.count(.equal) == 3)
        }
    }

    @Test(
        "within the time to settle an order is on its way, and after that its queue decides",
        arguments: [(29, true, true), (31, true, false), (31, false, true), (29, false, true)])
    func age(seconds: Int, isQueueEmpty: Bool, isOnItsWay: Bool) {
        let order = UnansweredOrder(takenAt: 1_000_000_000)
        let now = 1_000_000_000 + Int64(seconds) * 1_000_000
        let judged = order.judged(at: now, settle: .seconds(30), isQueueEmpty: isQueueEmpty)
        #expect((judged.excuse != nil) == isOnItsWay)
    }

    @Test("of an order that nobody has noted the age is not known: it is old")
    func ageless() {
        let judged = UnansweredOrder().judged(at: 1, settle: .seconds(3_600), isQueueEmpty: true)
        #expect(judged.excuse == nil)
    }
}
