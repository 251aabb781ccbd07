import Ledger
import Models
import Storefront
import Testing

@testable import AlertsWorker
@testable import Fleet

/// Somebody has to know of what is away for two minutes here.
@Suite("Planned windows raise no alarms")
struct PlannedOutageWatchTests {
    private func plan(_ desk: WatchDesk, _ destination: String = "erp", from: Int64, to: Int64) async throws {
        try await desk.ledger.write { transaction in
            _ = try transaction.plan(
                MaintenanceWindow(
                    destination: destination, startsAt: WatchDesk.at(from), endsAt: WatchDesk.at(to), reason: "Update.",
                    plannedBy: "anna", plannedAt: WatchDesk.at(-1_000)))
        }
    }

    private func pause(
        _ desk: WatchDesk, since: Int64 = 0, seen: Int64, code: String = "erp.unavailable"
    ) async throws {
        let pause = FlowPause(
            queue: "orders.to-erp", holder: "w-1", since: WatchDesk.at(since), code: code, reason: "Away.",
            remedy: "Wait.")
        try await desk.ledger.write { try $0.record(pause, now: WatchDesk.at(seen)) }
    }

    private func feedWait(_ desk: WatchDesk, until: Int64) async throws {
        let wait = FeedWait(
            stream: "orders", since: WatchDesk.at(0), until: WatchDesk.at(until), reason: "Away.", remedy: "Wait.")
        try await desk.ledger.write { try $0.noteWait(wait) }
    }

    @Test("nothing is raised in one, and what is away after it is so since its end")
    func within() async throws {
        try await WatchDesk.with { desk in
            try await plan(desk, from: 0, to: 1_000)
            for second: Int64 in [130, 500, 999] {
                try await pause(desk, seen: second, code: MaintenanceWindow.code)
                try await feedWait(desk, until: second + 20)
                let quiet = try await desk.look(at: second)
                #expect(quiet.isEmpty, "at \(second)")
            }
            try await pause(desk, seen: 1_010)
            let early = try await desk.look(at: 1_010)
            try await pause(desk, seen: 1_119)
            let stillEarly = try await desk.look(at: 1_119)
            try await pause(desk, seen: 1_121)
            let raised = try await desk.look(at: 1_121)
            #expect(early.isEmpty && stillEarly.isEmpty)
            #expect(raised.map(\.key) == ["outage/erp"])
            #expect(raised.map(\.raisedAt.microseconds) == [WatchDesk.at(1_000)])
        }
    }

    @Test("a worker that has not said yet that the system is still away is heard all the same")
    func silent() async throws {
        try await WatchDesk.with { desk in
            try await plan(desk, from: 0, to: 100)
            try await pause(desk, seen: 215, code: MaintenanceWindow.code)
            let early = try await desk.look(at: 215)
            try await pause(desk, seen: 225, code: MaintenanceWindow.code)
            let raised = try await desk.look(at: 225)
            #expect(early.isEmpty && raised.map(\.key) == ["outage/erp"])
        }
    }

    @Test("one that is cancelled counts to its cancellation")
    func cancelled() async throws {
        try await WatchDesk.with { desk in
            try await plan(desk, from: 0, to: 1_000)
            try await desk.ledger.write { _ = try $0.cancelWindow(number: 1, at: WatchDesk.at(200)) }
            try await pause(desk, seen: 310)
            let early = try await desk.look(at: 310)
            try await pause(desk, seen: 321)
            let raised = try await desk.look(at: 321)
            #expect(early.isEmpty && raised.map(\.raisedAt.microseconds) == [WatchDesk.at(200)])
        }
    }

    @Test("an alarm that is open when one begins ends, and is raised anew when it outlasts it")
    func overtaken() async throws {
        try await WatchDesk.with { desk in
            try await pause(desk, seen: 130)
            let raised = try await desk.look(at: 130)
            #expect(raised.map(\.state) == [.open])
            try await plan(desk, from: 140, to: 1_000)
            try await pause(desk, seen: 145)
            let planned = try #require(try await desk.look(at: 145).first)
            #expect(planned.state == .resolved && planned.sentence.hasPrefix("It is planned now that the ERP is away"))
            try await pause(desk, seen: 500)
            let quiet = try await desk.look(at: 500)
            #expect(quiet.isEmpty)
            try await pause(desk, seen: 1_121)
            let again = try #require(try await desk.look(at: 1_121).first)
            #expect(again.state == .open && again.raisedAt.microseconds == WatchDesk.at(1_000))
        }
    }

    @Test("one for another system, or for a part that works, silences nothing")
    func others() async throws {
        try await WatchDesk.with { desk in
            try await plan(desk, "store", from: 0, to: 1_000)
            try await plan(desk, "erp.changes", from: 0, to: 1_000)
            try await feedWait(desk, until: 140)
            try await pause(desk, seen: 130)
            let alert = try #require(try await desk.look(at: 130).first)
            #expect(alert.key == "outage/erp" && alert.count == 1, "the feed is to be away")
        }
    }

    @Test("a store that takes no posts is an outage, as the fleet knows it, unless that is planned")
    func store() async throws {
        try await WatchDesk.with { desk in
            try await WebhookStorefront.migrate(desk.ledger)
            let away = Failure(
                code: "http.not-sent.refused", category: .unavailable, sentence: "Nobody listens.", remedy: "Start it.")
            try await desk.ledger.write { transaction in
                var outage = try transaction.noteAbsence(of: "store.webhook", because: away, at: WatchDesk.at(0)).outage
                outage.probed(by: "w", away, at: WatchDesk.at(125))
                try transaction.save(outage)
            }
            let idle = try await desk.look(at: 126)
            #expect(idle.isEmpty, "no post waits")
            try await Self.post(desk.ledger)
            try await plan(desk, "store", from: 120, to: 130)
            let planned = try await desk.look(at: 128)
            #expect(planned.isEmpty)
            try await desk.ledger.write { transaction in
                var outage = try #require(try transaction.standingOutage(of: "store.webhook"))
                outage.probed(by: "w", away, at: WatchDesk.at(251))
                try transaction.save(outage)
            }
            let alert = try #require(try await desk.look(at: 252).first)
            #expect(alert.key == "outage/store" && alert.sentence.contains("Nobody listens."))
        }
    }

    /// One waits.
    private static func post(_ ledger: Ledger) async throws {
        try await ledger.write { transaction in
            _ = try transaction.execute(
                """
                INSERT INTO store_webhook_post (family, subject, revision, id, type, waiting_since, available_at, body)
                VALUES ('stock', 'A/B', 1, 'm-1', 'stock.v1', 1, 1, x'7B7D')
                """)
        }
    }
}
