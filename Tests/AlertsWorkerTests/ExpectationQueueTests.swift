import FleetTesting
import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("What waits in a queue from which nobody takes it")
struct ExpectationQueueTests {
    /// The store's orders wait to be noted.
    private static func untaken(_ queue: String) async -> Int? { queue == Catalogue.takenOrders ? 3 : 0 }
    /// All queues are busy.
    private static func busy(_ queue: String) async -> Int? { 500 }
    /// The broker does not say.
    private static func silent(_ queue: String) async -> Int? { nil }

    @Test("orders that no worker takes are missed, though nothing is known of any of them")
    func missed() async throws {
        try await ExpectationDesk.with { desk in
            var watch = desk.watch(ExpectationDesk.answered)
            watch.queueLook = { await Self.untaken($0) }
            #expect(try await desk.run(watch, to: 870) == 0)
            #expect(try await desk.run(watch, from: 900, to: 930) == 1)
            let missed = try #require(try await desk.ledger.read { try $0.missedExpectations() }.first)
            #expect(missed.queues == ["orders.taken"] && missed.subjects.isEmpty && missed.count == 1)
            #expect(
                ExpectationDesk.answered.sentence(of: missed)
                    == "Messages wait in orders.taken, and no worker takes them: none was taken within 15m, in which "
                    + "the ERP was within reach.")
            #expect(
                ExpectationDesk.answered.commands(for: missed) == ["stevedore status", "stevedore expectations"])
        }
    }

    @Test("a worker that takes one ends it, and so does an empty queue")
    func taken() async throws {
        try await ExpectationDesk.with { desk in
            var watch = desk.watch(ExpectationDesk.answered)
            watch.queueLook = { await Self.untaken($0) }
            #expect(try await desk.run(watch, to: 930) == 1)
            try await desk.take("orders.taken", at: 940, made: 1)
            try await desk.run(watch, from: 960, to: 960)
            #expect(try await desk.rows() == ["order-answered queue orders.taken 0 late"])
            #expect(try await desk.run(watch, from: 990, to: 1_920) == 1, "it is left alone again")
            try await desk.run(desk.watch(ExpectationDesk.answered), from: 1_950, to: 1_950)
            #expect(try await desk.ledger.read { try $0.missedExpectations() }.isEmpty)
        }
    }

    @Test("a queue that is never empty is not missed while workers take from it")
    func busy() async throws {
        try await ExpectationDesk.with { desk in
            var watch = desk.watch(ExpectationDesk.answered)
            watch.queueLook = { await Self.busy($0) }
            var missed = 0
            for second in stride(from: Int64(0), through: 3_600, by: 30) {
                if second % 600 == 0 {
                    for queue in ["orders.taken", "orders.to-erp"] {
                        try await desk.take(queue, at: second + 10, made: second - 5_000)
                    }
                }
                missed += try await desk.run(watch, from: second, to: second)
            }
            #expect(missed == 0)
        }
    }

    @Test("a flow that is paused is an outage, and a broker that says nothing says nothing bad")
    func unknown() async throws {
        try await ExpectationDesk.with { desk in
            var always = ExpectationDesk.answered
            always.condition = .always
            var watch = desk.watch(always)
            watch.queueLook = { await Self.untaken($0) }
            try await desk.run(watch, to: 600)
            #expect(try await desk.rows() == ["order-answered queue orders.taken 0 waiting"])
            watch.queueLook = { await Self.silent($0) }
            try await desk.run(watch, from: 630, to: 630)
            #expect(try await desk.rows().isEmpty)
            watch.queueLook = { await Self.untaken($0) }
            try await desk.run(watch, from: 660, to: 660)
            let pause = FlowPause(
                queue: "orders.taken", holder: "w", since: ExpectationDesk.at(670), code: "ledger.unavailable",
                reason: "The ledger does not take anything.", remedy: "")
            try await desk.ledger.write { try $0.record(pause, now: ExpectationDesk.at(680)) }
            try await desk.run(watch, from: 690, to: 690)
            #expect(try await desk.rows().isEmpty)
        }
    }

    @Test("a clock that is set back by an hour delays it, and hides nothing for ever")
    func clock() async throws {
        try await ExpectationDesk.with { desk in
            var watch = desk.watch(ExpectationDesk.answered)
            watch.queueLook = { await Self.untaken($0) }
            try await desk.take("orders.taken", at: 3_590, made: 1)
            try await desk.run(watch, from: 3_600, to: 3_600)
            #expect(try await desk.run(watch, from: 0, to: 870) == 0)
            #expect(try await desk.run(watch, from: 900, to: 960) == 1)
            try await desk.take("orders.taken", at: 970, made: 1)
            try await desk.run(watch, from: 990, to: 990)
            #expect(try await desk.ledger.read { try $0.missedExpectations() }.isEmpty)
        }
    }

    @Test("what comes again and again has no queue; what follows a message has each that the message comes through")
    func queues() {
        #expect(ExpectationDesk.answered.queues == ["orders.taken", "orders.to-erp"])
        #expect(ExpectationDesk.tracked.queues == ["orders.to-store"])
        #expect(ExpectationDesk.prices.queues.isEmpty)
    }
}
