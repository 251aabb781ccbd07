internal import Ledger
internal import Logging
internal import Models
internal import Storefront

/// Posts to the store beside a worker's flows, and says how that goes.
struct WebhookService: CompanionService {
    private let ledger: Ledger
    private let sender: WebhookSender
    private let absence: SharedAbsence
    private let counts: Counts

    /// What became of the posts of this process.
    private final class Counts: Sendable {
        let delivered = Counter()
        let refused = Counter()
    }

    init(
        ledger: Ledger, endpoint: WebhookEndpoint, client: any WebhookClient, holder: String,
        settings: WebhookSender.Settings, logger: Logger
    ) {
        self.ledger = ledger
        let counts = Counts()
        self.counts = counts
        absence = SharedAbsence(destination: .storeWebhook, worker: holder, ledger: ledger, logger: logger)
        sender = WebhookSender(
            ledger: ledger, endpoint: endpoint, client: client, holder: holder, settings: settings,
            absence: PostsAbsence(shared: absence)
        ) { event in
            switch event {
            case .delivered: counts.delivered.add()
            case .refused, .away, .gone: counts.refused.add()
            case .paused, .waiting: break
            }
            event.log(to: logger)
        }
    }

    func run(_: CompanionTools) async { await sender.run() }

    func stop() { sender.stop() }

    /// A store that takes no posts is no fault of this program, which keeps them.
    func check() async -> HealthCheck {
        guard let backlog = await backlog() else {
            return HealthCheck(name: "webhook", isUp: true, detail: "the ledger does not say what waits")
        }
        let waiting = "\(Count.text(backlog.waiting, "object")) waiting, \(backlog.failing) not taken"
        guard let pause = backlog.pause else {
            guard let away = absence.known, backlog.waiting > 0 else {
                return HealthCheck(name: "webhook", isUp: true, detail: waiting)
            }
            return HealthCheck(
                name: "webhook", isUp: true, detail: "the store is away: \(away.sentence) \(waiting)", state: "paused")
        }
        let until = pause.until.flatMap { Timestamp(microseconds: $0)?.description }
        return HealthCheck(
            name: "webhook", isUp: true,
            detail: "paused until \(until ?? "a worker is started anew"): \(pause.reason) \(waiting)", state: "paused")
    }

    func samples() async -> [String: [String]] {
        var samples = [
            "stevedore_webhook_delivered_total": [" \(counts.delivered.total)"],
            "stevedore_webhook_refused_total": [" \(counts.refused.total)"],
        ]
        guard let backlog = await backlog() else { return samples }
        let age = backlog.oldest.map { max(Timestamp.now().microseconds - $0, 0) } ?? 0
        samples["stevedore_webhook_waiting"] = [" \(backlog.waiting)"]
        samples["stevedore_webhook_failing"] = [" \(backlog.failing)"]
        samples["stevedore_webhook_paused"] = [
            " \(backlog.pause == nil && absence.known == nil ? 0 : 1)"
        ]
        samples["stevedore_webhook_oldest_age_seconds"] = [" \(Double(age) / 1_000_000)"]
        return samples
    }

    /// Nil when the ledger cannot be read now.
    private func backlog() async -> WebhookBacklog? {
        let found = try? await ledger.read { try WebhookBacklog($0, now: Timestamp.now().microseconds) }
        return found ?? nil
    }
}

/// The outage that the fleet shares, as those who post to the store know it.
private struct PostsAbsence: StoreAbsence {
    let shared: SharedAbsence

    var isKnown: Bool { shared.known != nil }

    func admission() async -> WebhookAdmission {
        switch await shared.mayTry() {
        case .yes: .all
        case .trial: .one
        case .wait: .later
        }
    }

    func failed(code: String, reason: String) async -> Bool {
        await shared.failed(
            Failure(
                code: code, category: .unavailable, sentence: reason,
                remedy: "Nothing is lost: it is posted when the store answers again. See that the store takes posts."))
    }

    func answered() async { await shared.answered() }

    func nothingWaits() async { await shared.nothingWaits() }

    func gaveUp() async { await shared.gaveUp() }
}

extension WebhookEvent {
    fileprivate func log(to logger: Logger) {
        switch self {
        case .delivered(let post):
            logger.debug("posted", metadata: post.metadata)
        case .refused(let post, let code, let reason, let retry):
            logger.warning(
                "post not taken",
                metadata: post.metadata.merging(["code": "\(code)", "reason": "\(reason)", "retry": "\(retry)"]) { $1 })
        case .away(let post, let code, let reason):
            // That the outage began, and ended, is said once for all.
            logger.debug(
                "store away",
                metadata: post.metadata.merging(["code": "\(code)", "reason": "\(reason)"]) { $1 })
        case .paused(let pause, let reason):
            logger.warning("posts paused", metadata: ["for": "\(pause)", "reason": "\(reason)"])
        case .gone:
            logger.error(
                "posts stopped",
                metadata: [
                    "code": "webhook.status.410",
                    "reason": "The store answered 410 Gone: it wants no posts any more.",
                    "remedy":
                        "Correct `storefront.webhook.url`, or let the store take posts again, and start a worker anew. Until then what goes to the store is kept.",
                ])
        case .waiting(let reason):
            logger.warning("posts wait for the ledger", metadata: ["reason": "\(reason)"])
        }
    }
}

extension WebhookEvent.Post {
    fileprivate var metadata: Logger.Metadata {
        [
            "id": "\(id)", "type": "\(type)", "subject": "\(subject)", "revision": "\(revision)",
            "attempt": "\(attempt)",
        ]
    }
}
