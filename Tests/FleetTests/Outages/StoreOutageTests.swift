import FleetTesting
import HTTPClient
import Ledger
import Models
import Storefront
import Testing

@testable import Fleet

@Suite("A store that is away", .timeLimit(.minutes(1)))
struct StoreOutageTests {
    /// A store that takes posts or does not listen.
    private final class Store: WebhookClient {
        let isThere = Shared(false)
        let posts = Shared(0)

        func send(_: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            posts.withLock { $0 += 1 }
            guard isThere.withLock({ $0 }) else { throw HTTPError.notSent(.refused, "nobody listens") }
            return HTTPResponse(status: 204)
        }
    }

    private static func endpoint() throws -> WebhookEndpoint {
        let url = try #require(WebhookURL("https://store.example/hooks"))
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        return try WebhookEndpoint(url: url, secrets: [secret], allowedHosts: ["store.example"])
    }

    /// Two processes that post to it.
    private static func posting(
        _ ledger: Ledger, _ store: Store, _ body: ([WebhookService]) async throws -> Void
    ) async throws {
        let endpoint = try endpoint()
        let services = ["p-1", "p-2"].map { holder in
            WebhookService(
                ledger: ledger, endpoint: endpoint, client: store, holder: holder, settings: .init(),
                logger: Samples.quiet)
        }
        let tools = CompanionTools(
            holder: "p", ledger: ledger, publisher: SinkDouble(), outboxWake: WakeSignal(), logger: Samples.quiet)
        let running = services.map { service in Task { await service.run(tools) } }
        do {
            try await body(services)
        } catch {
            for task in running { task.cancel() }
            throw error
        }
        for service in services { service.stop() }
        for task in running { await task.value }
    }

    private static func show(_ count: Int, in ledger: Ledger) async throws {
        let storefront = WebhookStorefront(source: "urn:stevedore:test")
        try await ledger.write { transaction in
            for number in 1...count {
                let product = Product(sku: "P-\(number)", revision: 1, name: "Bolt", unit: .one, isActive: true)
                try storefront.show(product, at: .epoch, in: transaction)
            }
        }
    }

    private static func outage(_ ledger: Ledger) async throws -> Outage? {
        try await ledger.read { try $0.outages(limit: 10).first }
    }

    private static func waiting(_ ledger: Ledger) async throws -> Int? {
        try await ledger.read { try WebhookBacklog($0, now: Timestamp.now().microseconds)?.waiting }
    }

    private static func mostAttempts(_ ledger: Ledger) async throws -> Int64? {
        try await ledger.read { try $0.first("SELECT max(attempts) FROM store_webhook_post") { $0.integer(0) } }
    }

    @Test("is one outage for all who post: single posts try it, no try is counted, and all go on when it is back")
    func away() async throws {
        try await withLedger { ledger in
            try await WebhookStorefront.migrate(ledger)
            try await Self.show(40, in: ledger)
            let store = Store()
            try await Self.posting(ledger, store) { services in
                try await eventually("two tries") { try await Self.outage(ledger)?.probes ?? 0 >= 2 }
                let posts = store.posts.withLock { $0 }
                let probes = try await Self.outage(ledger)?.probes ?? 0
                // Eight of each were on their way when it began.
                #expect(posts <= 16 + Int(probes) + 1)
                try await eventually("nothing to be counted") { try await Self.mostAttempts(ledger) == 0 }
                let check = await services[0].check()
                #expect(check.isUp && check.state == "paused")
                store.isThere.withLock { $0 = true }
                try await eventually("all to be posted") { try await Self.waiting(ledger) == 0 }
            }
            let outage = try #require(try await Self.outage(ledger))
            #expect(outage.destination == "store.webhook" && outage.code == "http.not-sent.refused")
            #expect(outage.endedAt != nil)
        }
    }
}
