import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

@Suite("What buyers would read of letters that are discarded")
struct DiscardPreviewTests {
    private static func record(_ id: String, payload: String?) -> DeadLetterRecord {
        DeadLetterRecord(
            id: id, queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1", subject: "SO-1",
            revision: 1, code: "sku.unknown", category: "rejected", sentence: "No.", fingerprint: "f", attempts: 1,
            firstFailedAt: 1, lastFailedAt: 1, payload: payload)
    }

    @Test("an order that the ERP never had is answered; one that it has, and one without its body, is not")
    func fates() async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await FleetTables.migrate(ledger)
            let body = try Letters.order("SO-1", id: "m-1")
            let kept = try await ledger.write { transaction in
                try transaction.keepBody(
                    body, of: "m-1", MessageProperties(contentType: "application/cloudevents+json"), at: 1)
            }
            let record = Self.record("m-1", payload: kept)
            let fate = try await ledger.read { try RejectionPreview.fate(of: record, $0) }
            #expect(fate == .answered(.init(number: "SO-1", revision: 1)))
            let unread = try await ledger.read { try RejectionPreview.fate(of: Self.record("m-2", payload: nil), $0) }
            #expect(unread == .unread)
            try await ledger.write { transaction in
                let key = ClaimKey(family: "order", subject: "SO-1", revision: 1, hash: ContentDigest(high: 1, low: 1))
                _ = try transaction.claimAndComplete(key, holder: "w", now: 2)
            }
            let untold = try await ledger.read { try RejectionPreview.fate(of: record, $0) }
            #expect(untold == .untold)
            await ledger.close()
        }
    }

    @Test("each order is named once with its state and the words, and it is said that these are read word for word")
    func text() {
        var preview = RejectionPreview(reason: "no longer sold")
        #expect(preview.text(width: nil) == "The store would be told of no order.\n")
        for number in ["SO-1", "SO-2", "SO-1"] { preview.add(.answered(.init(number: number, revision: 1))) }
        preview.add(.untold)
        let text = preview.text(width: nil)
        #expect(text.hasPrefix("The store would be told so, and each buyer reads the reason word for word:\n"))
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("SO-") }
        #expect(rows.count == 2)
        #expect(rows.allSatisfy { $0.contains("rejected") && $0.contains("no longer sold") })
        #expect(text.contains("Of 1 letter the store would be told nothing"))
    }

    @Test(
        "what was not touched is said to be others, so that it reads as no failure",
        arguments: [(1, "1 other looked at and left"), (1_170, "1,170 others looked at and left")])
    func counts(skipped: Int, words: String) {
        var counts = ReplayCounts()
        (counts.replayed, counts.skipped) = (4, skipped)
        #expect(counts.sentence("discard", isDryRun: false) == "discarded 4 letters, \(words)")
    }
}

@Suite("What a replay says of itself")
struct ReplayWordsTests {
    @Test("letters that were not meant, that were refused, and that a stopped run has left are told apart")
    func remaining() {
        var counts = ReplayCounts()
        (counts.replayed, counts.unsent, counts.skipped, counts.remaining) = (139, 2, 7, 461)
        #expect(
            counts.sentence("replay", isDryRun: false)
                == "replayed 139 letters, 2 left: refused, or dealt with by somebody else, "
                + "7 others looked at and left, 461 of the selected still open")
        let json = counts.json("replayed", isDryRun: false, missing: []).compact
        #expect(json.contains(#""unsent":2"#) && json.contains(#""remaining":461"#), "\(json)")
        counts.remaining = 0
        #expect(!counts.sentence("replay", isDryRun: false).contains("still open"))
    }

    @Test("a replay that sends nothing although letters are left is told from one that found none")
    func idle() {
        var counts = ReplayCounts()
        #expect(!counts.isIdle)
        counts.left[.dependencyMissing] = 600
        #expect(counts.isIdle && counts.reasonLeft == .dependencyMissing)
        counts.replayed = 1
        #expect(!counts.isIdle)
        var refused = ReplayCounts()
        refused.unsent = 3
        #expect(!refused.isIdle, "others have done it")
        refused.remaining = 3
        #expect(refused.isIdle && refused.reasonLeft == nil)
    }

    @Test("a plan says what is done with what would fail: left, or sent because of --force", arguments: [false, true])
    func forced(isForced: Bool) {
        var plan = ReplayPlan(rate: 1, isForced: isForced)
        plan.add(flow: "orders.to-erp", subject: "W-1", .stillInvalid("Revision 1 has arrived with other content."))
        plan.add(flow: "orders.to-erp", subject: "W-2", .dependencyMissing("No product."))
        let text = plan.text(width: nil)
        #expect(text.contains("sent (--force)") == isForced)
        #expect(text.contains("left, unless --force") != isForced)
        #expect(text.contains("that takes \(isForced ? "2s" : "0s")."), "\(text)")
    }
}

/// Real processes on a real broker; `scripts/test` starts one.
@Suite(
    "Discarding with a dry run", .enabled(if: (try? TestBroker.shared.get()) != nil), .timeLimit(.minutes(3)))
struct DiscardDryRunTests {
    @Test("with --tell-store a dry run says of each order what its buyer would read, and tells nobody")
    func dryRun() async throws {
        try await Desk.with(letters: 3) { desk in
            try await desk.keepBodies(3)
            try await desk.apply("SO-2", revision: 1, id: "there")
            let said = try await desk.run([
                "discard", "--all", "--reason", "no longer sold", "--tell-store", "--dry-run",
            ])
            #expect(said.contains("Would discard 3 letters."))
            #expect(said.contains("word for word") && said.contains("SO-0") && said.contains("SO-1"))
            #expect(!said.contains("SO-2") && said.contains("Of 1 letter the store would be told nothing"))
            let told = try await desk.ledger.read { try $0.query("SELECT id FROM outbox") { $0.text(0) } }
            #expect(told.isEmpty)
            #expect(try await desk.states() == ["open", "open", "open"])
        }
    }
}
