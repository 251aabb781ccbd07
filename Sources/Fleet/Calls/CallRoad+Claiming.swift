internal import Ledger
internal import Models
internal import RabbitMQ

// The first step, one transaction: whether a message is worked on, and whether anybody need be called for it.
extension CallRoad {
    /// What has come of claiming a message.
    struct Claimed: Sendable {
        let claim: Claim
        /// An earlier call may have been heard, says the ledger.
        var isUncertain = false
        /// The ledger knows of no name that the other system has for the subject.
        var isNew = false
        /// Before the claim the other system had certainly not heard of the subject.
        var isUnheard = false
        /// Nobody is called: what comes of the message instead is durable.
        var ruling: Ruling?
    }

    /// Claims the message's revision, or ends it where the ledger alone can say what comes of it.
    ///
    /// A claim that nobody ended says that its worker died or froze in the call, and one that ended without an answer that
    /// the call may have been heard; no header says so of another copy, or another revision.
    /// - Throws: a ``Failure`` when what follows from the message cannot be told.
    func claim(_ job: CallJob, for handler: any CallHandler) async throws -> Claimed {
        let claimed = try await ledger.write(patience: Ledger.gathering) { transaction in
            let (key, now) = (job.message.claimKey, Timestamp.now())
            let known = try transaction.subjectState(family: key.family, subject: key.subject)
            let isNews = key.revision > (known?.revision ?? 0)
            if job.isAhead, try !transaction.mayGoAhead(job.message, known: known) {
                return Claimed(claim: .duplicate(appliedAt: known?.appliedAt ?? 0))
            }
            let ruling = try isNews ? handler.ruling(on: job.message, known: known, in: transaction) : nil
            if case .overtaken? = ruling, let ruling, known?.leaseHolder == nil {
                // Not even a claim is left of it, which would say that a call may have been made.
                return try pass(job, for: ruling, in: transaction, at: now)
            }
            return try claim(job, known, ruling, in: transaction, at: now)
        }
        count(claimed, job)
        return claimed
    }

    private func claim(
        _ job: CallJob, _ known: SubjectState?, _ ruling: Ruling?, in transaction: LedgerTransaction, at now: Timestamp
    ) throws -> Claimed {
        let key = job.message.claimKey
        let claim = try transaction.claim(key, holder: holder, lease: lease, now: now.microseconds)
        let isUncertain = known.map { $0.leaseHolder != nil || $0.isUncertain } ?? false
        let claimed = Claimed(
            claim: claim, isUncertain: isUncertain, isNew: known?.reference == nil, isUnheard: known.isUnheard)
        // A busy subject is journalled with the detour it takes.
        if case .busy = claim { return claimed }
        if case .claimed(let fence) = claim, let ruling {
            return try follow(ruling, job, fence, in: transaction, at: now)
        }
        let detail = job.isAhead ? Pressing.beforeItsTurn : claim.detail
        try note(job, stage: claim.stage, detail: detail, in: transaction, at: now)
        try transaction.resolveDeadLetters(of: job.message, after: claim)
        guard case .claimed = claim else { return claimed }
        if known?.state == SubjectState.withheld {
            try transaction.endWithholding(family: key.family, subject: key.subject)
        }
        try keepBody(of: job, in: transaction, at: now)
        return claimed
    }

    // MARK: - Without a call

    private func follow(
        _ ruling: Ruling, _ job: CallJob, _ fence: Int64, in transaction: LedgerTransaction, at now: Timestamp
    ) throws -> Claimed {
        guard let effect = ruling.effect else {
            // Its worker died: that a call may have been heard stays known.
            let key = job.message.claimKey
            try transaction.release(family: key.family, subject: key.subject, fence: fence)
            return try pass(job, for: ruling, in: transaction, at: now)
        }
        try keepBody(of: job, in: transaction, at: now)
        try end(job, with: effect, fence: fence, in: transaction, at: now)
        try note(job, stage: ruling.stage, detail: ruling.detail, in: transaction, at: now)
        return Claimed(claim: .claimed(fence: fence), ruling: ruling)
    }

    /// Leaves the subject as it is: the newer message settles it.
    private func pass(
        _ job: CallJob, for ruling: Ruling, in transaction: LedgerTransaction, at now: Timestamp
    ) throws -> Claimed {
        let newest = if case .overtaken(let revision) = ruling { revision } else { job.message.envelope.revision }
        try note(job, stage: ruling.stage, detail: ruling.detail, in: transaction, at: now)
        try transaction.resolveDeadLetters(of: job.message, passedOverFor: newest)
        return Claimed(claim: .superseded(appliedRevision: newest), ruling: ruling)
    }

    /// Writes down what came of a claimed message, with the messages that follow from it.
    func end(
        _ job: CallJob, with effect: Effect, fence: Int64, in transaction: LedgerTransaction, at now: Timestamp
    ) throws {
        try transaction.complete(
            job.message.claimKey, fence: fence, state: effect.state, reference: effect.reference,
            now: now.microseconds)
        try transaction.resolveDeadLetters(of: job.message)
        for followUp in try effect.record(transaction) {
            try transaction.enqueueOutbox(
                OutboxMessage(followUp, cause: job.message.envelope, time: now), at: now.microseconds)
        }
    }

    // MARK: - What is written beside

    private func note(
        _ job: CallJob, stage: String, detail: String?, in transaction: LedgerTransaction, at now: Timestamp
    ) throws {
        try transaction.journal(
            JournalEntry(
                job.message, attempt: job.intake.attempt, stage: stage, detail: detail, worker: holder,
                at: now.microseconds))
    }

    private func keepBody(of job: CallJob, in transaction: LedgerTransaction, at now: Timestamp) throws {
        try job.intake.delivery.body.withUnsafeBytes { body in
            _ = try transaction.storeBody(id: job.message.envelope.id, body: body, at: now.microseconds)
        }
    }

    private func count(_ claimed: Claimed, _ job: CallJob) {
        let subject = job.names.subject
        guard let ruling = claimed.ruling else {
            if job.isAhead, case .duplicate = claimed.claim { return }
            metrics.count(claimed.claim)
            if case .claimed = claimed.claim { FaultPoint.afterClaim.pass(subject) }
            return
        }
        FaultPoint.afterRecord.pass(subject)
        metrics.ended(ruling.ending)
        if case .answered = ruling { outboxWake.set() }
    }
}

extension LedgerTransaction {
    /// A replayed letter of a message that is passed over for a newer one has come to its end. What still waits for a
    /// person waits until the newer one has been applied.
    func resolveDeadLetters(of message: Received, passedOverFor newest: Int64) throws {
        guard try hasUnsettledDeadLetters() else { return }
        let types = Set(message.type.familyTypes)
        let letters = try unsettledDeadLetters(
            subject: message.envelope.subject, upTo: message.envelope.revision)
        for letter in letters where letter.state == .replayed && types.contains(letter.type ?? "") {
            _ = try updateDeadLetter(
                id: letter.id, from: .replayed, to: .resolved, note: "passed over for revision \(newest)")
        }
    }
}
