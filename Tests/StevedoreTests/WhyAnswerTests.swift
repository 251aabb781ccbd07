import Fleet
import Ledger
import Models
import Storefront
import Testing

@testable import Stevedore

@Suite("Why an answered order")
struct WhyAnswerTests {
    /// An order that the ERP has answered three days ago.
    private func answered(
        _ desk: WhyDesk, _ state: OrderStatus.State = .accepted, reason: OrderStatus.Reason? = nil,
        lines: [LineStatus] = [], erp: String? = "SO-4711"
    ) async throws {
        try await desk.note("W-1", day: 7)
        try await desk.answer("W-1", state: state.rawValue, erp: erp)
        try await desk.show("W-1", state, erp: erp, reason: reason, lines: lines)
    }

    @Test("accepted and nothing since: for how long, and when the feed looked")
    func absence() async throws {
        try await WhyDesk.with { desk in
            try await answered(desk)
            try await desk.feed("shipments", readAt: "11:59:00")
            let verdict = try await desk.verdict("W-1")
            #expect(
                verdict.sentence
                    == "The ERP accepted order W-1 as SO-4711 3d ago (2025-03-07T12:00:00Z); the store shows no "
                    + "shipment of it, and the feed last read shipments at 2025-03-10T11:59:00Z.")
            #expect(verdict.code == "accepted")
            #expect(verdict.next == "Nothing: no erp-feed runs that would hear of a change in the ERP.")
            #expect(verdict.remedy == "Start an erp-feed, or `stevedore up`.")
            try await desk.feed("shipments", readAt: "11:59:30", isRunning: true)
            let running = try await desk.verdict("W-1")
            #expect(running.next == "The feed reads shipments on, and tells the next change by itself.")
            #expect(running.remedy == nil)
        }
    }

    @Test("a feed that waits says for what, and a ledger without one that none has read")
    func waitingFeed() async throws {
        try await WhyDesk.with { desk in
            try await answered(desk)
            let without = try await desk.sentence("W-1")
            #expect(without.hasSuffix("shipment of it, and no feed has read shipments into this ledger."))
            let (since, until) = (try desk.at("11:00:00"), try desk.at("12:00:10"))
            try await desk.ledger.write { transaction in
                try transaction.noteWait(
                    FeedWait(
                        stream: "shipments", since: since, until: until, reason: "The ERP does not answer.",
                        remedy: "Look at the ERP."))
            }
            let verdict = try await desk.verdict("W-1")
            #expect(
                verdict.next
                    == "The feed waits for shipments since 2025-03-10T11:00:00Z and tries again at "
                    + "2025-03-10T12:00:10Z: The "
                    + "ERP does not answer.")
            #expect(verdict.remedy == "Look at the ERP.")
        }
    }

    @Test("where the store has no tables nothing is said to be missing")
    func postsAlone() async throws {
        try await WhyDesk.withBareLedger { ledger in
            try await WhyDesk(ledger: ledger).answer("W-1")
            let now = try #require(Timestamp(rfc3339: "2025-03-07T13:00:00Z"))
            let reader = WhyReader(question: WhyQuestion("W-1"))
            let report = try await ledger.read { try reader.read($0, now: now.microseconds) }
            #expect(
                report.verdict.sentence
                    == "The ERP accepted order W-1 as SO-4711 1h ago (2025-03-07T12:00:00Z); what was shipped since is "
                    + "not kept here, for the store is told by posts alone.")
        }
    }

    @Test("what is backordered is said with its promised date")
    func backordered() async throws {
        try await WhyDesk.with { desk in
            try await answered(desk, lines: [try desk.backordered("BOLT-8", "5", promised: "2025-03-20")])
            let sentence = try await desk.sentence("W-1")
            #expect(sentence.hasSuffix(" Backordered: 5 of BOLT-8 promised for 2025-03-20."))
        }
    }

    @Test("held, rejected and cancelled orders say why and since when")
    func businessAnswers() async throws {
        let limit = OrderStatus.Reason(code: "credit.hold", text: "Over the limit.")
        try await WhyDesk.with { desk in
            try await answered(desk, .held, reason: limit)
            let held = try await desk.verdict("W-1")
            #expect(
                held.sentence
                    == "The ERP holds order W-1 (SO-4711) since 2025-03-07T12:00:00Z: Over the limit (credit.hold).")
            #expect(held.next == "Nothing, until somebody releases it in the ERP; then a feed has to run to tell it.")
        }
        try await WhyDesk.with { desk in
            try await answered(desk, .rejected, reason: limit, erp: nil)
            let rejected = try await desk.sentence("W-1")
            #expect(rejected == "The ERP rejected order W-1 at 2025-03-07T12:00:00Z: Over the limit (credit.hold).")
        }
        try await WhyDesk.with { desk in
            try await answered(desk, .cancelled)
            let cancelled = try await desk.sentence("W-1")
            #expect(cancelled == "Order W-1 (SO-4711) is cancelled in the ERP since 2025-03-07T12:00:00Z.")
        }
    }

    @Test("a shipped order says with whom and under which numbers, whether it is asked by order or by number")
    func shipped() async throws {
        try await WhyDesk.with { desk in
            try await answered(desk, .shipped)
            let early = try await desk.sentence("W-1")
            #expect(
                early
                    == "Order W-1 (SO-4711) is shipped since 2025-03-07T12:00:00Z: the store shows no shipment of it, "
                    + "and no feed "
                    + "has read shipments into this ledger.")
            try await desk.ship("SH-1", of: "W-1", tracking: ["1Z92"])
            let shipped = try await desk.sentence("W-1")
            #expect(shipped == "Order W-1 (SO-4711) is shipped: shipment SH-1 left TAC on 2025-03-08 with UPS, 1Z92.")
            for name in ["1Z92", "SH-1", "1z 92"] {
                let shipment = try await desk.sentence(name)
                #expect(
                    shipment
                        == "Shipment SH-1 left TAC on 2025-03-08 with UPS, 1Z92, for order W-1; the store was told at "
                        + "2025-03-08T09:00:00Z.")
            }
        }
    }

    @Test("an order of which only the status has come says so")
    func neverNoted() async throws {
        try await WhyDesk.with { desk in
            try await desk.show("W-1", .held)
            let verdict = try await desk.verdict("W-1")
            #expect(
                verdict.sentence
                    == "The ERP holds order W-1 (SO-4711) since 2025-03-07T12:00:00Z. The store's own message of the "
                    + "order "
                    + "has never come.")
            #expect(verdict.code == "held.never-noted")
        }
    }

    @Test("an order keyed in the ERP is found by the ERP's number")
    func offline() async throws {
        let example = try #require(Catalogue.examples(for: Catalogue.orderOffline).first)
        var order = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? OfflineOrder)
        (order.number, order.state) = ("SO-9", .held)
        order.reason = OrderStatus.Reason(code: "credit.hold", text: "Over the limit.")
        let keyed = order
        try await WhyDesk.with { desk in
            let time = try desk.time("12:00:00", day: 7)
            try await desk.ledger.write { transaction in
                _ = try transaction.claimAndComplete(
                    WhyDesk.key("order.offline", "SO-9", 1), holder: "w", now: time.microseconds)
                try DatabaseStorefront().show(keyed, at: time, in: transaction)
            }
            let sentence = try await desk.sentence("SO-9")
            #expect(sentence == "The ERP holds order SO-9 since 2025-03-07T12:00:00Z: Over the limit (credit.hold).")
            let report = try await desk.ask("SO-9")
            let events = report.answers.flatMap { $0.timeline() }.map(\.what)
            #expect(events.contains("keyed in the ERP"))
            #expect(!events.contains("taken by the store, shown as received"))
        }
    }

    @Test("what the feed cannot read of an order is said beside how it stands")
    func unreadable() async throws {
        try await WhyDesk.with { desk in
            try await answered(desk, .held)
            let since = try desk.at("08:00:00")
            try await desk.ledger.write { transaction in
                let gap = FeedGap(
                    stream: "orders", key: "SO-4711", kind: .unreadable, reason: "no such state", since: since)
                _ = try transaction.noteGap(gap, now: since)
            }
            try await desk.feed("orders", readAt: "11:59:00")
            let verdict = try await desk.verdict("W-1")
            #expect(
                verdict.sentence
                    == "The ERP holds order W-1 (SO-4711) since 2025-03-07T12:00:00Z. What the ERP says of order W-1 "
                    + "cannot "
                    + "be read since 2025-03-10T08:00:00Z: no such state.")
            #expect(verdict.remedy == "Correct it in the ERP: its next change is read again.")
        }
    }
}
