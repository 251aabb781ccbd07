import Fleet
import FleetTesting
import Ledger
import Storefront
import Testing

@testable import Stevedore

@Suite("Status of a webhook")
struct WebhookStatusTests {
    /// What is said of a ledger in which this has happened.
    private func status(_ happenings: [String]) async throws -> FleetStatus {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await WebhookStorefront.migrate(ledger)
            try await ledger.write { transaction in
                for happening in happenings { try transaction.execute(text: happening) }
            }
            let backlog = try await ledger.read { try WebhookBacklog($0, now: 2_000_000_000) }
            await ledger.close()
            return FleetStatus(
                now: 2_000_000_000, broker: "amqp://127.0.0.1:5672/", flows: [], unrouted: 0, missingQueues: [],
                ledgerPath: "stevedore.db", ledger: .init(webhook: backlog))
        }
    }

    private func post(_ subject: String, failingSince: String) -> String {
        """
        INSERT INTO store_webhook_post (family, subject, revision, id, type, waiting_since, available_at, failing_since,
            last_failure, body)
        VALUES ('product', '\(subject)', 1, 'id', 'product.v1', 1000000000, 0, \(failingSince), 'It said no.', x'00')
        """
    }

    @Test("what the store takes needs nobody")
    func healthy() async throws {
        let status = try await status([post("A", failingSince: "NULL"), post("B", failingSince: "1999000000")])
        let line = "webhook: 2 objects, the oldest for 16m 40s, 1 not taken by the store\n"
        #expect(status.text(width: nil).contains(line))
        #expect(status.advice.isEmpty)
    }

    @Test("what the store refuses for long is said with its reason")
    func refused() async throws {
        let status = try await status([post("A", failingSince: "1000000000"), post("B", failingSince: "1999000000")])
        let sentence = "The store does not take 2 objects, the first for 16m 40s: product A: It said no."
        #expect(status.advice == [sentence + " It is posted again until it is taken."])
        #expect(status.json["webhook"]?["failingSeconds"] == 1_000)
    }

    @Test("a store that wants no posts any more is said with what to do")
    func gone() async throws {
        let status = try await status(["INSERT INTO store_webhook_pause VALUES (1, 1000000000, NULL, 'It is gone.')"])
        #expect(status.advice.count == 1)
        let beginning = "Nothing is posted to the store for 16m 40s: It is gone. Correct"
        #expect(status.advice.first?.hasPrefix(beginning) == true)
        #expect(status.json["webhook"]?["pausedSeconds"] == 1_000)
    }

    @Test("a ledger without a webhook says nothing of one")
    func none() throws {
        let status = FleetStatus(
            now: 0, broker: "", flows: [], unrouted: 0, missingQueues: [], ledgerPath: "", ledger: .init())
        #expect(!status.text(width: nil).contains("webhook") && status.json["webhook"] == .null)
    }
}
