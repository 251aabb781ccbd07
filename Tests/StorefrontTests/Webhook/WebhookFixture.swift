import FleetTesting
import HTTPClient
import Ledger
import Models
import Synchronization

@testable import Storefront

/// A ledger with a webhook's tables of one test's own.
struct WebhookFixture {
    let ledger: Ledger
    let storefront = WebhookStorefront(source: "urn:stevedore:test")

    static func with(
        isolation: isolated (any Actor)? = #isolation, _ body: (WebhookFixture) async throws -> Void
    ) async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await WebhookStorefront.migrate(ledger)
            try await body(WebhookFixture(ledger: ledger))
            await ledger.close()
        }
    }

    /// Shows a product at a revision, as a worker does.
    func show(_ sku: String, _ revision: Int64) async throws {
        try await ledger.write { [storefront] transaction in
            try storefront.show(Self.product(sku, revision), at: .epoch, in: transaction)
        }
    }

    static func product(_ sku: String, _ revision: Int64) -> Product {
        Product(sku: sku, revision: revision, name: "\(sku) at \(revision)", unit: .one, isActive: true)
    }

    func lease(
        _ limit: Int = 10, by holder: String = "a", for lease: Duration = .seconds(10), at now: Int64 = clock
    ) async throws -> [LeasedPost] {
        try await ledger.write { try $0.leasePosts(limit: limit, holder: holder, lease: lease, now: now) }
    }

    /// Until when the post that was leased last is nobody else's.
    func leaseEnd() async throws -> Int64 {
        try await ledger.read { try $0.first("SELECT max(available_at) FROM store_webhook_post") { $0.integer(0) } }
            ?? 0
    }

    /// A time after all that a test has put down.
    static var clock: Int64 { Timestamp.now().microseconds }

    func backlog() async throws -> WebhookBacklog? {
        try await ledger.read { try WebhookBacklog($0, now: Self.clock) }
    }

    /// Runs a sender for the time of the body, then stops it and waits for its end.
    func sending(
        to client: ScriptedStore, secrets: [String] = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        events: EventLog = EventLog(), _ change: (inout WebhookSender.Settings) -> Void = { _ in },
        isolation: isolated (any Actor)? = #isolation, _ body: (WebhookSender) async throws -> Void
    ) async throws {
        var settings = WebhookSender.Settings()
        settings.poll = .milliseconds(5)
        settings.schedule = WebhookSchedule(first: .milliseconds(10), longest: .milliseconds(100))
        change(&settings)
        guard let url = WebhookURL("https://store.example/hooks") else { throw TestingError.missing("url") }
        let endpoint = try WebhookEndpoint(
            url: url, secrets: secrets.compactMap { WebhookSecret($0) }, allowedHosts: ["store.example"])
        let sender = WebhookSender(
            ledger: ledger, endpoint: endpoint, client: client, holder: "a", settings: settings
        ) { events.append($0) }
        let running = Task { await sender.run() }
        do {
            try await body(sender)
            sender.stop()
            await running.value
        } catch {
            running.cancel()
            await running.value
            throw error
        }
    }
}

/// A store that answers as a test says, and remembers what it was sent.
final class ScriptedStore: WebhookClient {
    private let requests = Mutex<[HTTPRequest]>([])
    private let answer: @Sendable (_ number: Int, _ message: Received) async throws -> HTTPResponse

    /// `answer` is given how many posts came before, and what the post says.
    init(_ answer: @escaping @Sendable (Int, Received) async throws -> HTTPResponse) {
        self.answer = answer
    }

    /// A store that takes everything.
    convenience init() {
        self.init { _, _ in HTTPResponse(status: 204) }
    }

    var posts: [HTTPRequest] { requests.withLock { $0 } }

    /// What it was told, as `subject revision`, in the order of arrival.
    var told: [String] { posts.map { post in (try? Self.message(post)).map(Self.name) ?? "unreadable" } }

    static func name(_ message: Received) -> String { "\(message.envelope.subject) \(message.envelope.revision)" }

    static func message(_ post: HTTPRequest) throws -> Received {
        try MessageReader().read(post.body ?? [])
    }

    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let number = requests.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
        do {
            return try await answer(number, Self.message(request))
        } catch let error as HTTPError {
            throw error
        } catch {
            throw .unknownOutcome(.other, "\(error)")
        }
    }
}

/// What a sender said.
final class EventLog: Sendable {
    private let events = Mutex<[WebhookEvent]>([])

    func append(_ event: WebhookEvent) { events.withLock { $0.append(event) } }

    var all: [WebhookEvent] { events.withLock { $0 } }
}

/// Holds whoever waits until it is opened.
final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var waiting: Int { state.withLock { $0.waiting.count } }

    func open() {
        let waiting = state.withLock { state in
            defer { state = State(isOpen: true) }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Waits; a test that was given up waits no longer.
    func pass() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        } onCancel: {
            open()
        }
    }
}
