internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// The roads away from the flow queue: the retry tiers and the dead-letter queue.
///
/// Both publish the copy first and wait for its confirm; only then is the original acknowledged. A crash between the two
/// makes a second copy, never a loss, and the claim makes the second copy harmless.
struct DetourRoad: Sendable {
    let queue: String
    let holder: String
    let publisher: ConfirmedPublisher
    let ledger: Ledger
    let policy: RetryPolicy
    let metrics: FlowMetrics
    let logger: Logger

    /// Sends a failed message where its category says; returns once that place is durable.
    func take(_ intake: Intake, names: ContractNames, failure: Failure) async throws {
        switch failure.category {
        case .malformed, .rejected, .poison:
            try await deadLetter(intake, names: names, failure: failure)
        case .unavailable:
            try await giveBack(intake, names: names, failure: failure, tier: .fiveSeconds)
        case .transient:
            if let tier = policy.tier(afterAttempt: intake.attempt) {
                try await retry(intake, names: names, failure: failure, tier: tier)
            } else {
                try await deadLetter(intake, names: names, failure: failure)
            }
        }
    }

    /// Waits in a retry tier without an attempt being spent: an outage, or another worker's lease.
    func giveBack(
        _ intake: Intake, names: ContractNames, failure: Failure, tier: RetryTier
    ) async throws {
        let copy = retryCopy(intake, attempt: intake.attempt - 1, failure: failure, tier: tier)
        try await publisher.publish(copy)
        FaultPoint.afterRetryConfirm.pass()
        metrics.ended(.returned)
        try await journal(
            intake, names, stage: "returned", failure: failure, detail: "waits \(tier.rawValue), no attempt spent")
    }

    private func retry(_ intake: Intake, names: ContractNames, failure: Failure, tier: RetryTier) async throws {
        let copy = retryCopy(intake, attempt: intake.attempt, failure: failure, tier: tier)
        try await publisher.publish(copy)
        FaultPoint.afterRetryConfirm.pass()
        metrics.ended(.retried)
        logger.notice(
            "retry",
            metadata: names.metadata([
                "attempt": "\(intake.attempt)", "after": "\(tier.rawValue)", "code": "\(failure.code)",
                "reason": "\(failure.sentence)",
            ]))
        try await journal(
            intake, names, stage: "retried", failure: failure, detail: "waits \(tier.rawValue): \(failure.sentence)")
    }

    private func retryCopy(_ intake: Intake, attempt: Int, failure: Failure, tier: RetryTier) -> OutgoingMessage {
        let now = Timestamp.now().description
        // Up to a tenth earlier, so that what failed together does not come back together.
        let jittered = tier.delay - tier.delay * Double.random(in: 0...0.1)
        return Forwarding.copy(
            of: intake, exchange: FleetTopology.retryExchange, routingKey: FleetTopology.retryQueue(queue, tier),
            extra: [
                (MessageHeader.attempt, .int64(Int64(attempt))),
                (MessageHeader.firstFailedAt, .string(intake.firstFailedAt ?? now)),
                (MessageHeader.lastFailedAt, .string(now)), (MessageHeader.code, .string(failure.code)),
                (MessageHeader.sentence, Forwarding.text(failure.sentence)),
            ], expiration: jittered)
    }

    private func deadLetter(_ intake: Intake, names: ContractNames, failure: Failure) async throws {
        let letter = DeadLetter(intake, names: names, queue: queue, worker: holder, failure: failure)
        try await publisher.publish(letter.message)
        FaultPoint.afterDeadLetterConfirm.pass()
        metrics.ended(.deadLettered)
        logger.warning(
            "dead letter",
            metadata: names.metadata([
                "code": "\(failure.code)", "category": "\(failure.category.rawValue)", "reason": "\(failure.sentence)",
                "remedy": "\(failure.remedy)", "fingerprint": "\(letter.fingerprint)",
            ]))
        let entry = journalEntry(intake, names, stage: "dead-lettered", failure: failure, detail: failure.sentence)
        try await note { transaction in
            try transaction.recordDeadLetter(letter.record)
            try transaction.journal(entry)
        }
    }

    /// Writes down that the copy has its place. That is true whatever the ledger says, so nothing here may lead to
    /// another copy: a ledger in trouble is waited for, and what it can never write is logged.
    private func note(_ body: @escaping @Sendable (LedgerTransaction) throws -> Void) async throws {
        while true {
            do {
                return try await ledger.write(body)
            } catch let error as LedgerError where error.isRecoverable {
                logger.error("blocked", metadata: ["reason": "\(error)"])
                try await Task.sleep(for: .seconds(2))
            } catch {
                return logger.error("not journalled", metadata: ["reason": "\(error)"])
            }
        }
    }

    private func journal(
        _ intake: Intake, _ names: ContractNames, stage: String, failure: Failure, detail: String
    ) async throws {
        let entry = journalEntry(intake, names, stage: stage, failure: failure, detail: detail)
        try await note { try $0.journal(entry) }
    }

    private func journalEntry(
        _ intake: Intake, _ names: ContractNames, stage: String, failure: Failure, detail: String
    ) -> JournalEntry {
        JournalEntry(
            at: Timestamp.now().microseconds, messageID: names.id ?? intake.key, type: names.type ?? "",
            subject: names.subject ?? "", revision: names.revision ?? 0, stage: stage, code: failure.code,
            detail: detail, worker: holder, attempt: intake.attempt)
    }
}
