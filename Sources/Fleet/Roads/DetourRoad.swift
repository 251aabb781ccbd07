internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// The roads away from the flow queue: the retry tiers and the dead-letter queue.
///
/// Both publish the copy first and wait for its confirm; only then is the original acknowledged. A crash between the two
/// makes a second copy, never a loss, and the claim makes the second copy harmless.
///
/// A copy that can never be published is made smaller: first without everything foreign, and if the broker refuses even
/// that (a body larger than it takes), the message becomes a dead letter that the ledger alone keeps, body and all.
/// So no message, whatever its producer wrote into it, is tried for ever.
struct DetourRoad: Sendable {
    let queue: String
    let holder: String
    var publisher: ConfirmedPublisher
    let ledger: Ledger
    let policy: RetryPolicy
    let metrics: FlowMetrics
    let logger: Logger
    /// How long a note in the ledger may hold the original back once the copy is safe.
    var notePatience: Duration = .seconds(600)
    /// How long the trials of other suspects wait for one that leaves before them.
    var suspectPatience: Duration = .seconds(30)

    /// Sends a failed message where its category says; returns once that place is durable.
    func take(_ intake: Intake, names: ContractNames, failure: Failure) async throws {
        switch failure.category {
        case .malformed, .rejected, .poison:
            try await deadLetter(intake, names: names, failure: failure)
        case .unavailable:
            try await giveBack(intake, names: names, failure: failure, tier: .fiveSeconds)
        case .transient:
            let isAwaiting = failure.isAwaiting || intake.hasAwaited
            if let tier = policy.tier(afterAttempt: intake.attempt, isAwaiting: isAwaiting) {
                try await retry(intake, names: names, failure: failure, tier: tier)
            } else {
                try await deadLetter(intake, names: names, failure: failure)
            }
        }
    }

    /// Waits in a retry tier without an attempt being spent: an outage, or another worker's lease. A suspect stays one,
    /// because what it may crash has not been reached.
    func giveBack(
        _ intake: Intake, names: ContractNames, failure: Failure, tier: RetryTier
    ) async throws {
        let copy = retryCopy(
            intake, attempt: intake.attempt - 1, failure: failure, tier: tier,
            extra: intake.isSuspect ? [(MessageHeader.suspect, .boolean(true))] : [])
        if let refusal = try await place(copy) {
            return try await keep(intake, names: names, failure: failure, because: refusal)
        }
        FaultPoint.afterGiveBack.pass(names.subject)
        metrics.ended(.returned)
        try await journal(
            intake, names, stage: "returned", failure: failure,
            detail: "waits \(tier.rawValue), no attempt spent: \(failure.sentence)")
    }

    /// Lets a suspect near the broker's delivery limit leave: its copy is counted anew. Returns false if it must be tried
    /// where it is, since no queue takes it soon: nobody else is tried meanwhile, and to return it would count as well.
    func letGo(_ suspect: Intake) async -> Bool {
        var hasty = self
        hasty.publisher.patience = suspectPatience
        hasty.notePatience = suspectPatience
        do {
            try await hasty.take(suspect, names: ContractNames(announcedBy: suspect), failure: .nearDeliveryLimit)
            return true
        } catch {
            logger.warning("tried where it is", metadata: ["message": "\(suspect.key)", "reason": "\(error)"])
            return false
        }
    }

    private func retry(_ intake: Intake, names: ContractNames, failure: Failure, tier: RetryTier) async throws {
        let copy = retryCopy(
            intake, attempt: intake.attempt, failure: failure, tier: tier,
            extra: failure.isAwaiting || intake.hasAwaited ? [(MessageHeader.awaiting, .boolean(true))] : [])
        if let refusal = try await place(copy) {
            return try await keep(intake, names: names, failure: failure, because: refusal)
        }
        FaultPoint.afterRetryConfirm.pass(names.subject)
        metrics.ended(.retried)
        logger.notice(
            "retry",
            metadata: names.metadata([
                "attempt": "\(intake.attempt)", "after": "\(tier.rawValue)", "code": "\(failure.code)",
                "reason": "\(intake.loggable(failure.sentence))",
            ]))
        try await journal(
            intake, names, stage: "retried", failure: failure, detail: "waits \(tier.rawValue): \(failure.sentence)")
    }

