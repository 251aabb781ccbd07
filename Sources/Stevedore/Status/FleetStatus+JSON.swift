internal import Fleet
internal import Models
internal import Storefront

extension FleetStatus {
    /// For programs. What is not known is null.
    var json: JSONValue {
        [
            "time": .string(Timestamp(microseconds: now)?.description ?? ""), "broker": .string(broker),
            "flows": .array(flows.map(flow)), "questions": .array(questions.map(question)),
            "unrouted": .optional(unrouted.map { Int64($0) }),
            "missingQueues": .array(missingQueues.map { .string($0) }),
            "outbox": ledger.map { ledger in
                ["messages": .integer(Int64(ledger.outbox)), "oldestSeconds": seconds(ledger.oldestOutbox)]
            } ?? .null,
            "feed": ledger?.feed.json(now: now) ?? .null,
            "webhook": ledger?.webhook.map(webhook) ?? .null,
            "alerts": ledger.map { .array($0.alerts.map(alerts)) } ?? .null,
            "deadLetterCauses": ledger.map { .array($0.causes.map(cause)) } ?? .null,
            "advice": .array(advice.map { .string($0) }),
        ]
    }

    private func flow(_ flow: FlowStatus) -> JSONValue {
        [
            "flow": .string(flow.flow), "ready": .optional(flow.ready.map { Int64($0) }),
            "retrying": .integer(Int64(flow.retrying)), "deadLetters": .integer(Int64(flow.deadLetters)),
            "heldByBroker": .integer(Int64(flow.held)),
            "overdueRetries": .integer(Int64(flow.overdue?.count ?? 0)),
            "workers": .integer(Int64(flow.workers)), "oldestReadySecondsAtMost": seconds(flow.waitingSince),
            "lastTakenSecondsAgo": seconds(flow.position?.takenAt),
            "pausedSeconds": seconds(flow.pauses.first?.since),
            "pauseCode": .optional(flow.pauses.first?.code),
            "oldestDeadLetterSeconds": seconds(flow.oldestDeadLetter),
        ]
    }

    private func question(_ questions: QuestionStatus) -> JSONValue {
        [
            "queue": .string(questions.queue), "waiting": .optional(questions.waiting.map { Int64($0) }),
            "consumers": .integer(Int64(questions.consumers)),
        ]
    }

    private func webhook(_ webhook: WebhookBacklog) -> JSONValue {
        [
            "waiting": .integer(Int64(webhook.waiting)), "oldestSeconds": seconds(webhook.oldest),
            "failing": .integer(Int64(webhook.failing)), "failingSeconds": seconds(webhook.worst?.since),
            "pausedSeconds": seconds(webhook.pause?.since),
        ]
    }

    private func alerts(_ count: AlertCount) -> JSONValue {
        [
            "severity": .string(count.severity), "open": .integer(Int64(count.open)),
            "unattended": .integer(Int64(count.unattended)),
        ]
    }

    private func cause(_ cause: Cause) -> JSONValue {
        [
            "flow": .string(cause.flow), "code": .string(cause.code), "count": .integer(Int64(cause.count)),
            "oldestSeconds": seconds(cause.oldest),
        ]
    }

    private func seconds(_ time: Int64?) -> JSONValue { .optional(time.map { max(0, now - $0) / 1_000_000 }) }
}
