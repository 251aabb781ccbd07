import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("What has waited for the ERP", .needsBroker, .timeLimit(.minutes(5)))
struct CatchUpTests {
    @Test("goes there as the store has left it: what was cancelled never, what was changed once and at its newest")
    func outage() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            try await rig.simulator.fault(#"{"kind":"down"}"#)
            let worker = try rig.startWorker()
            // Somebody has to find out that the ERP is away.
            try await rig.place(["first"])
            try await worker.waitForLine(containing: "flow paused")
            _ = try await rig.host.waitForDepth(of: Catalogue.orderPlaced.queue) { $0.consumers == 0 }

            let backlog = StoreBacklog()
            try await rig.publish(try backlog.messages())
            try await rig.waitUntilNoted(backlog.revisions.count + 1)
            try await rig.simulator.clearFaults()
            try await rig.waitForOrders(backlog.revisions, within: .seconds(90))
            try await rig.waitForOrders(["first"])
            try await rig.waitUntilQuiet()
            try await Self.expectCaughtUp(rig, backlog, others: 1)
            try await rig.stop(worker)
        }
    }

    @Test("is the same after one of two workers is killed between a message's end and its acknowledgement")
    func killed() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            let looking = try rig.startWorker(only: "taken")
            let backlog = StoreBacklog()
            try await rig.publish(try backlog.messages())
            try await rig.waitUntilNoted(backlog.revisions.count)
            try await rig.stop(looking)

            let killed = try rig.startWorker(["CRASH_AT": "after-record=\(backlog.cancelled[3])"], only: "to-erp")
            #expect(try await killed.waitForExit(within: .seconds(60)) == .signalled(9))
            let workers = [try rig.startWorker(), try rig.startWorker()]
            try await rig.waitForOrders(backlog.revisions, within: .seconds(90))
            try await rig.waitUntilQuiet()
            try await Self.expectCaughtUp(rig, backlog, others: 0)
            for worker in workers { try await rig.stop(worker) }
        }
    }

    @Test("has every cancellation sent, where the ERP is to have them")
    func sent() async throws {
        try await Rig.with { rig in
            let looking = try rig.startWorker(only: "taken")
            let numbers = ["kept-1", "kept-2"]
            try await rig.place(numbers)
            try await rig.publish(
                try numbers.map { number in
                    OrderMessages.message(try OrderMessages.order(number, revision: 2), as: Catalogue.orderCancelled)
                })
            try await eventually("both cancellations to be noted") {
                try await rig.ledger { snapshot in
                    try snapshot.first("SELECT count(*) FROM last_word WHERE revision = 2") { $0.integer(0) } == 2
                }
            }
            try await rig.stop(looking)
            let worker = try rig.startWorker(["ERP_CANCELLED_ORDERS": "send"])
            try await rig.waitForOrders(numbers, revision: 2)
            let effects = try await rig.simulator.writes().map(\.effect)
            #expect(effects == ["tombstoned", "tombstoned"])
            try await rig.stop(worker)
        }
    }

    private static func expectCaughtUp(_ rig: Rig, _ backlog: StoreBacklog, others: Int) async throws {
        let calls = try await rig.callsByOrder()
        for number in backlog.cancelled {
            #expect(calls[number] == nil, "\(number)")
            #expect(try await rig.shownState(number) == "cancelled")
            let stages = try await rig.journal(number).filter { $0.type == "order.placed.v1" }.map(\.stage)
            #expect(stages.contains("withheld"), "\(number): \(stages)")
        }
        for number in backlog.amended {
            let writes = (calls[number] ?? []).filter(\.isWrite)
            let effects = writes.map { "\($0.revision ?? 0) \($0.effect)" }
            #expect(effects == ["4 created"], "\(number): \(writes)")
            #expect(try await rig.orderedQuantities(number) == ["5"])
        }
        for number in backlog.plain {
            let effects = (calls[number] ?? []).filter(\.isWrite).map { "\($0.revision ?? 0) \($0.effect)" }
            #expect(effects == ["1 created"], "\(number)")
        }
        let summary = try await rig.simulator.summary()
        #expect(summary.orders == backlog.plain.count + backlog.amended.count + others)
        #expect(try await rig.claims(backlog.cancelled) == 0)
        #expect(try await rig.lastWords() == 0)
        #expect(try await rig.deadLetters() == 0)
        try await rig.expectShownOnce(backlog.cancelled + backlog.amended + backlog.plain)
    }
}
