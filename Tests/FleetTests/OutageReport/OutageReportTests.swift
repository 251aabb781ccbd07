import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet

@Suite("The report of an outage")
struct OutageReportTests {
    private static let second: Int64 = 1_000_000
    private static let start: Int64 = 1_700_000_000_000_000

    private static func with(_ body: (Ledger) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            try await body(ledger)
            await ledger.close()
        }
    }

    private static func begun(_ destination: String) -> Outage {
        let failure = Failure(
            code: "x.unavailable", category: .unavailable, sentence: "Nothing listens there.", remedy: "Start it.")
        return Outage(number: 1, of: destination, because: failure, at: start)
    }

    /// So many seconds after its beginning.
    private static func report(_ outage: Outage, after seconds: Int64, _ ledger: Ledger) async throws -> OutageReport {
        let now = start + seconds * second
        return try await ledger.write { transaction in
            try transaction.save(outage)
            return try OutageReport(outage, transaction, now: now)
        }
    }

    private static func notice(_ recipient: String, due seconds: Int64) -> AlertNotice {
        AlertNotice(
            alert: "a", episode: 1, rule: "r", occasion: .raised, channel: .mail, recipient: recipient,
            dueAt: start + seconds * second)
    }

    @Test("who asks is said, and when the next time is; nobody, where no worker runs")
    func probing() async throws {
        try await Self.with { ledger in
            var outage = Self.begun("erp")
            #expect(try await Self.report(outage, after: 0, ledger).probing == "Not asked yet. Asked again at once.")
            _ = outage.turn(for: "w-1", at: Self.start + Self.second)
            #expect(try await Self.report(outage, after: 2, ledger).probing == "Not asked yet. w-1 is asking.")
            outage.probed(by: "w-1", outage.failure, at: Self.start + 2 * Self.second)
            let asked = try await Self.report(outage, after: 2, ledger).probing
            #expect(asked == "Asked once, last 0s ago. Asked again in 2s.")
            let alone = try await Self.report(outage, after: 90, ledger).probing
            #expect(alone?.contains("Nobody asks") == true)
            outage.probed(by: "w-1", nil, at: Self.start + 100 * Self.second)
            let tried = try await Self.report(outage, after: 100, ledger)
            #expect(tried.probing?.contains("w-1 tries it alone: it is over when 1 call went well.") == true)
            #expect(tried.standing == .trying)
        }
    }

    @Test("what waits in the ledger for a mail server is counted without a broker")
    func mail() async throws {
        try await Self.with { ledger in
            let notices = [
                Self.notice("a@example.com", due: -60), Self.notice("b@example.com", due: 0),
                Self.notice("c@example.com", due: 500),
            ]
            try await ledger.write { transaction in
                for notice in notices { try transaction.add(notice) }
            }
            let report = try await Self.report(Self.begun("mail"), after: 10, ledger)
            #expect(!report.needsBroker && report.waiting == 2)
            #expect(report.posts?.oldest == Self.start - 60 * Self.second)
            #expect(report.headline == "The mail server cannot be reached for 10s.")
        }
    }

    @Test("a planned one says so, and until when")
    func planned() async throws {
        try await Self.with { ledger in
            let window = MaintenanceWindow(
                destination: "erp", startsAt: Self.start, endsAt: Self.start + 3_600 * Self.second,
                reason: "The ERP is upgraded.", plannedBy: "anna", plannedAt: Self.start)
            let outage = try await ledger.write { transaction in
                try transaction.plan(window)
                return try transaction.meetWindow(of: "erp", at: Self.start).absence.outage
            }
            let report = try await Self.report(try #require(outage), after: 600, ledger)
            #expect(report.window?.reason == "The ERP is upgraded.")
            #expect(report.headline == "The ERP cannot be reached for 10m, as was planned.")
            #expect(report.probing == "Not asked yet. Asked again in 50m.")
            // The window's own outage, an hour after its end.
            let late = try await Self.report(try #require(outage), after: 7_200, ledger)
            #expect(late.headline == "The ERP cannot be reached for 2h, longer than was planned.")
        }
    }

    @Test("orders that workers hold wait as well, though the broker does not count them")
    func held() async throws {
        try await Self.with { ledger in
            let message = try MessageReader().read(try Samples.orderBody("W-1"))
            try await ledger.write { try $0.noteLastWord(message, isCancelled: false, at: Self.start) }
            let report = try await Self.report(Self.begun("erp"), after: 5, ledger)
            let counted = report.counted([FlowBacklog(flow: "orders.to-erp", ready: 0, workers: 2)], at: Self.start)
            #expect(counted.backlog?.first?.inHand == 1 && counted.waiting == 1)
            let ready = report.counted([FlowBacklog(flow: "orders.to-erp", ready: 1, workers: 2)], at: Self.start)
            #expect(ready.waiting == 1, "none is counted twice")
        }
    }

    @Test("what a worker has in hand waits as well, and one that pauses is there")
    func inHand() async throws {
        try await Self.with { ledger in
            let now = Self.start + 10 * Self.second
            let pause = FlowPause(
                queue: "orders.to-erp", holder: "w-1", since: Self.start, code: "x", reason: "Away.", remedy: "Wait.")
            _ = try await ledger.write { transaction in
                try transaction.record(pause, now: now)
                return try transaction.execute(
                    """
                    INSERT INTO subject_state (family, subject, fence, lease_holder, lease_until)
                    VALUES ('order', 'W-1', 1, 'w-1', ?), ('order', 'W-2', 1, 'w-1', 5), ('order', 'W-3', 1, NULL, NULL)
                    """, .integer(now + 1))
            }
            let report = try await Self.report(Self.begun("erp"), after: 10, ledger)
            let counted = report.counted([FlowBacklog(flow: "orders.to-erp", ready: 4, retrying: 2)], at: now)
            #expect(counted.waiting == 7)
            #expect(counted.backlog?.first?.inHand == 1 && counted.backlog?.first?.workersText == "1 paused")
            // What the broker knows of it is more.
            let more = report.counted([FlowBacklog(flow: "orders.to-erp", ready: 4, inHand: 9, workers: 2)], at: now)
            #expect(more.waiting == 13 && more.backlog?.first?.workersText == "2, 1 paused")
        }
    }

    @Test("orders that wait for a person are said to, beside those that wait for the ERP")
    func deadLetters() async throws {
        try await Self.with { ledger in
            var report = try await Self.report(Self.begun("erp"), after: 10, ledger)
            report.orders = WaitingOrders(count: 2)
            report.orders?.deadLetters = 3
            #expect(
                report.stakes == [
                    "2 orders wait for the ERP.",
                    "3 orders beside wait for a person, and not for the ERP: they are dead letters (`dead-letter groups`).",
                ])
        }
    }

    @Test("a window is told by its own number")
    func windowNumber() {
        let window = MaintenanceWindow(
            number: 7, destination: "erp", startsAt: 0, endsAt: 1, reason: "Update", plannedBy: "anna", plannedAt: 0)
        #expect(window.failure.sentence.contains("(window 7): Update."))
    }

    @Test("what waited a moment ago stands for what the broker does not say, and nothing older does")
    func stale() async throws {
        try await Self.with { ledger in
            let sample = OutageSample(outage: 1, at: Self.start, queue: "orders.to-erp", ready: 12)
            try await ledger.write { try $0.record(sample) }
            #expect(try await Self.report(Self.begun("erp"), after: 60, ledger).waiting == 12)
            let old = try await Self.report(Self.begun("erp"), after: 600, ledger)
            #expect(old.waiting == nil && old.drainSentence.contains("cannot be said"))
        }
    }

    @Test("whoever is told once is told why, what to do, and what became a dead letter")
    func sentences() async throws {
        try await Self.with { ledger in
            let letter = DeadLetterRecord(
                id: "m-1", queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1", subject: "W-1",
                revision: 1, code: "sku.unknown", category: "rejected", sentence: "No.", fingerprint: "f", attempts: 1,
                firstFailedAt: Self.start + 5, lastFailedAt: Self.start + 5)
            try await ledger.write { try $0.recordDeadLetter(letter) }
            let lasting = try await Self.report(Self.begun("erp"), after: 60, ledger).sentences
            #expect(lasting.first == "The ERP cannot be reached for 1m.")
            #expect(lasting.contains("What to do: Start it."))
            var outage = Self.begun("erp")
            outage.ended(at: Self.start + 60 * Self.second)
            outage.drainedAt = Self.start + 90 * Self.second
            let over = try await Self.report(outage, after: 600, ledger).sentences
            #expect(over.first == "The ERP was away for 1m.")
            #expect(over.contains("All that had waited was worked off 30s after the end."))
            let words = over.joined(separator: " ")
            #expect(words.contains("1 message became a dead letter meanwhile: 1 sku.unknown; 1 still wait"))
        }
    }
}
