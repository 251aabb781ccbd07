import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("Several messages and workers for one order", .needsBroker, .timeLimit(.minutes(10)))
struct SubjectTests {
    @Test("a frozen worker loses its claim to another; awake again its result is refused, and there is one order")
    func frozenWorker() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries(to: 500)
            try await rig.simulator.fault(
                #"{"kind":"latency","latency":"10s","method":"POST","path":"/orders","count":1}"#)
            let frozen = try rig.startWorker(["AMQP_HEARTBEAT": "1s"])
            try await rig.place(["contested"])
            try await eventually("the ERP to have the order") { try await rig.simulator.summary().orders == 1 }
            frozen.suspend()
            let other = try rig.startWorker()
            try await rig.waitForOrders(["contested"])
            // The other asked before it would have created anything.
            #expect(try await rig.simulator.requests().map(\.method) == ["POST", "GET"])
            frozen.resume()
            try await frozen.waitForLine(containing: "belongs to another worker")
            #expect(
                try await rig.journal("contested").filter { $0.stage == "applied" && $0.type == "order.placed.v1" }
                    .count == 1)
            try await rig.stop(other)
            try await rig.place(["next"])
            try await rig.waitForOrders(["next"])
            try await rig.waitUntilQuiet()
            try await rig.expectOnce(["contested", "next"])
            try await rig.expectShownOnce(["contested", "next"])
            #expect(try await rig.deadLetters() == 0)
            try await rig.stop(frozen)
        }
    }

    @Test("a worker killed in its call leaves a lease; whoever comes after it asks the ERP before sending anything")
    func killedInCall() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries(to: 300)
            try await rig.simulator.fault(
                #"{"kind":"latency","latency":"60s","method":"POST","path":"/orders","count":1}"#)
            let lease = ["WORKER_LEASE": "4s"]
            let killed = try rig.startWorker(lease)
            try await rig.place(["orphan"])
            try await eventually("the ERP to have the order") { try await rig.simulator.summary().orders == 1 }
            let other = try rig.startWorker(lease)
            try await WorkerHealth(of: other).waitUntilReady()
            try await killed.kill()
            try await rig.waitForOrders(["orphan"])
            #expect(try await rig.journal("orphan").contains { $0.stage == "returned" && $0.code == "lease.busy" })
            #expect(try await rig.simulator.requests().map(\.method) == ["POST", "GET"])
            try await rig.stop(other)
        }
    }

    @Test("the same message at two workers at once is one call; the other copy waits and is acknowledged")
    func twoCopies() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries(to: 500)
            // Long enough for the second copy to be claimed meanwhile.
            try await rig.simulator.fault(#"{"kind":"latency","latency":"6s","path":"/orders","count":1}"#)
            let workers = try (0..<2).map { _ in try rig.startWorker(["WORKER_CALL_PREFETCH": "1"]) }
            for worker in workers { try await WorkerHealth(of: worker).waitUntilReady() }
            let message = OrderMessages.message(try OrderMessages.order("twin"))
            try await rig.publish([message, message])
            try await rig.waitForOrders(["twin"])
            try await eventually("both copies to be settled") { try await rig.backlog(of: "orders.to-erp") == 0 }
            #expect(try await rig.simulator.writes().count == 1)
            let stages = try await rig.journal("twin").filter { $0.type == "order.placed.v1" }.map(\.stage)
            #expect(stages.contains("returned") && stages.contains("duplicate"), "\(stages)")
            #expect(stages.filter { $0 == "applied" }.count == 1, "\(stages)")
            try await rig.expectOnce(["twin"])
            try await rig.expectShownOnce(["twin"])
            for worker in workers { try await rig.stop(worker) }
        }
    }

    @Test("a cancellation racing its order wins in the ERP and in the store, and the journal explains it", .reportsSeed)
    func cancelRacesCreate() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            try await rig.simulator.fault(#"{"kind":"latency","latency":"400ms","path":"/orders"}"#)
            // Nobody notes what was taken: then a cancellation that comes first is one for the ERP.
            let callers = try (0..<2).map { _ in
                try rig.startWorker(["WORKER_CALL_PREFETCH": "4"], only: "to-erp")
            }
            let workers = callers + [try rig.startWorker(only: "to-store")]
            for worker in workers { try await WorkerHealth(of: worker).waitUntilReady() }
            let numbers = (0..<20).map { "race-\($0)" }
            var random = SeededRandom()
            // Side by side, so that they go to both workers at once; either one first.
            let pairs = try numbers.shuffled(using: &random).map { number in
                [
                    OrderMessages.message(try OrderMessages.order(number)),
                    OrderMessages.message(
                        try OrderMessages.order(number, revision: 2), as: Catalogue.orderCancelled),
                ].shuffled(using: &random)
            }
            try await rig.publish(pairs.flatMap { $0 })
            try await rig.waitForOrders(numbers, revision: 2)
            try await eventually("all copies to be settled") { try await rig.backlog(of: "orders.to-erp") == 0 }
            let summary = try await rig.simulator.summary()
            #expect(summary.states == ["cancelled": 20])
            try await rig.waitUntilQuiet()
            try await rig.expectOnce(numbers, writes: nil)
            try await rig.expectShownOnce(numbers)
            let collisions = try await rig.ledger { snapshot in
                try snapshot.first("SELECT count(*) FROM journal WHERE code = 'lease.busy'") { $0.integer(0) } ?? 0
            }
            #expect(collisions > 0, "no two messages of one order met")
            for number in numbers {
                #expect(try await rig.shownState(number) == "cancelled")
                let ends = try await rig.journal(number).filter { $0.type?.hasPrefix("order.status") == false }
                    .filter { ["applied", "superseded"].contains($0.stage) }.map(\.revision)
                #expect(Set(ends) == [1, 2], "\(number)")
            }
            #expect(try await rig.deadLetters() == 0)
            for worker in workers { try await rig.stop(worker) }
        }
    }

    @Test("the same revision with other content is a conflict for a person; what was applied first stands")
    func conflict() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker()
            let id = MessageID.next()
            try await rig.publish([OrderMessages.message(try OrderMessages.order("torn"), id: id)])
            try await rig.waitForOrders(["torn"])
            let other = OrderMessages.message(try OrderMessages.order("torn", quantity: 3), id: id)
            try await rig.publish([other])
            let letter = try await eventually("the dead letter") { try await rig.letters().first }
            #expect(letter.body.bytes == other.body)
            #expect(letter.properties.headers[MessageHeader.code]?.text == "conflict.same-revision")
            #expect(letter.properties.headers[MessageHeader.remedy]?.text?.contains("raise the revision") == true)
            #expect(try await rig.simulator.writes().count == 1)
            try await rig.stop(worker)
        }
    }

    @Test(
        "the same order under a new id is a duplicate and one call; another order under a known id is applied as well")
    func ids() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker()
            let id = MessageID.next()
            try await rig.publish([OrderMessages.message(try OrderMessages.order("first"), id: id)])
            try await rig.waitForOrders(["first"])
            try await rig.publish([
                OrderMessages.message(try OrderMessages.order("first")),
                OrderMessages.message(try OrderMessages.order("second"), id: id),
            ])
            try await rig.waitForOrders(["first", "second"])
            try await rig.waitUntilQuiet()
            let stages = try await rig.journal("first").filter { $0.type == "order.placed.v1" }.map(\.stage)
            #expect(stages == ["claimed", "applied", "duplicate"])
            try await rig.expectOnce(["first", "second"])
            try await rig.expectShownOnce(["first", "second"])
            #expect(try await rig.deadLetters() == 0)
            try await rig.stop(worker)
        }
    }
}
