import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// From the failure to the mailbox, with real programs, a real broker and a real mail server.
@Suite("What went wrong reaches a person", .needsBroker, .timeLimit(.minutes(10)))
struct AlertsTests {
    private static let numbers = (0..<40).map { "alert-\($0)" }

    private static func settings(_ mailbox: Mailbox) -> [String: String] {
        [
            "ALERTS_MAIL_URL": mailbox.url, "ALERTS_MAIL_SECURITY": "none", "WORKER_LEASE": "2s",
            "ALERTS_MAIL_FROM": "Stevedore <stevedore@example.com>",
            "ALERTS_RULES": "[{name: all, when: {code: sku.*}, mail: [anna@example.com, bob@example.com], digest: 6s}]",
        ]
    }

    private static func messageIDs(_ mails: [ReceivedMail], of recipient: String) -> Set<String> {
        Set(mails.filter { $0.recipients == [recipient] }.compactMap { $0.rawHeader("Message-ID") })
    }

    @Test("once, whoever is killed on the way and however long the mail server is away; and so does its end")
    func once() async throws {
        try await Rig.with { rig in
            let mailbox = try await Mailbox()
            try mailbox.setFaults(#"{"temporary": 1000}"#)
            let worker = try rig.startWorker()
            var alerts = try (0..<2).map { _ in try rig.start("alerts-worker", Self.settings(mailbox)) }
            try await refuse(rig)
            // Killed while the alert is said, planned and sent.
            for round in 0..<4 {
                try await eventually("something to have happened") {
                    try await rig.ledger { try AlertTables.areThere($0) && !$0.alerts().isEmpty }
                }
                try await alerts[round % 2].kill()
                alerts[round % 2] = try rig.start("alerts-worker", Self.settings(mailbox))
            }
            try mailbox.setFaults("{}")
            let raised = try await eventually(within: .seconds(120), "both to be told") {
                let mails = try mailbox.received()
                return Set(mails.flatMap(\.recipients)).count == 2 ? mails : nil
            }
            #expect(raised.first?.header("Subject")?.contains("40 orders") == true)
            #expect(Self.messageIDs(raised, of: "anna@example.com").count == 1)
            #expect(Self.messageIDs(raised, of: "bob@example.com").count == 1)
            try await ChildProcess.run(
                "dead-letter", arguments: ["discard", "--all", "--reason", "no longer sold"],
                environment: rig.workerEnvironment)
            let all = try await eventually(within: .seconds(120), "both to hear of the end") {
                let mails = try mailbox.received()
                let ended = mails.filter { $0.header("Subject")?.contains("Resolved") == true }
                return Set(ended.flatMap(\.recipients)).count == 2 ? mails : nil
            }
            #expect(Self.messageIDs(all, of: "anna@example.com").count == 2)
            #expect(Self.messageIDs(all, of: "bob@example.com").count == 2)
            for program in alerts + [worker] { try await rig.stop(program) }
        }
    }

    @Test("also when it is the broker that is away")
    func brokerAway() async throws {
        try await TestBroker.withOwn { broker in
            try await Rig.with(broker: broker) { rig in
                let mailbox = try await Mailbox()
                var settings = Self.settings(mailbox)
                settings["ALERTS_OUTAGE_AFTER"] = "1s"
                settings["ALERTS_RULES"] = "[{name: all, when: {kind: outage}, mail: anna@example.com, digest: 0s}]"
                let alerts = try rig.start("alerts-worker", settings)
                let worker = try rig.startWorker()
                for program in [alerts, worker] { try await WorkerHealth(of: program).waitUntilReady() }
                _ = try await rig.simulator.fault(#"{"kind":"hold","path":"/orders"}"#)
                try await rig.publish(
                    try ["held-1", "held-2"].map { OrderMessages.message(try OrderMessages.order($0)) })
                try await eventually("the ERP to be called") { try await rig.simulator.writes().count >= 2 }
                try await broker.kill()
                // Their answers wait in the outbox now.
                try await rig.simulator.clearFaults()
                let mails = try await mailbox.received(atLeast: 1, within: .seconds(60))
                #expect(mails.first?.header("Subject")?.contains("The broker") == true)
                try await broker.start()
                let ended = try await mailbox.received(atLeast: 2, within: .seconds(120))
                #expect(ended.last?.header("Subject")?.contains("Resolved") == true)
                for program in [alerts, worker] { try await rig.stop(program) }
            }
        }
    }

    /// Has that many orders become dead letters of one cause.
    private func refuse(_ rig: Rig) async throws {
        try await rig.publish(
            try Self.numbers.map { OrderMessages.message(try OrderMessages.order($0, sku: "NO-SUCH-1")) })
        try await eventually("dead letters") { try await rig.deadLetters() == Self.numbers.count }
    }
}
