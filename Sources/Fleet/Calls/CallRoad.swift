internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// The road of one message that calls another system, step by step: claim, call, record; or a detour.
///
/// Every step is idempotent and durable before the next begins, so a crash anywhere leaves a message that can simply
/// travel again.
struct CallRoad: Sendable {
    let queue: String
    let holder: String
    let handlers: [String: any CallHandler]
    let reachability: any Reachability
    let gate: CallGate
    let ledger: Ledger
    let probation: Probation
    let detour: DetourRoad
    let outboxWake: WakeSignal
    let lease: Duration
    let leases: LeaseKeeper
    let metrics: FlowMetrics
    let logger: Logger

    /// Where a message stands when this try has ended.
    enum Ending: Sendable {
        /// Its effect or its next place is durable: acknowledge it.
        case settled
        /// The other system is out of reach; the message waits elsewhere: acknowledge it and pause the flow.
        case unreachable
        /// The other system has no room: travel again after the delay, without acknowledging.
        case later(Duration)
        /// The ledger or the broker does not take it now: the same, but the call may have been made.
        case blocked(Duration)
        /// The process shuts down: leave it unacknowledged.
        case abandoned
    }

    /// Takes the message as far as it gets. Never throws: every ending is a value.
    func travel(_ work: CallWorker.Work) async -> Ending {
        do {
            return try await probation.watch(work.intake) {
                FaultPoint.afterReceive.pass(work.names.subject)
                switch work {
                case .fault(let intake, let names, let failure): return try await leave(intake, names, failure)
                case .call(let job): return try await travel(job)
                }
            } condemned: { failure in
                try await leave(work.intake, work.names, failure)
            }
        } catch is CancellationError {
            return .abandoned
        } catch let LedgerError.sql(code, message) {
            return await leaveQuietly(work, .statement(code, message))
        } catch {
            // Not acknowledged, so nothing is lost; it goes on by itself when the ledger or the broker is back.
            logger.error("blocked", metadata: work.names.metadata(["reason": "\(error)"]))
            return Task.isCancelled ? .abandoned : .blocked(.seconds(2))
        }
    }

    private func travel(_ job: CallJob) async throws -> Ending {
        let type = job.message.type.name
        guard let handler = handlers[type] else { return try await leave(job, .noHandler(type, queue: queue)) }
        let (claim, isTakenOver) = try await claim(job)
        switch claim {
        case .claimed(let fence):
            let context = CallContext(
                attempt: job.intake.attempt, mayHaveBeenCalled: job.mayHaveBeenCalled || isTakenOver)
            return try await leases.keeping(job.message.claimKey, fence: fence) {
                try await call(job, handler: handler, fence: fence, context)
            }
        case .duplicate, .superseded: return .settled
        case .conflict: return try await leave(job, .conflict(job.message.envelope))
        case .busy: return try await waitForLease(job)
        }
    }

    // MARK: - Steps

    /// Claims the message's revision. A claim that nobody ended says that its worker died or froze in the call, which no
    /// header does: this copy may have waited for the lease elsewhere, or be another one than the dead worker's.
    private func claim(_ job: CallJob) async throws -> (Claim, isTakenOver: Bool) {
        let (claim, isTakenOver) = try await ledger.write { [holder, lease] transaction in
            let now = Timestamp.now().microseconds
            let key = job.message.claimKey
            let isTakenOver = try transaction.subjectState(family: key.family, subject: key.subject)?.leaseHolder != nil
            let claim = try transaction.claim(job.message.claimKey, holder: holder, lease: lease, now: now)
            // A busy subject is journalled with the detour it takes.
            if case .busy = claim { return (claim, isTakenOver) }
            try transaction.journal(
                JournalEntry(
                    job.message, attempt: job.intake.attempt, stage: claim.stage, detail: claim.detail, worker: holder,
                    at: now))
            try transaction.resolveDeadLetters(of: job.message, after: claim)
            if case .claimed = claim {
                try job.intake.delivery.body.withUnsafeBytes { body in
                    _ = try transaction.storePayload(id: job.message.envelope.id, body: body, at: now)
                }
            }
            return (claim, isTakenOver)
        }
        metrics.count(claim)
        FaultPoint.afterClaim.pass()
        return (claim, isTakenOver)
    }

