import FleetTesting
import Ledger
import Models
import Testing

@testable import Storefront

@Suite("What waits to be posted")
struct WebhookTableTests {
    private func names(_ posts: [LeasedPost]) -> [String] { posts.map { "\($0.post.subject) \($0.post.revision)" } }

    @Test("objects are taken in the order in which they came, each once")
    func order() async throws {
        try await WebhookFixture.with { fixture in
            for sku in ["B", "A", "C"] { try await fixture.show(sku, 1) }
            #expect(names(try await fixture.lease(2)) == ["B 1", "A 1"])
            #expect(names(try await fixture.lease()) == ["C 1"])
            #expect(try await fixture.lease(by: "b").isEmpty)
        }
    }

    @Test("a newer revision takes the place of one that waits, and an older one changes nothing")
    func replacing() async throws {
        try await WebhookFixture.with { fixture in
            for revision in [3, 4, 2, 4] as [Int64] { try await fixture.show("A", revision) }
            #expect(try await fixture.backlog()?.waiting == 1)
            #expect(names(try await fixture.lease()) == ["A 4"])
        }
    }

    @Test("objects of different families do not share a place")
    func families() async throws {
        try await WebhookFixture.with { fixture in
            try await fixture.show("A", 1)
            try await fixture.ledger.write { transaction in
                try fixture.storefront.show(
                    Customer(
                        account: "A", revision: 1, name: "A", currency: .usd, isPurchaseOrderAllowed: true,
                        creditUsed: .zero, isActive: true), at: .epoch, in: transaction)
            }
            #expect(try await fixture.lease().map(\.post.family) == ["product", "customer"])
        }
    }

    @Test("a newer revision waits while an older one is on its way, and is due when the answer is there")
    func oneAtATime() async throws {
        try await WebhookFixture.with { fixture in
            try await fixture.show("A", 1)
            let first = try #require(try await fixture.lease().first)
            try await fixture.show("A", 2)
            #expect(try await fixture.lease(by: "b").isEmpty)
            #expect(try await fixture.ledger.write { try $0.finish(first, now: WebhookFixture.clock) })
            #expect(names(try await fixture.lease(by: "b")) == ["A 2"])
        }
    }

    @Test("a newer revision is due at once when the older one on its way fails, and counts its tries anew")
    func failedBeforeNewer() async throws {
        try await WebhookFixture.with { fixture in
            try await fixture.show("A", 1)
            let first = try #require(try await fixture.lease().first)
            try await fixture.show("A", 2)
            let now = WebhookFixture.clock
            try await fixture.ledger.write {
                try $0.fail(first, code: "x", reason: "no", retryAt: now + 1_000_000_000, now: now)
            }
            let next = try await fixture.lease()
            #expect(names(next) == ["A 2"] && next.first?.attempts == 1)
        }
    }

    @Test("what failed is due again at its time, with the same id, and is seen meanwhile")
    func failed() async throws {
        try await WebhookFixture.with { fixture in
            try await fixture.show("A", 1)
            let first = try #require(try await fixture.lease().first)
            let now = WebhookFixture.clock
            try await fixture.ledger.write {
                try $0.fail(first, code: "x", reason: "no room", retryAt: now + 60_000_000, now: now)
            }
            #expect(try await fixture.lease(at: now + 59_000_000).isEmpty)
            let backlog = try #require(try await fixture.backlog())
            #expect(backlog.failing == 1)
            #expect(backlog.worst?.object == "product A" && backlog.worst?.reason == "no room")
            let second = try #require(try await fixture.lease(at: now + 60_000_000).first)
            #expect(second.post == first.post && second.attempts == 2)
        }
    }

    @Test("what a killed sender had in hand is free when its lease is over, and not before")
    func expiry() async throws {
        try await WebhookFixture.with { fixture in
            try await fixture.show("A", 1)
            let now = WebhookFixture.clock
            _ = try await fixture.lease(by: "killed", for: .seconds(10), at: now)
            #expect(try await fixture.lease(by: "b", at: now + 9_999_999).isEmpty)
            #expect(names(try await fixture.lease(by: "b", at: now + 10_000_000)) == ["A 1"])
        }
    }

