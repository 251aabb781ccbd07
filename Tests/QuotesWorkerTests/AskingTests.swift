import ERP
import Fleet
import FleetTesting
import Ledger
import Models
import Synchronization
import Testing

@testable import QuotesWorker

@Suite("Asking the ERP", .timeLimit(.minutes(2)))
struct AskingTests {
    @Test("what several ask at the same moment is asked once, and each has the answer under its own names")
    func coalesced() async throws {
        try await withQuoteLedger { ledger in
            let erp = ScriptedERP(isHeld: true)
            let desk = Desk(ledger, erp: erp)
            let questions = try (0..<5).map { number in
                try Asked.question(
                    [.price], id: "Q-\(number)", lines: [try Asked.line("line-\(number)", "BOLT")])
            }
            let answers = try await withThrowingTaskGroup(of: QuoteAnswer.self) { group in
                for question in questions { group.addTask { await desk.answer(question) } }
                try await eventually("four to wait with the first") { desk.metrics.coalesced.total == 4 }
                erp.letGo()
                return try await group.reduce(into: [QuoteAnswer]()) { $0.append($1) }
            }
            #expect(erp.asked.count == 1)
            let names = answers.map { "\($0.id) \($0.lines.first?.id ?? "-")" }.sorted()
            #expect(names == (0..<5).map { "Q-\($0) line-\($0)" })
            let areLive = answers.allSatisfy { $0.lines.first?.price?.basis == .live }
            #expect(areLive)
            _ = await desk.answer(questions[0])
            #expect(erp.asked.count == 2, "what was answered is asked anew")
        }
    }

    @Test("who has the answer finds what it says already known")
    func learned() async throws {
        try await withQuoteLedger { ledger in
            let erp = ScriptedERP()
            let known = Mutex(0)
            let standing = ERPStanding(worker: "w-1", ledger: ledger, logger: Asked.quiet)
            let live = LiveDesk(
                erp: erp, gate: LiveGate(places: 1), standing: standing,
                pulse: ERPPulse(probe: erp, standing: standing), metrics: QuoteMetrics(),
                learn: { _, _ in
                    let end = ContinuousClock.now + .milliseconds(5)
                    while .now < end {}
                    known.withLock { $0 += 1 }
                })
            for number in 1...10 {
                _ = await live.ask(try Desk.live(Asked.question()), until: .now + .seconds(60))
                #expect(known.withLock { $0 } == number)
            }
        }
    }

    @Test("other goods, another account and another method are other questions")
    func different() throws {
        let one = try Desk.live(Asked.question())
        #expect(try Desk.live(Asked.question(id: "Q-2")).key == one.key)
        #expect(try Desk.live(Asked.question(account: "C-2")).key != one.key)
        #expect(try Desk.live(Asked.question(method: "AIR")).key != one.key)
        #expect(try Desk.live(Asked.question([.price])).key != one.key)
        #expect(try Desk.live(Asked.question(lines: [Asked.line("a", "BOLT", "3")])).key != one.key)
    }

    @Test("an ERP that never answers holds nobody up beyond the time, and after three such only one asks it")
    func frozen() async throws {
        try await withQuoteLedger { ledger in
            let erp = ScriptedERP(isHeld: true)
            let desk = Desk(ledger, erp: erp)
            for number in 1...LiveGate.mostLate {
                let question = try Asked.question([.price], account: "C-\(number)")
                let answer = await desk.answer(question, within: .milliseconds(600))
                #expect(Asked.refusals(answer) == ["price a price.unknown"])
            }
            try await eventually("doubt") { desk.gate.now.isDoubtful }
            let before = erp.asked.count
            let answer = await desk.answer(try Asked.question([.price], account: "C-9"))
            #expect(Asked.refusals(answer) == ["price a price.unknown"], "at once, for there is a minute's time")
            #expect(erp.asked.count == before)
            erp.letGo()
            try await eventually("the answers that came late") { desk.gate.now.inFlight == 0 }
            let live = await desk.answer(try Asked.question([.price], account: "C-9"))
            #expect(Asked.bases(live) == ["price live"])
            #expect(!desk.gate.now.isDoubtful)
        }
    }

    @Test("no more questions are with the ERP than may be, and who waits for a turn gets it")
    func bounded() async throws {
        let gate = LiveGate(places: 1)
        #expect(await gate.enter(until: .now + .seconds(60)))
        let second = Task { await gate.enter(until: .now + .seconds(60)) }
        let third = await gate.enter(until: .now + .milliseconds(20))
        #expect(!third)
        gate.leave(.answered(after: .milliseconds(1), isInTime: true))
        #expect(await second.value)
        #expect(gate.now.inFlight == 1)
        gate.leave(.refused(rest: .seconds(30)))
        let refused = await gate.enter(until: .now + .seconds(60))
        #expect(!refused, "an ERP that asks for a rest gets it")
    }

    @Test("nothing is asked during an outage, and an ERP that answers pings has none")
    func outage() async throws {
        try await withQuoteLedger { ledger in
            let erp = ScriptedERP { (_) throws(ERPError) in throw .unavailable("It is broken.") }
            let desk = Desk(ledger, erp: erp)
            let first = await desk.answer(try Asked.question([.availability]))
            #expect(Asked.refusals(first) == ["availability a stock.unknown"])
            #expect(erp.asked.count == 1 && desk.standing.outage == nil)
            erp.setAway(true)
            try await eventually("a ping that finds the ERP away") {
                _ = await desk.answer(try Asked.question([.availability]))
                return desk.standing.outage != nil
            }
            let before = erp.asked.count
            let answer = await desk.answer(try Asked.question([.availability]))
            #expect(erp.asked.count == before)
            #expect(answer.refusals.first?.text.contains("the ERP is away") ?? false)
            try await eventually("the outage that the fleet shares") {
                try await ledger.read { try $0.standingOutage(of: "erp") } != nil
            }
        }
    }

    @Test("what the ERP refuses is its answer, whatever else is known")
    func refused() async throws {
        try await withQuoteLedger { ledger in
            try await ledger.write { try DatabaseTables.show(DatabaseTables.prices("3.10", version: "A"), in: $0) }
            let hold = QuoteRefusal(question: .price, code: "credit.hold", text: "The account is on credit hold.")
            let erp = ScriptedERP { (request) throws(ERPError) in
                var answer = try scriptedAnswer(request)
                for index in answer.lines.indices { answer.lines[index].price = nil }
                answer.refusals = [hold]
                return answer
            }
            let desk = Desk(ledger, erp: erp)
            let answer = await desk.answer(try Asked.question([.price, .availability]))
            #expect(Asked.refusals(answer) == ["price - credit.hold"])
            #expect(Asked.bases(answer) == ["availability live"])
        }
    }
}
