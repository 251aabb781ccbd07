internal import Fleet
internal import Storefront

/// One look at the fleet.
struct FleetStatus {
    /// What the broker and the ledger say of one flow.
    struct FlowStatus: Hashable {
        var flow: String
        /// Messages that wait for a worker; nil when the queue is missing.
        var ready: Int?
        var workers = 0
        /// Messages that wait in the retry tiers.
        var retrying = 0
        /// Those of them that the broker keeps because the queue was too full for them; only its management plugin knows.
        var held = 0
        var deadLetters = 0
        /// When the oldest open dead letter failed first, in microseconds since 1970.
        var oldestDeadLetter: Int64?
        /// How far workers have come; nil when none of them has said.
        var position: FlowPosition?

        /// Workers that take nothing from it for now, and why; the longest pause first.
        var pauses: [FlowPause] = []

        /// What was to be back from the retry tiers while the queue is empty; nil when nothing is missed.
        var overdue: OverdueRetries?

        /// Nothing that waits was there before this time, in microseconds since 1970; nil when that is not known, or
        /// nothing waits.
        var waitingSince: Int64? { (ready ?? 0) > 0 ? position?.messageTime : nil }
    }

    /// A queue of questions. It is no flow: what waits there is gone when its asker is.
    struct QuestionStatus: Hashable {
        var queue: String
        /// Questions that wait for an answer; nil when the queue is missing.
        var waiting: Int?
        /// Programs that answer them.
        var consumers = 0
    }

    /// What only the ledger knows.
    struct LedgerStatus: Hashable {
        var outbox = 0
        var oldestOutbox: Int64?
        /// Open dead letters by flow and code.
        var causes: [Cause] = []
        var positions: [FlowPosition] = []
        var pauses: [FlowPause] = []
        /// What has yet to be posted to the store; nil where no worker posts.
        var webhook: WebhookBacklog?
        /// How far the ERP's changes have been read.
        var feed = FeedStatus()
        /// Open alerts by severity, the worst first.
        var alerts: [AlertCount] = []
        /// What was to be back from the retry tiers and has not been seen since, by flow.
        var overdue: [String: OverdueRetries] = [:]
    }

    /// How many alerts of a severity are open, and how many of them nobody looks after.
    struct AlertCount: Hashable {
        var severity: String
        var open: Int
        var unattended: Int
    }

    /// How many open dead letters share a code.
    struct Cause: Hashable {
        var flow: String
        var code: String
        var count: Int
        var oldest: Int64
    }

    var now: Int64
    var broker: String
    var flows: [FlowStatus]
    var unrouted: Int?
    var missingQueues: [String]
    var ledgerPath: String
    /// Nil when there is no ledger where the settings say.
    var ledger: LedgerStatus?
    /// Why the management plugin, where it is set, did not tell what it knows.
    var managementTrouble: String?
    /// What waits for an answer, by queue.
    var questions: [QuestionStatus] = []

    /// What a person should do something about, most urgent first.
    var advice: [String] {
        var advice: [String] = []
        if !missingQueues.isEmpty {
            advice.append(
                "\(Count.text(missingQueues.count, "queue is", "queues are")) missing: run `stevedore topology apply`.")
        }
        for flow in flows {
            guard let pause = flow.pauses.first else { continue }
            let time = Age.text(microseconds: now - pause.since)
            advice.append("\(flow.flow) is paused for \(time): \(InertText.line(pause.reason)) \(pause.remedy)")
        }
        for flow in flows where (flow.ready ?? 0) > 0 && flow.workers == 0 && flow.pauses.isEmpty {
            advice.append(unconsumed(flow.flow))
        }
        advice += questions.filter { ($0.waiting ?? 0) > 0 && $0.consumers == 0 }.map { questions in
            "\(questions.queue) has questions, and nobody answers: start a quotes-worker, or `stevedore up`."
        }
        advice += flows.filter { $0.held > 0 }.map { flow in
            "The broker keeps \(Count.text(flow.held, "message")) of \(flow.flow) that it found the queue too full for, and "
                + "tries again every few minutes by itself."
        }
        advice += flows.compactMap { flow in flow.overdue?.advice(on: flow.flow, now: now) }
        advice += letterAdvice
        if (unrouted ?? 0) > 0 {
            advice.append(
                "\(Count.text(unrouted ?? 0, "message")) found no queue: run `stevedore topology apply`, then "
                    + "`dead-letter replay --all --queue unrouted --reason …` (`dead-letter list --queue unrouted` shows them)."
            )
        }
        if let managementTrouble { advice.append("\(managementTrouble) What only it can count is left out.") }
        return advice + feedAdvice + webhookAdvice
    }

