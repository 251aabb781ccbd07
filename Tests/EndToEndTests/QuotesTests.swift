import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("A question for figures", .needsBroker, .timeLimit(.minutes(5)))
struct QuotesTests {
    private static let live = ["availability live", "price live", "shipping live", "tax live"]

    @Test("is answered live while the ERP is there, and by what it said, or by estimate, once it is away")
    func away() async throws {
        try await Rig.with { rig in
            let worker = try await rig.startQuotes(QuoteQuestions.tables)
            try await rig.asking { store in
                let answer = try await store.answer(try QuoteQuestions.question())
                #expect(QuoteQuestions.bases(answer) == Self.live)
                try await rig.simulator.fault(#"{"kind":"down"}"#)
                // The worker that was started anew knows it from the ledger.
                try await rig.stop(worker)
                let heir = try await rig.startQuotes(QuoteQuestions.tables)
                let cached = try await store.answer(try QuoteQuestions.question())
                let bases = QuoteQuestions.bases(cached)
                #expect(bases == ["availability cached", "price cached", "shipping cached", "tax cached"])
                #expect(cached.lines.first?.price?.amount == answer.lines.first?.price?.amount)
                let elsewhere = try await store.answer(try QuoteQuestions.question(sku: "FST-0002", region: "OR"))
                let refused = ["availability refused by stock.unknown", "price refused by price.unknown"]
                #expect(
                    QuoteQuestions.bases(elsewhere) == refused + ["shipping estimated", "tax refused by tax.unknown"])
                try await eventually("the outage of the ERP") { try await !rig.outages().isEmpty }
                try await rig.stop(heir)
            }
        }
    }

    @Test("is answered within its time by an ERP that takes it and never answers")
    func frozen() async throws {
        try await Rig.with { rig in
            let worker = try await rig.startQuotes()
            try await rig.asking { store in
                let question = try QuoteQuestions.question([.price, .availability])
                _ = try await store.answer(question)
                rig.simulator.process.suspend()
                defer { rig.simulator.process.resume() }
                for _ in 0..<20 {
                    let again = try QuoteQuestions.question([.price, .availability])
                    let answer = try await store.answer(again, within: .milliseconds(1_000))
                    #expect(QuoteQuestions.bases(answer) == ["availability cached", "price cached"])
                }
            }
            let health = try await WorkerHealth(of: worker)
            // An answer is counted once the broker has confirmed it, which is after its asker has it.
            try await eventually("all answers to be counted") {
                try await health.metric("stevedore_quotes_total", "ending=\"answered\"") == 21
            }
            let late = try await health.metric("stevedore_quotes_total", "ending=\"late\"")
            #expect(late == 0)
            try await rig.stop(worker)
        }
    }

    @Test("is refused a price by an account that is on credit hold, and told what there is")
    func creditHold() async throws {
        try await Rig.with { rig in
            let worker = try await rig.startQuotes()
            try await rig.asking { store in
                let answer = try await store.answer(
                    try QuoteQuestions.question([.price, .availability], account: "C-10004"))
                #expect(QuoteQuestions.bases(answer) == ["availability live", "price refused by credit.hold"])
            }
            try await rig.stop(worker)
        }
    }

    @Test("that has expired is answered never, and one whose asker is gone holds up nobody")
    func expired() async throws {
        try await Rig.with { rig in
            let answers = "answers.test"
            try await rig.withAdmin { admin in _ = try await admin.declare(Topology.Queue(answers)) }
            let impatient = MessageProperties(replyTo: answers, expiration: "50")
            let lost = MessageProperties(replyTo: "answers.gone", expiration: "60000")
            let nowhere = MessageProperties(expiration: "60000")
            try await rig.publish([QuoteQuestions.message(try QuoteQuestions.question([.price]), impatient)])
            try await rig.host.waitForDepth(of: Catalogue.quoteRequested.queue) { $0.messages == 0 }
            let worker = try await rig.startQuotes()
            let patient = try QuoteQuestions.question([.price])
            try await rig.publish([
                QuoteQuestions.message(try QuoteQuestions.question([.price]), lost),
                QuoteQuestions.message(try QuoteQuestions.question([.price]), nowhere),
                QuoteQuestions.message(patient, MessageProperties(replyTo: answers, expiration: "60000")),
            ])
            try await rig.host.waitForDepth(of: answers) { $0.ready > 0 }
            let health = try await WorkerHealth(of: worker)
            try await eventually("all three to have ended") {
                let gone = try await health.metric("stevedore_quotes_total", "ending=\"asker-gone\"")
                let dropped = try await health.metric("stevedore_quotes_total", "ending=\"unanswerable\"")
                let answered = try await health.metric("stevedore_quotes_total", "ending=\"answered\"")
                return gone == 1 && dropped == 1 && answered == 1
            }
            let received = try await rig.peek(answers)
            let subjects = try received.map { try QuoteQuestions.answer($0).id }
            #expect(subjects == [patient.id])
            try await rig.stop(worker)
        }
    }

