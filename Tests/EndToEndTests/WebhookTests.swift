import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("Posts on their way to a store", .needsBroker, .timeLimit(.minutes(10)))
struct WebhookTests {
    private static let queue = Catalogue.product.queue

    private func products(_ count: Int, revisions: ClosedRange<Int64>) -> [OutgoingMessage] {
        revisions.flatMap { revision in (0..<count).map { Self.product("S-\($0)", revision) } }
    }

    private static func product(_ sku: String, _ revision: Int64) -> OutgoingMessage {
        OrderMessages.message(
            of: Product(sku: sku, revision: revision, name: sku, unit: .one, isActive: true), as: Catalogue.product)
    }

    /// Every post is genuine, and each object's came one after the other, never an older revision after a newer one.
    private func expectOrder(_ posts: [WebhookStore.Post], _ comment: Comment? = nil) {
        #expect(posts.filter { !$0.isGenuine }.isEmpty, comment)
        #expect(posts.filter(\.overlaps).isEmpty, comment)
        for (subject, posts) in Dictionary(grouping: posts, by: \.subject) {
            let revisions = posts.map(\.revision)
            #expect(revisions == revisions.sorted(), "\(subject)")
            let ids = Dictionary(grouping: posts, by: \.revision).mapValues { Set($0.map(\.id)).count }
            #expect(ids.values.max() == 1, "\(subject)")
        }
    }

    private func waiting(_ rig: Rig) async throws -> Int64? {
        try await rig.ledger { snapshot in
            try snapshot.first("SELECT count(*) FROM store_webhook_post") { $0.integer(0) }
        }
    }

    @Test(
        "every object arrives at its last revision, in order, whatever the store answers and whoever is killed",
        .reportsSeed)
    func killed() async throws {
        try await Rig.with { rig in
            let store = try await WebhookStore.start()
            var generator = SeededRandom()
            var workers = [
                try rig.start("inventory-worker", store.settings), try rig.start("inventory-worker", store.settings),
            ]
            for round in 0..<6 as Range<Int64> {
                let script = (0..<20).map { _ in
                    [200, 200, 500, 503, 404, 429, 0].randomElement(using: &generator) ?? 0
                }
                try await store.answer(script)
                let before = try await store.posts().count
                // Each while posts of the one before are on their way; the one before comes once more, too late.
                for revision in round * 3 + 1...round * 3 + 3 {
                    let batch = products(12, revisions: max(revision - 1, 1)...revision)
                    try await rig.publish(batch.shuffled(using: &generator))
                    try await eventually("posts to come") { try await store.posts().count > before }
                }
                try await workers.removeFirst().kill()
                workers.append(try rig.start("inventory-worker", store.settings))
            }
            try await store.answer([])
            try await rig.waitUntilEmpty(Self.queue)
            try await eventually(within: .seconds(120), "nothing to wait") { try await waiting(rig) == 0 }
            for worker in workers { try await rig.stop(worker) }
            let posts = try await store.posts()
            expectOrder(posts, "seed \(SeededRandom.seed)")
            for sku in (0..<12).map({ "S-\($0)" }) {
                let last = posts.last { Self.is($0, of: sku) }
                #expect(last?.revision == 18 && last?.isTaken == true, "\(sku)")
            }
            try await store.process.kill()
        }
    }

    private static func `is`(_ post: WebhookStore.Post, of subject: String) -> Bool { post.subject == subject }

    @Test("a store that does not answer in time is posted to again, while others go on")
    func silence() async throws {
        try await Rig.with { rig in
            let store = try await WebhookStore.start()
            let worker = try rig.start("inventory-worker", store.settings)
            try await store.answer([0])
            try await rig.publish([Self.product("SLOW", 1)])
            try await eventually("the first post") { try await store.posts().count == 1 }
            try await rig.publish(products(20, revisions: 1...1))
            try await eventually(within: .seconds(12), "the others") { try await store.posts().count == 21 }
            try await worker.waitForLine(containing: "http.unknown-outcome.timed-out", within: .seconds(30))
            try await eventually(within: .seconds(30), "nothing to wait") { try await waiting(rig) == 0 }
            let posts = try await store.posts()
            expectOrder(posts)
            #expect(posts.count == 22 && posts.last?.subject == "SLOW")
            try await rig.stop(worker)
            try await store.process.kill()
        }
    }

    @Test("410 Gone ends the posts and says so; what goes to the store is kept and shown, and a new start goes on")
    func gone() async throws {
        try await Rig.with { rig in
            let store = try await WebhookStore.start()
            let worker = try rig.start("inventory-worker", store.settings)
            let health = try await WorkerHealth(of: worker)
            try await store.answer([410])
            try await rig.publish([Self.product("S-1", 1)])
            try await worker.waitForLine(containing: "posts stopped")
            try await rig.publish([Self.product("S-2", 1)])
            try await rig.waitUntilEmpty(Self.queue)
            try await eventually("both to be kept") { try await waiting(rig) == 2 }
            #expect(try await health.metric("stevedore_webhook_paused") == 1)
            #expect(try await health.readiness().page.description.contains("410 Gone"))
            let shown = try await rig.ledger {
                try $0.query("SELECT sku FROM store_product ORDER BY sku") { $0.text(0) }
            }
            #expect(shown == ["S-1", "S-2"])
            try await rig.stop(worker)
            #expect(try await store.posts().count == 1)
            let heir = try rig.start("inventory-worker", store.settings)
            try await eventually("nothing to wait") { try await waiting(rig) == 0 }
            expectOrder(try await store.posts())
            try await rig.stop(heir)
            try await store.process.kill()
        }
    }

    @Test("a worker that is asked to stop gives a post up when its grace is over, and the next worker makes it at once")
    func stopped() async throws {
        try await Rig.with { rig in
            let store = try await WebhookStore.start()
            let settings = store.settings.merging(["WORKER_GRACE": "1s", "WORKER_LEASE": "600s"]) { $1 }
            let worker = try rig.start("inventory-worker", settings)
            try await store.answer([0])
            try await rig.publish([Self.product("S-1", 1)])
            try await eventually("the post") { try await store.posts().count == 1 }
            try await rig.stop(worker)
            let heir = try rig.start("inventory-worker", settings)
            try await eventually("nothing to wait") { try await waiting(rig) == 0 }
            expectOrder(try await store.posts())
            try await rig.stop(heir)
            try await store.process.kill()
        }
    }

    @Test("a worker whose webhook is not allowed does not start, and says what is")
    func notAllowed() async throws {
        try await Rig.with { rig in
            let settings = [
                "STOREFRONT_ADAPTERS": "webhook", "STOREFRONT_WEBHOOK_URL": "https://store.example/hooks",
                "STOREFRONT_WEBHOOK_SECRET": WebhookStore.secrets[0],
            ]
            let worker = try rig.start("tracking-worker", settings)
            #expect(try await worker.waitForExit() == .exited(78))
            let text = worker.errors.joined(separator: "\n")
            #expect(text.contains("`storefront.webhook.allowed-hosts`") && text.contains("`store.example`"), "\(text)")
        }
    }
}