    private func retryCopy(
        _ intake: Intake, attempt: Int, failure: Failure, tier: RetryTier,
        extra: [(name: String, value: FieldValue)] = []
    ) -> OutgoingMessage {
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
                (MessageHeader.originExchange, Forwarding.text(intake.originExchange)),
                (MessageHeader.originKey, Forwarding.text(intake.originKey)),
            ] + extra, expiration: jittered)
    }

    private func deadLetter(_ intake: Intake, names: ContractNames, failure: Failure) async throws {
        let letter = DeadLetter(intake, names: names, queue: queue, worker: holder, failure: failure)
        if let refusal = try await place(letter.message) {
            return try await keep(intake, names: names, failure: failure, because: refusal)
        }
        FaultPoint.afterDeadLetterConfirm.pass(names.subject)
        metrics.ended(.deadLettered)
        report(letter, intake, names, failure)
        let entry = journalEntry(intake, names, stage: "dead-lettered", failure: failure, detail: failure.sentence)
        try await note { transaction in
            let isKept = intake.delivery.body.count <= Self.largestKeptBody
            try transaction.recordDeadLetter(letter.record, of: isKept ? intake : nil)
            try transaction.journal(entry)
        }
    }

    /// A larger body lies in the dead-letter queue alone.
    private static let largestKeptBody = 16 << 20

    private func report(_ letter: DeadLetter, _ intake: Intake, _ names: ContractNames, _ failure: Failure) {
        logger.warning(
            "dead letter",
            metadata: names.metadata([
                "code": "\(failure.code)", "category": "\(failure.category.rawValue)",
                "reason": "\(intake.loggable(failure.sentence))", "remedy": "\(intake.loggable(failure.remedy))",
                "fingerprint": "\(letter.fingerprint)",
            ]))
    }

    // MARK: - Places

    /// Publishes the copy, without its foreign parts if need be. Returns why the broker will never take even that.
    private func place(_ copy: OutgoingMessage) async throws -> String? {
        do {
            try await publisher.publish(copy)
            return nil
        } catch let refused as ConfirmedPublisher.Unpublishable {
            logger.warning(
                "copy reduced", metadata: ["key": "\(copy.routingKey)", "reason": "\(refused.reason)"])
            do {
                try await publisher.publish(Forwarding.reduced(copy, because: refused.reason))
                return nil
            } catch let refused as ConfirmedPublisher.Unpublishable {
                return refused.reason
            }
        }
    }

    /// No queue takes the message: the ledger is its only place, so this returns only when it is written there.
    private func keep(_ intake: Intake, names: ContractNames, failure: Failure, because refusal: String) async throws {
        var letter = DeadLetter(intake, names: names, queue: queue, worker: holder, failure: failure)
        letter.record.note = "kept in the ledger alone, because the broker refuses it: \(refusal)"
        let record = letter.record
        let entry = journalEntry(intake, names, stage: "dead-lettered", failure: failure, detail: record.note ?? "")
        try await ledger.write { transaction in
            try transaction.recordDeadLetter(record, of: intake)
            try transaction.journal(entry)
        }
        metrics.ended(.deadLettered)
        logger.error(
            "dead letter kept in the ledger",
            metadata: names.metadata([
                "code": "dead-letter.unpublishable", "failure": "\(failure.code)", "reason": "\(refusal)",
                "remedy": "Raise the broker's max_message_size, or take the body from the ledger's payload table.",
            ]))
    }

    /// Writes down that the copy has its place. That is true whatever the ledger says, so nothing here may lead to
    /// another copy: a ledger in trouble is waited for, but not for so long that the broker loses patience with the
    /// original; and what it can never write is logged.
    private func note(_ body: @escaping @Sendable (LedgerTransaction) throws -> Void) async throws {
        let deadline = ContinuousClock.now + notePatience
        while true {
            do {
                return try await ledger.write(body)
            } catch let error as LedgerError where error.mayPass && .now < deadline {
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

    /// What a flow that only looks on does with a message says nothing of how the message's own flow does.
    private var stagePrefix: String { FleetTopology.isObserver(queue) ? LedgerTransaction.noted + "-" : "" }

    private func journalEntry(
        _ intake: Intake, _ names: ContractNames, stage: String, failure: Failure, detail: String
    ) -> JournalEntry {
        JournalEntry(
            at: Timestamp.now().microseconds, messageID: names.id ?? intake.key, type: names.type ?? "",
            subject: names.subject ?? "", revision: names.revision ?? 0, stage: stagePrefix + stage, code: failure.code,
            detail: detail, worker: holder, attempt: intake.attempt)
    }
}

extension LedgerError {
    /// Whether waiting may help once the ledger has been open: a process that has no file descriptors left for a moment
    /// cannot open the log either.
    var mayPass: Bool {
        if case .cannotOpen = self { true } else { isRecoverable }
    }
}