    @Test("that a killed worker had in hand is answered by another one in time")
    func killed() async throws {
        try await Rig.with { rig in
            let first = try await rig.startQuotes()
            let health = try await WorkerHealth(of: first)
            // The first call is taken and never answered.
            try await rig.simulator.fault(#"{"kind":"hang","count":1,"path":"/quotes"}"#)
            try await rig.asking { store in
                let question = try QuoteQuestions.question([.price])
                async let answer = store.answer(question, within: .seconds(50))
                try await eventually("the question to be in hand") {
                    try await health.metric("stevedore_quote_calls_in_flight") == 1
                }
                try await first.kill()
                let second = try await rig.startQuotes()
                let bases = QuoteQuestions.bases(try await answer)
                #expect(bases == ["price live"])
                try await rig.stop(second)
            }
        }
    }

    @Test("that is none is answered with every fault at its place")
    func malformed() async throws {
        try await Rig.with { rig in
            let worker = try await rig.startQuotes()
            try await rig.asking { store in
                var question = try QuoteQuestions.question()
                question.shipTo = nil
                question.lines[0].quantity = .zero
                let outcome = await store.ask(QuoteQuestions.message(question), within: .seconds(20))
                guard case .answered(let delivery) = outcome else { throw RigError.unexpectedAnswer("\(outcome)") }
                #expect(delivery.properties.contentType == "application/problem+json")
                let text = String(decoding: delivery.body.bytes, as: UTF8.self)
                #expect(Self.names(text, "/data/lines/0/quantity") && Self.names(text, "/data/shipTo"))
            }
            try await rig.stop(worker)
        }
    }

    private static func names(_ problem: String, _ pointer: String) -> Bool {
        problem.contains(#""pointer":"\#(pointer)""#)
    }

    @Test("of many at once none is late, and the ERP is asked no more often than it may be")
    func many() async throws {
        try await Rig.with(simulator: ["--latency", "50ms"]) { rig in
            let worker = try await rig.startQuotes(["QUOTES_ERP_CALLS": "4"])
            try await rig.asking { store in
                let answers = try await withThrowingTaskGroup(of: Int.self) { group in
                    for number in 0..<300 {
                        group.addTask {
                            let question = try QuoteQuestions.question(
                                [.price, .availability], quantity: Int64(number + 1))
                            return try await store.answer(question, within: .seconds(5)).lines.count
                        }
                    }
                    return try await group.reduce(0) { sum, _ in sum + 1 }
                }
                #expect(answers == 300)
            }
            let health = try await WorkerHealth(of: worker)
            let late = try await health.metric("stevedore_quotes_total", "ending=\"late\"")
            #expect(late == 0)
            try await rig.stop(worker)
        }
    }

    @Test("asked by hand shows each figure with what it rests on, and says so when nobody answers")
    func byHand() async throws {
        try await Rig.with { rig in
            let arguments = ["quote", "--account", "C-10008", "--line", "FST-0001=20"]
            let silent = try ChildProcess(
                "stevedore", arguments: arguments + ["--deadline", "300ms"], environment: rig.workerEnvironment)
            let status = try await silent.waitForExit()
            #expect(status == .exited(69), "\(silent.errors)")
            let worker = try await rig.startQuotes()
            let text = try await ChildProcess.run(
                try BuiltProducts.executable("stevedore"), arguments: arguments, environment: rig.workerEnvironment)
            #expect(Self.shows(text, "FST-0001") && Self.shows(text, "EAST") && Self.shows(text, "live"))
            try await rig.stop(worker)
        }
    }

    private static func shows(_ text: String, _ word: String) -> Bool { text.contains(word) }

    /// An order whose freight the store took from an estimate.
    private static func order(_ number: String, shipping: ExactDecimal) throws -> Order {
        var order = try OrderMessages.order(number)
        order.totals.shipping = shipping
        order.totals.total = try #require(order.totals.goods.adding(shipping))
        order.fallbacks = [QuoteFallback(question: .shipping, basis: .estimated)]
        return order
    }

    @Test("that was answered by an estimate is settled by the ERP's own figure, again at each change of the order")
    func settled() async throws {
        try await Rig.with { rig in
            let (desk, worker) = (try await rig.startQuotes(QuoteQuestions.tables), try rig.startWorker())
            try await rig.simulator.fault(#"{"kind":"down"}"#)
            let estimate = try await rig.asking { store in
                try await store.answer(try QuoteQuestions.question([.shipping]))
            }
            let option = try #require(estimate.shipping.first)
            #expect(option.basis.kind == .estimated)
            try await rig.publish([OrderMessages.message(try Self.order("W-1", shipping: option.amount))])
            try await rig.simulator.clearFaults()
            try await rig.waitForOrders(["W-1"], within: .seconds(90))
            let totals = try await ERPPages(of: rig.simulator).order("W-1").part("totals")
            let charged = try #require(totals["shipping"].flatMap { ExactDecimal($0) })
            let difference = try #require(charged.subtracting(option.amount))
            let expected = ["shipping estimated USD \(option.amount) \(charged) \(difference)"]
            #expect(try await rig.settlements(of: "W-1") == expected)
            let feed = try rig.start("erp-feed")
            try await eventually(within: .seconds(60), "the feed to have read the orders") {
                try await rig.hasFed("orders")
            }
            _ = try await ChildProcess.run(
                "erp-feed", arguments: ["resync", "orders"], environment: rig.workerEnvironment)
            try await eventually(within: .seconds(60), "the status to be told again") {
                try await rig.shownRevision(of: "W-1") > 1
            }
            #expect(try await rig.settlements(of: "W-1") == expected)
            try await rig.stop(feed)
            try await rig.stop(desk)
            try await rig.stop(worker)
        }
    }
}
