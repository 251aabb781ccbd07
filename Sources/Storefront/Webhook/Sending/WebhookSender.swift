public import HTTPClient
public import Ledger
internal import Models
internal import Synchronization

/// Makes the posts that a ``WebhookStorefront`` has put down.
///
/// Several processes may send from one ledger: each takes objects for the time of a lease, which it renews while it lives,
/// so that what a killed process had in hand goes on with another. A post is repeated, under the same id, until the store
/// takes it; what was taken is posted again only when the answer was lost. Where there is a ``StoreAbsence``, they know
/// together of a store that is away: one of them tries it with a post now and then, and the posts of all wait.
public final class WebhookSender: Sendable {
    /// How posts are made; the defaults are the specification's.
    public struct Settings: Sendable {
        /// Posts at once.
        public var concurrency = 8
        /// For one post, from the first byte to the last.
        public var timeout: Duration = .seconds(15)
        /// How soon another process may take an object whose sender died.
        public var lease: Duration = .seconds(15)
        /// How often is looked for new posts.
        public var poll: Duration = .milliseconds(250)
        var schedule = WebhookSchedule()

        /// The usual settings.
        public init() {}
    }

    private struct State {
        var isStopping = false
        var inFlight = 0
        var pace: WebhookPace
    }

    let ledger: Ledger
    private let endpoint: WebhookEndpoint
    private let client: any WebhookClient
    let holder: String
    let settings: Settings
    let absence: (any StoreAbsence)?
    let onEvent: @Sendable (WebhookEvent) -> Void
    private let state: Mutex<State>
    /// Wakes the loop: an answer has made room, or it is to stop.
    private let news = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// `holder` names one running process, never two. Without an `absence` each sender finds out for itself that the
    /// store is away.
    public init(
        ledger: Ledger, endpoint: WebhookEndpoint, client: any WebhookClient, holder: String,
        settings: Settings = Settings(), absence: (any StoreAbsence)? = nil,
        onEvent: @escaping @Sendable (WebhookEvent) -> Void
    ) {
        self.ledger = ledger
        self.endpoint = endpoint
        self.client = client
        self.holder = holder
        self.settings = settings
        self.absence = absence
        self.onEvent = onEvent
        state = Mutex(State(pace: WebhookPace(limit: settings.concurrency)))
    }

    /// Posts until stopped, and returns when the answers to what is on its way are there. When cancelled, gives up what is
    /// on its way: it is posted again later. Run it once.
    public func run() async {
        await forgetPause()
        await withDiscardingTaskGroup { group in
            let clock = Task { await tick() }
            let renewal = Task { await renew() }
            for await _ in news.stream {
                guard !state.withLock(\.isStopping), !Task.isCancelled else { break }
                let start = ContinuousClock.now
                for post in await take() { group.addTask { await self.deliver(post, since: start) } }
            }
            clock.cancel()
            await waitForAnswers()
            renewal.cancel()
            await absence?.gaveUp()
        }
    }

    /// Begins no more posts.
    public func stop() {
        state.withLock { $0.isStopping = true }
        news.continuation.yield()
    }

    /// A start is the time to ask a store again that wanted no posts: its operator may have changed that.
    private func forgetPause() async {
        do {
            try await ledger.write { try $0.resumePosts() }
        } catch {
            onEvent(.waiting(reason: "\(error)"))
        }
    }

    private func tick() async {
        repeat { news.continuation.yield() } while (try? await Task.sleep(for: settings.poll)) != nil
    }

    /// Keeps the leases of what is on its way: three times in each, so that one that fails does no harm.
    private func renew() async {
        while (try? await Task.sleep(for: settings.lease / 3)) != nil {
            guard state.withLock({ $0.inFlight > 0 }) else { continue }
            do {
                try await ledger.write { [holder, settings] in
                    try $0.renewPosts(holder: holder, lease: settings.lease, now: Timestamp.now().microseconds)
                }
            } catch {
                onEvent(.waiting(reason: "\(error)"))
            }
        }
    }

    /// Waits, still renewing, until nothing is on its way.
    private func waitForAnswers() async {
        guard state.withLock({ $0.inFlight > 0 }) else { return }
        for await _ in news.stream where state.withLock({ $0.inFlight == 0 }) { return }
    }

    /// What may be posted now. Looks before it writes, so that an idle store costs nobody a write.
    private func take() async -> [LeasedPost] {
        let room = state.withLock { $0.pace.room(inFlight: $0.inFlight, now: .now) }
        guard room > 0 else { return [] }
        do {
            guard try await ledger.read({ try $0.isPostDue(at: Timestamp.now().microseconds) }) else {
                await absence?.nothingWaits()
                return []
            }
            switch await absence?.admission() ?? .all {
            case .all: return try await lease(room)
            case .one: return try await leaseOne()
            case .later: return []
            }
        } catch {
            onEvent(.waiting(reason: "\(error)"))
            return []
        }
    }

    private func lease(_ limit: Int) async throws -> [LeasedPost] {
        let posts = try await ledger.write { [holder, settings] in
            try $0.leasePosts(limit: limit, holder: holder, lease: settings.lease, now: Timestamp.now().microseconds)
        }
        state.withLock { $0.inFlight += posts.count }
        return posts
    }

    /// The one that tries the store; the turn goes to another process when there is none.
    private func leaseOne() async throws -> [LeasedPost] {
        do {
            let posts = try await lease(1)
            if posts.isEmpty { await absence?.gaveUp() }
            return posts
        } catch {
            await absence?.gaveUp()
            throw error
        }
    }

    /// `start` is a time before the lease began.
    private func deliver(_ post: LeasedPost, since start: ContinuousClock.Instant) async {
        // After a freeze another process may have it by now.
        let isOurs = ContinuousClock.now - start < settings.lease
        await settle(post, isOurs ? await answer(to: post) : .none)
        state.withLock { $0.inFlight -= 1 }
        news.continuation.yield()
    }

    /// Takes notice of what an answer says of the store as a whole.
    @discardableResult
    func pace<Result: Sendable>(_ change: (inout WebhookPace) -> Result) -> Result {
        state.withLock { change(&$0.pace) }
    }

    private func answer(to leased: LeasedPost) async -> WebhookAnswer {
        guard
            let request = HTTPRequest(leased.post, to: endpoint, at: .now(), timeout: settings.timeout)
        else {
            return .refused(
                code: "webhook.unsigned", reason: "The post cannot be signed.", fault: .store, retryAfter: nil)
        }
        do throws(HTTPError) {
            return WebhookAnswer(try await client.send(request))
        } catch {
            return WebhookAnswer(error)
        }
    }
}

/// What posts are made with: the HTTP client, or a double of it in tests.
public protocol WebhookClient: Sendable {
    /// Sends a request and returns the whole answer, whatever its status. Follows no redirect.
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}

extension HTTPClient: WebhookClient {}
