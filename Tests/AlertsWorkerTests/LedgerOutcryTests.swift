import FleetTesting
import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("That the ledger cannot be written is told without it", .timeLimit(.minutes(2)))
struct LedgerOutcryTests {
    @Test("once when that has lasted, again after the quiet time, and once when it can be written")
    func whole() async throws {
        let (ledger, mail) = (BrokenLedger(), ScriptedCarrier { _ in .sent })
        let desk = OutcryDesk(ledger.pulse(), [.mail: mail])
        ledger.fail(BrokenLedger.full)
        await desk.pass(0, 25)
        #expect(mail.carried.isEmpty)
        await desk.look(at: 30)
        #expect(OutcryDesk.lines(mail) == ["anna@example.com raised"])
        let alert = try #require(mail.carried.first?.items.first?.record.alert)
        #expect(alert.key == "ledger/unwritable" && alert.code == "ledger.unwritable")
        #expect(alert.severity == .critical && alert.raisedAt.microseconds == WatchDesk.at(0))
        #expect(alert.sentence.contains("nothing is lost") && alert.sentence.contains("no room left"))
        #expect(alert.remedy.contains("Free some space") && alert.contractFaults.isEmpty)
        await desk.pass(35, 3_625, by: 10)
        #expect(mail.carried.count == 1)
        await desk.look(at: 3_630)
        #expect(OutcryDesk.lines(mail).last == "anna@example.com again")
        ledger.fail(nil)
        await desk.pass(3_635, 3_660)
        #expect(mail.carried.count == 2)
        await desk.pass(3_665, 3_900)
        #expect(OutcryDesk.lines(mail).dropFirst(2) == ["anna@example.com resolved"])
        #expect(OutcryDesk.sentence(mail).contains("can be written again, 1h 1m after"))
        #expect(mail.carried.last?.thread == mail.carried.first?.message)
    }

    @Test("what is over before the patience is told to nobody, and counts for nothing later")
    func short() async {
        let (ledger, mail) = (BrokenLedger(), ScriptedCarrier { _ in .sent })
        let desk = OutcryDesk(ledger.pulse(), [.mail: mail])
        for start: Int64 in [0, 30, 60] {
            ledger.fail(.busy(path: "ledger.db", waited: .seconds(10)))
            await desk.pass(start, start + 20)
            ledger.fail(nil)
            await desk.look(at: start + 25)
        }
        #expect(mail.carried.isEmpty)
    }

    @Test("what fails again before it was mended for long is the same, and no end is told")
    func flapping() async {
        let (ledger, mail) = (BrokenLedger(), ScriptedCarrier { _ in .sent })
        let desk = OutcryDesk(ledger.pulse(), [.mail: mail])
        for start: Int64 in [0, 60, 120] {
            ledger.fail(BrokenLedger.full)
            await desk.pass(start, start + 35)
            ledger.fail(nil)
            await desk.pass(start + 40, start + 55)
        }
        #expect(OutcryDesk.lines(mail) == ["anna@example.com raised"])
        await desk.pass(180, 240)
        #expect(OutcryDesk.lines(mail) == ["anna@example.com raised", "anna@example.com resolved"])
        ledger.fail(BrokenLedger.full)
        await desk.pass(300, 335)
        #expect(OutcryDesk.lines(mail).last == "anna@example.com raised" && mail.carried.count == 3)
        #expect(mail.carried.last?.thread == nil)
    }

    @Test("a disk without room counts, though a write still finds some in the log")
    func noRoom() async {
        let (ledger, mail) = (BrokenLedger(), ScriptedCarrier { _ in .sent })
        let desk = OutcryDesk(ledger.pulse(), [.mail: mail])
        ledger.leave(1 << 20)
        await desk.pass(0, 60)
        #expect(mail.carried.isEmpty)
        ledger.leave((1 << 20) - 1)
        await desk.pass(65, 95)
        #expect(OutcryDesk.lines(mail) == ["anna@example.com raised"])
        #expect(OutcryDesk.sentence(mail).contains("There is no room left to write the ledger ledger.db."))
    }

    @Test("a write that never comes back counts, and a machine that slept meanwhile does not")
    func hanging() async {
        let (answer, mail) = (AsyncStream.makeStream(of: Void.self), ScriptedCarrier { _ in .sent })
        let pulse = LedgerPulse(
            path: "ledger.db", write: { for await _ in answer.stream {} }, room: { nil })
        let desk = OutcryDesk(pulse, [.mail: mail])
        pulse.begin(at: WatchDesk.at(0))
        await desk.outcry.judge(at: WatchDesk.at(4_000))
        #expect(mail.carried.isEmpty)
        for second in stride(from: Int64(4_005), through: 4_030, by: 5) {
            await desk.outcry.judge(at: WatchDesk.at(second))
        }
        #expect(OutcryDesk.lines(mail) == ["anna@example.com raised"])
        #expect(OutcryDesk.sentence(mail).contains("does not come back"))
        answer.continuation.finish()
        await desk.pass(4_035, 4_070)
        #expect(OutcryDesk.lines(mail).last == "anna@example.com resolved")
    }