    /// What the queues have beyond what is open was dealt with, or is unknown to the index.
    private var letterAdvice: [String] {
        let there = flows.reduce(0) { $0 + $1.deadLetters }
        guard there > 0 else { return [] }
        let open = ledger.map { $0.causes.reduce(0) { $0 + $1.count } } ?? there
        var advice: [String] = []
        if open > 0 { advice.append("Dead letters wait: `dead-letter groups`.") }
        if there > open {
            advice.append(
                "The dead-letter queues have \(Count.text(there - open, "letter")) more than are open. What has been dealt "
                    + "with, or has arrived meanwhile, goes with `dead-letter replay --all --reason …`, which sends what is "
                    + "open as well (with `--dry-run` it says what); what the index lacks comes with `dead-letter reindex`."
            )
        }
        return advice
    }

    private func unconsumed(_ flow: String) -> String {
        guard !FleetTopology.isObserver(flow) else {
            return "\(flow) has messages, and nobody consumes it: what these orders take is still promised to others. "
                + "Start an orders-worker, or `stevedore up`."
        }
        return "\(flow) has messages, and nobody consumes it: no worker runs (start one, or `stevedore up`), or the "
            + "workers pause because the ERP is away (their log and /health/ready say why)."
    }

    /// A feed that has never run is nothing to miss: some ERPs publish by themselves.
    private var feedAdvice: [String] {
        guard let feed = ledger?.feed, feed.hasRun else { return [] }
        var advice: [String] = []
        if let parked = feed.parked {
            let age = Age.text(microseconds: now - parked.oldest)
            advice.append(
                "erp-feed holds back \(Count.text(Int(parked.count), "batch", "batches")) of changes that look like a "
                    + "mistake, the oldest for \(age): see `erp-feed parked list`.")
        }
        for wait in FeedWait.groups(feed.waits) {
            advice.append("erp-feed: \(wait.text(now: now)) \(InertText.line(wait.remedy))")
        }
        if let gaps = FeedGapCount(feed.gaps.values).text {
            advice.append("\(gaps): see `erp-feed gaps`, and correct them in the ERP.")
        }
        if !feed.isRead {
            advice.append("Nobody reads what changes in the ERP: no erp-feed runs (start one, or `stevedore up`).")
        }
        return advice
    }

    /// A store that takes no posts now and then is nothing for a person; one that goes on is.
    private var webhookAdvice: [String] {
        guard let webhook = ledger?.webhook else { return [] }
        if let pause = webhook.pause, pause.until == nil {
            return [
                "Nothing is posted to the store for \(Age.text(microseconds: now - pause.since)): "
                    + "\(InertText.line(pause.reason)) Correct `storefront.webhook.url`, or let the store take posts again, "
                    + "and start a worker anew."
            ]
        }
        guard let worst = webhook.worst, now - worst.since > 600_000_000 else { return [] }
        return [
            "The store does not take \(Count.text(webhook.failing, "object")), the first for "
                + "\(Age.text(microseconds: now - worst.since)): \(InertText.line(worst.object)): "
                + "\(InertText.line(worst.reason)) It is posted again until it is taken."
        ]
    }
}