    @Test("a renewed lease goes on; one that has run out is not revived")
    func renewal() async throws {
        try await WebhookFixture.with { fixture in
            try await fixture.show("A", 1)
            let now = WebhookFixture.clock
            _ = try await fixture.lease(by: "a", for: .seconds(10), at: now)
            try await fixture.ledger.write {
                try $0.renewPosts(holder: "a", lease: .seconds(10), now: now + 9_000_000)
                try $0.renewPosts(holder: "b", lease: .seconds(1_000), now: now + 9_000_000)
            }
            #expect(try await fixture.lease(by: "b", at: now + 18_999_999).isEmpty)
            try await fixture.ledger.write {
                try $0.renewPosts(holder: "a", lease: .seconds(10), now: now + 19_000_000)
            }
            #expect(names(try await fixture.lease(by: "b", at: now + 19_000_000)) == ["A 1"])
        }
    }

    @Test("a sender that wakes up late answers for nothing that another has taken, or that came later")
    func lateAnswers() async throws {
        try await WebhookFixture.with { fixture in
            try await fixture.show("A", 1)
            let now = WebhookFixture.clock
            let late = try #require(try await fixture.lease(by: "late", for: .seconds(1), at: now).first)
            let heir = try #require(try await fixture.lease(by: "heir", at: now + 1_000_000).first)
            #expect(try await fixture.ledger.write { try $0.finish(late, now: now) } == false)
            try await fixture.ledger.write {
                try $0.fail(late, code: "x", reason: "no", retryAt: 0, now: now)
                try $0.release(late, now: now)
            }
            #expect(try await fixture.lease(by: "third", at: now + 2_000_000).isEmpty)
            #expect(try await fixture.ledger.write { try $0.finish(heir, now: now) })
            try await fixture.show("A", 2)
            #expect(try await fixture.ledger.write { try $0.finish(heir, now: now) } == false)
            #expect(try await fixture.backlog()?.waiting == 1)
        }
    }

    @Test("nothing is taken while the store wants a pause; the longest one counts, and one without end is the longest")
    func pauses() async throws {
        try await WebhookFixture.with { fixture in
            try await fixture.show("A", 1)
            let now = WebhookFixture.clock
            #expect(try await pause(fixture, until: now + 60_000_000, "busy", now))
            #expect(try await pause(fixture, until: now + 1_000_000, "less", now) == false)
            #expect(try await fixture.lease(at: now + 59_000_000).isEmpty)
            #expect(try await fixture.backlog()?.pause?.reason == "busy")
            try await fixture.ledger.write { try $0.resumePosts() }
            #expect(try await fixture.lease(at: now + 59_000_000).isEmpty, "a start of a worker is no reason to hurry")
            #expect(try await fixture.lease(for: .zero, at: now + 60_000_000).count == 1)
            #expect(try await pause(fixture, until: nil, "gone", now))
            #expect(try await pause(fixture, until: now + 90_000_000, "busy", now) == false)
            #expect(try await fixture.lease(at: now + 1_000_000_000_000).isEmpty)
            try await fixture.ledger.write { try $0.resumePosts() }
            #expect(try await fixture.lease(at: now + 60_000_001).count == 1)
        }
    }

    private func pause(_ fixture: WebhookFixture, until: Int64?, _ reason: String, _ now: Int64) async throws -> Bool {
        try await fixture.ledger.write { try $0.pausePosts(until: until, reason: reason, now: now) }
    }

    @Test(
        "after the clock was set back, what waits is due at once, with its newest revision; small differences are none")
    func clockSetBack() async throws {
        try await WebhookFixture.with { fixture in
            for sku in ["failed", "fresh"] { try await fixture.show(sku, 1) }
            let now = WebhookFixture.clock
            let failed = try #require(try await fixture.lease(1).first)
            try await fixture.ledger.write {
                try $0.fail(failed, code: "x", reason: "no", retryAt: now + 5_000_000, now: now)
            }
            #expect(try await fixture.lease(at: now - 59_000_000).isEmpty)
            let back = now - 3_600_000_000
            #expect(try await fixture.ledger.read { try $0.isPostDue(at: back) })
            try await fixture.show("failed", 2)
            #expect(Set(names(try await fixture.lease(at: back))) == ["fresh 1", "failed 2"])
        }
    }