    @Test("whom the rules do not name for it hears nothing, and a webhook hears it, too")
    func rules() async {
        let (ledger, mail, post) = (BrokenLedger(), ScriptedCarrier { _ in .sent }, ScriptedCarrier { _ in .sent })
        var others = AlertRule(name: "products")
        (others.when.codes, others.mail) = (["sku.*"], ["bob@example.com"])
        var meant = AlertRule(name: "machine")
        (meant.when.codes, meant.mail, meant.webhook) = (["ledger.*"], ["cas@example.com"], true)
        meant.digest = .seconds(3_600)
        let desk = OutcryDesk(ledger.pulse(), [.mail: mail, .webhook: post], rules: [others, meant])
        ledger.fail(BrokenLedger.full)
        await desk.pass(0, 60)
        #expect(OutcryDesk.lines(mail) == ["cas@example.com raised"])
        #expect(OutcryDesk.lines(post) == ["https://ops.example/hook raised"])
    }

    @Test("what is not taken goes out again under the same id, and the end is told to nobody who heard nothing")
    func again() async {
        let (ledger, mail) = (BrokenLedger(), ScriptedCarrier { $0 < 2 ? .down(ScriptedCarrier.trouble) : .sent })
        let dead = ScriptedCarrier { _ in .down(ScriptedCarrier.trouble) }
        var rule = OutcryDesk.rule
        rule.webhook = true
        let desk = OutcryDesk(ledger.pulse(), [.mail: mail, .webhook: dead], rules: [rule])
        ledger.fail(BrokenLedger.full)
        await desk.pass(0, 200)
        #expect(OutcryDesk.lines(mail) == Array(repeating: "anna@example.com raised", count: 3))
        #expect(Set(mail.carried.map(\.message)).count == 1)
        ledger.fail(nil)
        await desk.pass(205, 2_000)
        #expect(OutcryDesk.lines(mail).dropFirst(3) == ["anna@example.com resolved"])
        #expect(Set(OutcryDesk.lines(dead)) == ["https://ops.example/hook raised"])
    }

    @Test("of several processes on one ledger one tells it, and another when that one has ended")
    func turns() async throws {
        try await CourierDesk.with { desk in
            let path = desk.ledger.path
            let (broken, mail, other) = (BrokenLedger(), ScriptedCarrier { _ in .sent }, ScriptedCarrier { _ in .sent })
            let first = OutcryDesk(broken.pulse(), [.mail: mail], path: path)
            let second = OutcryDesk(broken.pulse(), [.mail: other], path: path)
            broken.fail(BrokenLedger.full)
            for at in stride(from: Int64(0), through: 60, by: 5) {
                await first.look(at: at)
                await second.look(at: at)
            }
            #expect(mail.carried.count == 1 && other.carried.isEmpty)
            // It gives the turn back when it ends.
            first.outcry.stop()
            await first.outcry.work()
            await second.look(at: 65)
            #expect(mail.carried.count == 1 && OutcryDesk.lines(other) == ["anna@example.com raised"])
        }
    }

    @Test("by itself, as a mail that says what to do and asks nobody to note anything in the ledger")
    func mail() async throws {
        let mailbox = try await Mailbox()
        let ledger = BrokenLedger()
        let desk = OutcryDesk(
            ledger.pulse(), [.mail: try CourierDesk.mail(mailbox.url)], patience: .milliseconds(20),
            interval: .milliseconds(5))
        let working = Task { await desk.outcry.work() }
        defer { desk.outcry.stop() }
        ledger.fail(BrokenLedger.full)
        let raised = try await mailbox.received(atLeast: 1)
        let (subject, text) = (raised.first?.header("Subject") ?? "", raised.first?.text ?? "")
        #expect(subject.hasPrefix("[Stevedore] CRITICAL: The ledger cannot be written"))
        #expect(text.contains("df -h nowhere") && text.contains("Free some space"))
        #expect(!text.contains("stevedore alerts acknowledge"))
        ledger.fail(nil)
        let ended = try await mailbox.received(atLeast: 2)
        #expect(ended.last?.header("Subject")?.contains("Resolved: The ledger can be written again") == true)
        desk.outcry.stop()
        await working.value
    }

    @Test("a write that hangs holds up no shutdown")
    func shutdown() async {
        let (begun, answer) = (AsyncStream.makeStream(of: Void.self), AsyncStream.makeStream(of: Void.self))
        let pulse = LedgerPulse(
            path: "ledger.db",
            write: {
                begun.continuation.finish()
                for await _ in answer.stream {}
            }, room: { nil })
        let desk = OutcryDesk(pulse, [:], interval: .seconds(3_600))
        let working = Task { await desk.outcry.work() }
        for await _ in begun.stream {}
        desk.outcry.stop()
        await working.value
        answer.continuation.finish()
    }
}
