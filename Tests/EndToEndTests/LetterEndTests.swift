import Fleet
import FleetTesting
import Ledger
import RabbitMQ
import Testing

@Suite("The story of a dead letter", .needsBroker)
struct LetterEndTests {
    @Test("ends when its order is applied after a replay, or overtaken by a newer revision; its body is kept")
    func resolved() async throws {
        try await Rig.with { rig in
            try await rig.simulator.fault(#"{"kind":"error","method":"POST","path":"/orders"}"#)
            let worker = try rig.startWorker(["WORKER_MAXIMUM_ATTEMPTS": "1"])
            let messages = try ["replayed", "overtaken"].map { OrderMessages.message(try OrderMessages.order($0)) }
            try await rig.publish(messages)
            try await eventually("both letters") { try await states(rig).values.sorted() == ["open", "open"] }
            for message in messages {
                let id = try #require(message.properties.messageID)
                let kept = try await rig.ledger { snapshot in
                    try snapshot.payload(id: try snapshot.deadLetter(id: id)?.payload ?? "")?.body
                }
                #expect(kept == message.body)
            }
            try await rig.simulator.clearFaults()

            try await rig.publish([OrderMessages.message(try OrderMessages.order("overtaken", revision: 2))])
            try await rig.waitForOrders(["overtaken"], revision: 2)
            #expect(try await states(rig) == ["replayed": "open", "overtaken": "resolved"])
            try await ChildProcess.run(
                "dead-letter", arguments: ["replay", "--all", "--reason", "tried by a test"],
                environment: ["STEVEDORE_AMQP_URLS": rig.host.url, "STEVEDORE_LEDGER_PATH": rig.ledgerPath])
            try await rig.waitForOrders(["replayed"])
            try await eventually("both letters to be resolved") {
                try await states(rig).values.sorted() == ["resolved", "resolved"]
            }
            try await rig.stop(worker)
        }
    }

    private func states(_ rig: Rig) async throws -> [String: String] {
        let letters = try await rig.ledger { try $0.deadLetters(.init(state: nil)) }
        return Dictionary(letters.map { ($0.subject ?? "", $0.state.rawValue) }) { first, _ in first }
    }
}