    @Test(
        "after the clock was set back, what a sender has in hand stays its own while it lives, and for one lease if not"
    )
    func clockSetBackInHand() async throws {
        try await WebhookFixture.with { fixture in
            for sku in ["A", "B"] { try await fixture.show(sku, 1) }
            let now = WebhookFixture.clock
            _ = try await fixture.lease(1, by: "lives", for: .seconds(10), at: now)
            _ = try await fixture.lease(1, by: "killed", for: .seconds(10), at: now)
            let back = now - 3_600_000_000
            #expect(try await fixture.lease(by: "heir", at: back).isEmpty)
            try await fixture.ledger.write {
                try $0.renewPosts(holder: "lives", lease: .seconds(10), now: back + 5_000_000)
            }
            #expect(names(try await fixture.lease(by: "heir", at: back + 10_000_000)) == ["B 1"])
        }
    }

    @Test("a pause that begins ahead of now was wanted before the clock was set back: it is over, and a new one counts")
    func pauseSetBack() async throws {
        try await WebhookFixture.with { fixture in
            try await fixture.show("A", 1)
            let now = WebhookFixture.clock
            #expect(try await pause(fixture, until: now + 30_000_000, "busy", now))
            let back = now - 3_600_000_000
            #expect(try await fixture.ledger.read { try WebhookBacklog($0, now: back)?.pause } == nil)
            #expect(try await fixture.lease(for: .zero, at: back).count == 1)
            #expect(try await pause(fixture, until: back + 30_000_000, "busy again", back))
            #expect(try await fixture.lease(at: back + 29_000_000).isEmpty)
            #expect(try await fixture.lease(at: back + 30_000_000).count == 1)
        }
    }

    @Test("what is put down in a transaction that is undone is not posted")
    func undone() async throws {
        struct Undo: Error {}
        try await WebhookFixture.with { fixture in
            await #expect(throws: Undo.self) {
                try await fixture.ledger.write { transaction in
                    try fixture.storefront.show(WebhookFixture.product("A", 1), at: .epoch, in: transaction)
                    throw Undo()
                }
            }
            let leased = try await fixture.lease()
            #expect(leased.isEmpty)
        }
    }

    @Test("taking and looking read by an index")
    func plans() async throws {
        try await WebhookFixture.with { fixture in
            let statements = [
                """
                SELECT 1 WHERE EXISTS (SELECT 1 FROM store_webhook_post WHERE available_at <= 1)
                    OR EXISTS (SELECT 1 FROM store_webhook_post WHERE waits_from > 2)
                """,
                "UPDATE store_webhook_post SET waits_from = 1 WHERE waits_from > 2",
                "SELECT min(waiting_since) FROM store_webhook_post",
                "SELECT count(*) FROM store_webhook_post WHERE failing_since IS NOT NULL",
                "UPDATE store_webhook_post SET available_at = 1 WHERE lease_holder = 'a' AND available_at > 1",
            ]
            for statement in statements {
                let plan = try await fixture.ledger.read { snapshot in
                    try snapshot.query(text: "EXPLAIN QUERY PLAN " + statement) { $0.text(3) }
                }
                #expect(plan.allSatisfy(Self.isIndexed), "\(statement): \(plan)")
            }
        }
    }

    private static func isIndexed(_ step: String) -> Bool {
        step.contains("INDEX") || step == "SCAN CONSTANT ROW" || step.hasPrefix("SCALAR SUBQUERY")
    }

    @Test("a ledger without these tables says nothing of them")
    func noTables() async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            #expect(try await ledger.read { try WebhookBacklog($0, now: 0) } == nil)
            await ledger.close()
        }
    }
}