    private func call(
        _ job: CallJob, handler: any CallHandler, fence: Int64, _ context: CallContext
    ) async throws -> Ending {
        guard await gate.enter() else {
            try await release(job, fence: fence)
            try Task.checkCancellation()
            return try await outage(job, .closed(reachability.name))
        }
        let clock = ContinuousClock()
        let start = clock.now
        let answer = await handler.call(job.message, context: context)
        let latency = clock.now - start
        gate.leave(answer, latency: latency)
        metrics.callLimit.set(gate.limit)
        FaultPoint.afterCall.pass()
        return try await follow(answer, job, fence: fence, latency: latency)
    }

    private func follow(_ answer: CallAnswer, _ job: CallJob, fence: Int64, latency: Duration) async throws -> Ending {
        switch answer {
        case .effect(let effect):
            try await record(job, effect: effect, fence: fence, latency: latency)
            return .settled
        case .slowDown(let delay):
            metrics.callsRefused.add()
            try await release(job, fence: fence)
            return .later(min(delay ?? .seconds(1), .seconds(60)))
        case .failure(let failure):
            try await release(job, fence: fence)
            return try await fail(job, failure)
        }
    }

    private func record(_ job: CallJob, effect: Effect, fence: Int64, latency: Duration) async throws {
        try await ledger.write { [holder] transaction in
            let now = Timestamp.now()
            try transaction.complete(
                job.message.claimKey, fence: fence, state: effect.state, reference: effect.reference,
                now: now.microseconds)
            try transaction.resolveDeadLetters(of: job.message)
            for followUp in try effect.record(transaction) {
                try transaction.enqueueOutbox(
                    OutboxMessage(followUp, cause: job.message.envelope, time: now), at: now.microseconds)
            }
            try transaction.journal(
                JournalEntry(
                    job.message, attempt: job.intake.attempt, stage: "applied", detail: effect.state, worker: holder,
                    at: now.microseconds, took: latency))
        }
        FaultPoint.afterRecord.pass()
        metrics.ended(.applied)
        metrics.processing.record(latency)
        outboxWake.set()
    }

    private func release(_ job: CallJob, fence: Int64) async throws {
        try await ledger.write { transaction in
            try transaction.release(
                family: job.message.type.family, subject: job.message.envelope.subject, fence: fence)
        }
    }

    // MARK: - Detours

    /// Tells an outage from a failure of this one call.
    private func fail(_ job: CallJob, _ failure: Failure) async throws -> Ending {
        guard failure.category == .transient else { return try await leave(job, failure) }
        // A call that a shutdown broke off says nothing about the other system.
        try Task.checkCancellation()
        if await reachability.isReachable() { return try await leave(job, failure) }
        return try await outage(job, failure)
    }

    private func outage(_ job: CallJob, _ failure: Failure) async throws -> Ending {
        try await detour.giveBack(job.intake, names: job.names, failure: failure, tier: .fiveSeconds)
        return .unreachable
    }

    private func leaveQuietly(_ work: CallWorker.Work, _ failure: Failure) async -> Ending {
        do {
            return try await leave(work.intake, work.names, failure)
        } catch {
            logger.error("blocked", metadata: work.names.metadata(["reason": "\(error)"]))
            return Task.isCancelled ? .abandoned : .blocked(.seconds(2))
        }
    }

    private func leave(_ job: CallJob, _ failure: Failure) async throws -> Ending {
        try await leave(job.intake, job.names, failure)
    }

    private func leave(_ intake: Intake, _ names: ContractNames, _ failure: Failure) async throws -> Ending {
        try await detour.take(intake, names: names, failure: failure)
        return failure.category == .unavailable ? .unreachable : .settled
    }

    private func waitForLease(_ job: CallJob) async throws -> Ending {
        let failure = Failure.leased(job.message.envelope)
        try await detour.giveBack(job.intake, names: job.names, failure: failure, tier: .fiveSeconds)
        return .settled
    }
}
