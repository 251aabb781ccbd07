import Fleet
import FleetTesting
import Ledger
import Models
import Testing

/// From what does not happen to the mailbox, with real programs, a real broker and a real mail server.
@Suite("What should have happened and did not reaches a person", .needsBroker, .timeLimit(.minutes(10)))
struct ExpectationTests {
    private static let order = "late-1"
    private static let key = "expectation/order-answered"
    /// For what takes seconds on a quiet machine.
    private static let patience = Duration.seconds(180)

    private static func settings(_ mailbox: Mailbox) -> [String: String] {
        [
            "ALERTS_MAIL_URL": mailbox.url, "ALERTS_MAIL_SECURITY": "none",
            "ALERTS_MAIL_FROM": "Stevedore <stevedore@example.com>",
            "ALERTS_RULES": "[{name: all, when: {kind: expectation}, mail: anna@example.com, digest: 0s}]",
            "EXPECTATIONS": "{order-answered: {after: order.placed.v1, expect: order.status.v1, within: 2s}}",
        ]
    }

    @Test("an answer that nobody brings to the store is told once, whoever is killed, and that it came late is, too")
    func answerWaits() async throws {
        try await Rig.with { rig in
            let mailbox = try await Mailbox()
            var alerts = try rig.start("alerts-worker", Self.settings(mailbox))
            try await rig.waitUntilWatched()
            let workers = try await placeWithoutAnswer(rig)
            try await eventually(within: Self.patience, "the answer to be missed") {
                try await rig.expectations(of: Self.order) == [.missed]
            }
            // Killed while it is said, while it is told, and when it has been.
            alerts = try await replace(alerts, rig, mailbox)
            _ = try await mailbox.received(atLeast: 1, within: Self.patience)
            #expect(try await Self.state(rig) == .open)
            alerts = try await replace(alerts, rig, mailbox)
            try await WorkerHealth(of: alerts).waitUntilReady(within: .seconds(120))
            try await alerts.kill()
            // It comes while nobody watches.
            let last = try rig.startWorker(only: "to-store")
            try await rig.waitForOrders([Self.order], within: Self.patience)
            try await rig.endWatchLease()
            alerts = try rig.start("alerts-worker", Self.settings(mailbox))
            try await waitUntilToldOfEnd(mailbox)
            for program in workers + [last, alerts] { try await rig.stop(program) }
            #expect(try await Self.state(rig) == .resolved)
            #expect(try await rig.expectations(of: Self.order) == [.late])
            try expectToldOnce(mailbox, "1 order has had no answer", naming: [Self.order])
        }
    }

    @Test("orders that no worker takes are told, though nobody knows of any, and so is that one takes them")
    func nobodyTakes() async throws {
        try await Rig.with { rig in
            let mailbox = try await Mailbox()
            // Before anybody looks, so that one look finds the order in both of its queues.
            try await rig.place([Self.order])
            let alerts = try rig.start("alerts-worker", Self.settings(mailbox))
            _ = try await mailbox.received(atLeast: 1, within: Self.patience)
            #expect(try await Self.state(rig) == .open)
            let worker = try rig.startWorker()
            try await waitUntilToldOfEnd(mailbox)
            let queues = Catalogue.orderPlaced.queues
            try expectToldOnce(mailbox, "Messages wait in", naming: queues)
            try await rig.waitForOrders([Self.order], within: Self.patience)
            for queue in queues {
                let states = try await rig.expectations(of: Fleet.Expectation.subject(ofQueue: queue))
                #expect(states == [.late], "\(queue)")
            }
            for program in [alerts, worker] { try await rig.stop(program) }
        }
    }

    /// Has the ERP take an order and answer it, while nobody shows the store any answer.
    private func placeWithoutAnswer(_ rig: Rig) async throws -> [ChildProcess] {
        let workers = try ["taken", "to-erp"].map { try rig.startWorker(only: $0) }
        for worker in workers { try await WorkerHealth(of: worker).waitUntilReady(within: .seconds(120)) }
        try await rig.place([Self.order])
        try await eventually(within: Self.patience, "the answer to wait") {
            try await rig.backlog(of: Catalogue.orderStatus.queue) == 1
        }
        return workers
    }

    /// Kills an alerts-worker, and starts another one.
    private func replace(_ alerts: ChildProcess, _ rig: Rig, _ mailbox: Mailbox) async throws -> ChildProcess {
        try await alerts.kill()
        return try rig.start("alerts-worker", Self.settings(mailbox))
    }

    /// The alert's; nil before there is one.
    private static func state(_ rig: Rig) async throws -> Alert.State? {
        try await rig.ledger { try $0.alert(key: Self.key)?.alert.state }
    }

    private func waitUntilToldOfEnd(_ mailbox: Mailbox) async throws {
        try await eventually(within: Self.patience, "the mail that it is over") {
            try mailbox.received().contains(where: Self.isOfEnd)
        }
    }

    /// One mail of the beginning, which has these words in its subject and these names in its text, and one of the end.
    /// What was sent again because nobody knew whether it had arrived came under the same id.
    private func expectToldOnce(
        _ mailbox: Mailbox, _ words: String, naming names: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let mails = try mailbox.received()
        let beginnings = mails.filter { !Self.isOfEnd($0) }
        let ends = mails.filter(Self.isOfEnd)
        #expect(Self.messageIDs(beginnings).count == 1, sourceLocation: sourceLocation)
        #expect(Self.messageIDs(ends).count == 1, sourceLocation: sourceLocation)
        let first = try #require(beginnings.first, sourceLocation: sourceLocation)
        let (subject, text) = (first.header("Subject") ?? "", first.text ?? "")
        #expect(subject.contains(words), "\(subject)", sourceLocation: sourceLocation)
        for name in names { #expect(text.contains(name), "\(text)", sourceLocation: sourceLocation) }
    }

    private static func isOfEnd(_ mail: ReceivedMail) -> Bool {
        mail.header("Subject")?.contains("Resolved") == true
    }

    private static func messageIDs(_ mails: [ReceivedMail]) -> Set<String> {
        Set(mails.compactMap { $0.rawHeader("Message-ID") })
    }
}
