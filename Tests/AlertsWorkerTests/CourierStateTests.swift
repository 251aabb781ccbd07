import FleetTesting
import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("What a courier has in the ledger", .timeLimit(.minutes(1)))
struct CourierStateTests {
    @Test("a process that dies with a mail in hand leaves it to the next, which sends it under the same id")
    func takeover() async throws {
        let mailbox = try await Mailbox()
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let dying = ScriptedCarrier { _ in
                _ = try? await Task.sleep(for: .seconds(60))
                return .none
            }
            let first = desk.courier(mail: dying)
            let running = Task { await first.work(as: "first") }
            try await eventually("a mail in hand") { dying.carried.count == 1 }
            running.cancel()
            await running.value
            let left = try #require(try await desk.notice("one", for: "ann@example.com"))
            #expect(left.state == .due && left.message == dying.carried.first?.message)
            // It has died, so nobody hands over: the next one waits for the end of the lease.
            try await desk.ledger.write { transaction in
                _ = try transaction.takeMaintenance(
                    Courier.task, holder: "first", lease: .milliseconds(300), now: Timestamp.now().microseconds)
            }
            let second = desk.courier(mail: try CourierDesk.mail(mailbox.url))
            try await desk.working(second, as: "second") { try await desk.settled() }
            let mails = try mailbox.received()
            #expect(mails.count == 1)
            #expect(mails.first?.rawHeader("Message-ID") == left.message.map { "<\($0)>" })
        }
    }

    @Test("a courier that is stopped finishes the letter in hand, begins no other, and hands the task over")
    func stop() async throws {
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com", "bob@example.com")
            let (isOpen, open) = AsyncStream.makeStream(of: Void.self)
            let carrier = ScriptedCarrier { _ in
                for await _ in isOpen { break }
                return .sent
            }
            let courier = desk.courier(mail: carrier)
            let running = Task { await courier.work(as: "a") }
            try await eventually("a letter in hand") { carrier.carried.count == 1 }
            courier.stop()
            open.yield()
            open.finish()
            await running.value
            let notices = try await desk.notices("one")
            #expect(carrier.carried.count == 1)
            #expect(notices.count { $0.state == .sent } == 1 && notices.count { $0.state == .due } == 1)
            let isTaken = try await desk.ledger.read {
                try $0.isMaintained(Courier.task, now: Timestamp.now().microseconds)
            }
            #expect(!isTaken)
        }
    }

    @Test("a server that is down is asked once, not once for every letter")
    func rest() async throws {
        try await CourierDesk.with { desk in
            try await desk.save(CourierDesk.alert("one"))
            for number in 1...50 { try await desk.tell("one", "p\(number)@example.com") }
            let carrier = ScriptedCarrier { _ in .down(ScriptedCarrier.trouble) }
            var settings = CourierDesk.quick
            settings.schedule = CourierSchedule()
            try await desk.working(desk.courier(mail: carrier, settings: settings)) {
                try await eventually("a try in vain") { try await desk.tries() > 0 }
            }
            let reasons = Set(try await desk.notices("one").compactMap(\.reason))
            #expect(carrier.carried.count == 1)
            #expect(reasons == ["Nobody is there. Wait."])
        }
    }

    @Test("a rest ends with the first answer, and each one doubles until a quarter of an hour")
    func schedule() {
        let (schedule, start) = (CourierSchedule(), ContinuousClock.now)
        let delays = [1, 2, 3, 6, 64].map { schedule.delay(after: $0, spread: 0.5) }
        #expect(delays == [.seconds(30), .seconds(60), .seconds(120), .seconds(900), .seconds(900)])
        #expect(schedule.delay(after: 1, spread: 0) == .seconds(24))
        var rest = CourierRest()
        let first = rest.begin(ScriptedCarrier.trouble, atLeast: nil, schedule, now: start)
        let second = rest.begin(ScriptedCarrier.trouble, atLeast: .seconds(3_600), schedule, now: start)
        #expect(first.isNews && !second.isNews && second.rest == .seconds(3_600))
        #expect(!rest.isOver(start + .seconds(3_599)) && rest.isOver(start + .seconds(3_600)))
        let (wasDown, isDown) = (rest.end(), rest.end())
        #expect(wasDown && !isDown && rest.isOver(start))
    }

    @Test(
        "what need not be said any more is not: an alert that ended, one that is looked after, an episode that is over")
    func dropped() async throws {
        try await CourierDesk.with { desk in
            for key in ["ended", "untold"] {
                try await desk.save(CourierDesk.resolved(key))
                try await desk.tell(key, "ann@example.com")
            }
            try await desk.tell("untold", "ann@example.com", .resolved)
            for key in ["attended", "anew", "open"] { try await desk.save(CourierDesk.alert(key)) }
            let isOurs = try await desk.ledger.write {
                try $0.acknowledgeAlert(key: "attended", by: "bob", note: nil, now: 1)
            }
            try await desk.tell("attended", "ann@example.com", .escalated)
            try await desk.tell("gone", "ann@example.com")
            try await desk.tell("open", "ann@example.com")
            try await desk.save(CourierDesk.alert("anew", began: .now()))
            try await desk.tell("anew", "ann@example.com")
            let carrier = ScriptedCarrier { _ in .sent }
            try await desk.working(desk.courier(mail: carrier)) { try await desk.settled() }
            #expect(isOurs)
            #expect(carrier.carried.flatMap(\.items).map(\.record.alert.key) == ["open"])
            for key in ["ended", "untold", "attended", "anew", "gone"] {
                let notices = try await desk.notices(key)
                #expect(!notices.isEmpty && notices.allSatisfy { $0.state == .dropped && $0.reason != nil })
            }
        }
    }

    @Test("rows that were tried together stay together, and what is new goes out beside them")
    func together() async throws {
        try await CourierDesk.with { desk in
            for key in ["one", "two"] { try await desk.raise(key, "ann@example.com") }
            let carrier = ScriptedCarrier { number in number == 0 ? .later(ScriptedCarrier.trouble) : .sent }
            try await desk.working(desk.courier(mail: carrier)) {
                try await eventually("a first try") { try await desk.tries() > 0 }
                try await desk.raise("three", "ann@example.com")
                try await desk.settled()
            }
            let letters = carrier.carried
            let retried = letters.filter { $0.message == letters.first?.message }
            #expect(letters.count == 3 && retried.count == 2)
            #expect(retried.allSatisfy { $0.notices.count == 2 })
        }
    }

    @Test("without a mail server what is due waits, and health says what to set")
    func missing() async throws {
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let courier = desk.courier()
            try await desk.working(courier) {
                try await eventually("a try in vain") { try await desk.tries() > 0 }
            }
            let check = await courier.check()
            let samples = await courier.samples()
            #expect(check.isUp && check.detail.contains("alerts.mail"))
            #expect(samples["stevedore_alerts_waiting"] == ["{channel=\"mail\"} 1", "{channel=\"webhook\"} 0"])
            // Later there is one, and the id that was chosen without it still does.
            let mailbox = try await Mailbox()
            try await desk.working(desk.courier(mail: try CourierDesk.mail(mailbox.url))) { try await desk.settled() }
            #expect(try mailbox.received().count == 1)
        }
    }

    @Test("an id tells when its letter was first tried")
    func time() throws {
        let time = try #require(AlertMessageID.time(of: AlertMessageID.next(domain: "example.com")))
        #expect(abs(time - Timestamp.now().microseconds) < 60_000_000)
        #expect(AlertMessageID.time(of: "nonsense") == nil && AlertMessageID.time(of: "") == nil)
    }
}
