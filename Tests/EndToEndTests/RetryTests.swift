import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("When the ERP does not do as it should", .needsBroker, .timeLimit(.minutes(10)))
struct RetryTests {
    @Test(
        "an order that fails three times is in the ERP at the fourth attempt, sent to wait for 5 s, 30 s and 5 min, at most a tenth less; each attempt is in the journal"
    )
    func fourthAttempt() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            try await rig.watchTiers(as: "watch")
            try await rig.simulator.fault(#"{"kind":"error","method":"POST","path":"/orders","count":3}"#)
            let worker = try rig.startWorker()
            try await rig.place(["stubborn"])
            try await rig.waitForOrders(["stubborn"])
            let journal = try await rig.journal("stubborn").filter { $0.type == "order.placed.v1" }
            #expect(journal.filter { $0.stage == "retried" }.map(\.attempt) == [1, 2, 3])
            #expect(
                journal.filter { $0.stage == "retried" }.compactMap(\.detail).map { $0.prefix(10) } == [
                    "waits 5s: ", "waits 30s:", "waits 5m: ",
                ])
            #expect(journal.filter { $0.stage == "applied" }.map(\.attempt) == [4])
            let stays = try await rig.stays("watch")
            let isHonoured = zip(stays, [("5s", 5), ("30s", 30), ("5m", 300)]).map { $0.honours($1.0, seconds: $1.1) }
            #expect(stays.map(\.attempt) == [1, 2, 3] && isHonoured == [true, true, true], "\(stays)")
            try await rig.expectOnce(["stubborn"])
            try await rig.expectShownOnce(["stubborn"])
            try await rig.stop(worker)
        }
    }

    @Test("orders wait 5 s and then 30 s until the ERP is asked again: none a tenth less, the quickest no tenth more")
    func realTiers() async throws {
        try await Rig.with { rig in
            try await rig.simulator.fault(#"{"kind":"error","method":"POST","path":"/orders"}"#)
            let worker = try rig.startWorker()
            var numbers: [String] = []
            // Not all at once, so that a moment in which the machine stands still does not make all of them late; and not so
            // many that the ERP would be taken for one that is away.
            for round in 0..<2 {
                let placed = try await rig.place((0..<2).map { "timed-\(round)-\($0)" })
                numbers += placed
                try await eventually("two failures of each") {
                    let calls = try await attempts(rig)
                    return placed.allSatisfy { calls[$0]?.count == 2 }
                }
            }
            try await rig.simulator.clearFaults()
            try await rig.waitForOrders(numbers)
            let calls = try await attempts(rig)
            try #require(calls.count == 4 && calls.values.allSatisfy { $0.count == 3 })
            for (index, seconds) in [5, 30].enumerated() {
                // The ERP's own stamps: whatever a busy machine does, it can only add to the time between them.
                let quickest = try #require(calls.values.map { $0[index + 1] - $0[index] }.min())
                let tenth = Int64(seconds) * 100_000
                #expect((9 * tenth...11 * tenth).contains(quickest), "\(seconds) s: \(calls)")
            }
            try await rig.stop(worker)
        }
    }

    /// When the ERP was asked to enter each order.
    private func attempts(_ rig: Rig) async throws -> [String: [Int64]] {
        try await rig.simulator.writes().reduce(into: [:]) { calls, entry in
            guard let number = entry.storeNumber, let at = Timestamp(rfc3339: entry.at) else { return }
            calls[number, default: []].append(at.microseconds)
        }
    }

    @Test("what the ERP refuses for good is a dead letter at once, with the field and the ERP's sentence")
    func refused() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker()
            try await rig.publish([OrderMessages.message(try OrderMessages.order("unknown", sku: "NOPE-1"))])
            let letter = try await eventually("the dead letter") { try await rig.letters().first }
            let headers = letter.properties.headers
            #expect(headers[MessageHeader.category]?.text == "rejected")
            #expect(headers[MessageHeader.attempt]?.integer == 1)
            #expect(headers[MessageHeader.faults]?.text?.contains("/lines/0/sku") == true)
            #expect(headers[MessageHeader.sentence]?.text?.contains("NOPE-1") == true)
            #expect(headers[MessageHeader.originKey]?.text == "order.placed.v1")
            #expect(try await rig.simulator.writes().count == 1)
            try await eventually("the journal") {
                try await rig.journal("unknown").map(\.stage) == ["claimed", "dead-lettered"]
            }
            try await rig.stop(worker)
        }
    }

    @Test("429 with Retry-After is waited for and counts as no failure")
    func slowDown() async throws {
        try await Rig.with { rig in
            try await rig.simulator.fault(
                #"{"kind":"error","status":429,"retryAfter":2,"method":"POST","path":"/orders","count":2}"#)
            let worker = try rig.startWorker()
            let health = try await WorkerHealth(of: worker)
            try await rig.place(["polite"])
            try await rig.waitForOrders(["polite"])
            let times = try await rig.simulator.writes().compactMap { Timestamp(rfc3339: $0.at)?.microseconds }
            try #require(times.count == 3)
            #expect(times[1] - times[0] >= 1_900_000 && times[2] - times[1] >= 1_900_000)
            #expect(try await health.metric("stevedore_calls_refused_total") == 2)
            #expect(try await rig.journal("polite").allSatisfy { $0.stage != "retried" && $0.attempt == 1 })
            #expect(try await rig.backlog(of: "orders.to-erp") == 0)
            try await rig.stop(worker)
        }
    }

    @Test("a 200 that is a login page, empty, an error, half of the JSON or cut off is no success")
    func falseSuccess() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            let worker = try rig.startWorker()
            let kinds = ["html", "empty", "error-body", "truncated", "cut-off", "reset"]
            for kind in kinds {
                try await rig.simulator.fault(#"{"kind":"\#(kind)","method":"POST","path":"/orders","count":1}"#)
                try await rig.place([kind])
                try await rig.waitForOrders([kind])
                let stages = try await rig.journal(kind).filter { $0.type == "order.placed.v1" }.map(\.stage)
                #expect(stages == ["claimed", "retried", "claimed", "applied"], "\(kind)")
            }
            try await rig.expectOnce(kinds)
            try await rig.expectShownOnce(kinds)
            try await rig.stop(worker)
        }
    }

    @Test("an order that it took without saying so is found by its number and not sent again")
    func lostReply() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            let worker = try rig.startWorker(["ERP_REST_TIMEOUT": "1s"])
            for (number, fault) in [
                ("late", #"{"kind":"latency","latency":"3s","method":"POST","path":"/orders","count":1}"#),
                ("dropped", #"{"kind":"drop-reply","method":"POST","path":"/orders","count":1}"#),
            ] {
                try await rig.simulator.fault(fault)
                // The store has published it twice: the second copy waits for the first one's call.
                let order = OrderMessages.message(try OrderMessages.order(number))
                try await rig.publish([order, order])
                try await rig.waitForOrders([number])
            }
            #expect(try await rig.simulator.writes().count == 2)
            try await rig.expectOnce(["late", "dropped"])
            try await rig.expectShownOnce(["late", "dropped"])
            try await rig.stop(worker)
        }
    }

    @Test("an error text of any length is cut, and its dead letter is published at once")
    func hugeErrorText() async throws {
        try await Rig.with { rig in
            var order = try OrderMessages.order("long")
            let line = try #require(order.lines.first)
            order.lines = (1...900).map { index in
                OrderLine(
                    id: "\(index)", sku: String(repeating: "Ü", count: 50) + "\(index)", quantity: line.quantity,
                    unit: line.unit, unitPrice: line.unitPrice, amount: line.amount)
            }
            let goods = try #require(ExactDecimal(units: 800 * 900, scale: 2))
            order.totals = OrderTotals(goods: goods, discount: .zero, shipping: .zero, tax: .zero, total: goods)
            var message = OrderMessages.message(order)
            message.properties.headers["note"] = .string(String(repeating: "n", count: 100_000))
            let worker = try rig.startWorker()
            try await rig.publish([message])
            let letter = try await eventually(within: .seconds(60), "the dead letter") {
                try await rig.letters().first
            }
            #expect(letter.body.bytes == message.body)
            let headers = letter.properties.headers
            #expect(headers[MessageHeader.category]?.text == "rejected")
            #expect((1...2_048).contains(headers[MessageHeader.faults]?.text?.utf8.count ?? 0))
            #expect(headers[MessageHeader.faults]?.text?.contains("/lines/0/sku") == true)
            try await rig.stop(worker)
        }
    }
}
