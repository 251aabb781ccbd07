import Fleet
import FleetTesting
import Ledger
import RabbitMQ
import Testing

@Suite("A letter that the broker itself made", .needsBroker)
struct ReplayTests {
    @Test("because of too many returns, replayed, goes round the tiers and comes back instead of vanishing")
    func deliveryLimit() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            try await rig.place(["returned"])
            try await returnUntilDead(rig)
            let first = try #require(try await rig.letters().first)
            #expect(first.properties.headers["x-death"] != nil)

            try await rig.simulator.fault(#"{"kind":"error","method":"POST","path":"/orders"}"#)
            let worker = try rig.startWorker(["WORKER_MAXIMUM_ATTEMPTS": "3"])
            try await replay(rig)
            let second = try await eventually("the letter to be back") {
                try await rig.letters().first { $0.properties.headers[MessageHeader.code] != nil }
            }
            #expect(second.body.bytes == first.body.bytes)
            let headers = second.properties.headers
            // The broker counts returns of its own; records of death would make it drop the message as a cycle.
            let foreign = headers.entries.map(\.name).filter { $0.hasPrefix("x-") && $0 != "x-delivery-count" }
            #expect(foreign == [])
            #expect(headers[MessageHeader.attempt]?.integer == 3)
            #expect(headers[MessageHeader.category]?.text == "transient")

            try await replay(rig)
            try await eventually("a second round") {
                let letters = try await rig.letters()
                let journal = try await rig.journal("returned")
                return letters.count == 1 && journal.filter { $0.stage == "dead-lettered" }.count == 2
            }
            try await rig.simulator.clearFaults()
            try await replay(rig)
            try await rig.waitForOrders(["returned"])
            #expect(try await rig.deadLetters() == 0)
            try await rig.expectOnce(["returned"])
            try await rig.stop(worker)
        }
    }

    /// A consumer that never manages: takes the message and gives it back, past the delivery limit.
    private func returnUntilDead(_ rig: Rig) async throws {
        try await rig.withAdmin { admin in
            try await eventually("the broker to give up on the message") {
                while let delivery = try await admin.get(queue: "orders.to-erp") {
                    try await admin.settle([.requeue(delivery.tag)])
                }
                return try await rig.deadLetters() == 1
            }
        }
    }

    private func replay(_ rig: Rig) async throws {
        try await ChildProcess.run(
            "dead-letter", arguments: ["replay", "--all", "--reason", "tried by a test"],
            environment: ["STEVEDORE_AMQP_URLS": rig.host.url, "STEVEDORE_LEDGER_PATH": rig.ledgerPath])
    }
}
