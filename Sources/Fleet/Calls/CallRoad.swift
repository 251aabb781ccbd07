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
    var limits = HoldLimits()
    let epoch = CurrentEpoch()

    /// Takes the message as far as it gets. Never throws: every ending is a value.
    func travel(_ work: CallWork) async -> CallEnding {
        do {
            return try await probation.watch(work.intake, forgetsCondemned: false) {
                try await handle(work)
            } condemned: { failure in
                .detour(.init(intake: work.intake, names: work.names, failure: failure, endsProbation: true))
            }
        } catch {
            return ending(of: error, work)
        }
    }

    /// Brings a message to its other queue. Never throws either.
    func take(_ way: CallEnding.Detour) async -> CallEnding {
        do {
            switch way.way {
            case .byCategory: try await detour.take(way.intake, names: way.names, failure: way.failure)
            case .giveBack(let tier):
                try await detour.giveBack(way.intake, names: way.names, failure: way.failure, tier: tier)
            }
            // Should the ledger be away the mark stays, and a replayed letter would be condemned at once if it crashed.
            if way.endsProbation { try? await probation.forget(way.intake) }
            return .settled
        } catch let error as LedgerError where error != .closed {
            return .blocked(Failure(error))
        } catch {
            return .abandoned
        }
    }

    private func handle(_ work: CallWork) async throws -> CallEnding {
        guard !epoch.isStale(work.intake) else { return .abandoned }
        switch work {
        case .suspect(let intake):
            FaultPoint.beforeDecode.pass(intake.rehearsalName)
            return try await handle(CallWork(reading: intake, with: MessageReader()))
        case .fault(let intake, let names, let failure):
            FaultPoint.afterReceive.pass(names.subject)
            return .detour(.init(intake: intake, names: names, failure: failure))
        case .call(let job):
            FaultPoint.afterReceive.pass(job.names.subject)
            return try await travel(job)
        }
    }

    private func ending(of error: any Error, _ work: CallWork) -> CallEnding {
        switch error {
        case is CancellationError, LedgerError.closed: return .abandoned
        case LedgerError.sql(let code, let message): return away(work, .statement(code, message))
        case LedgerError.fenced:
            // The other worker finishes it, so that the next try finds it done.
            logger.info("claim lost", metadata: work.names.metadata(["reason": "\(error)"]))
            return .later(.seconds(2), mayHaveBeenCalled: true)
        case let error as LedgerError: return .blocked(Failure(error))
        default: return away(work, .unexpected(error))
        }
    }

    private func away(_ work: CallWork, _ failure: Failure) -> CallEnding {
        .detour(.init(intake: work.intake, names: work.names, failure: failure))
    }

    // MARK: - Steps

    private func travel(_ job: CallJob) async throws -> CallEnding {
        let type = job.message.type.name
        guard let handler = handlers[type] else { return leave(job, .noHandler(type, queue: queue)) }
        let start = ContinuousClock.now
        let claimed: Claimed
        do {
            claimed = try await claim(job, for: handler)
        } catch let failure as Failure {
            // What follows from a message that nobody is called for breaks its contract.
            return leave(job, failure)
        }
        guard claimed.ruling == nil else { return .settled }
        switch claimed.claim {
        case .claimed(let fence):
            let context = CallContext(
                attempt: job.intake.attempt, mayHaveBeenCalled: job.mayHaveBeenCalled || claimed.isUncertain,
                isNew: claimed.isNew)
            return try await leases.keeping(job.message.claimKey, fence: fence, since: start) { lease in
                try await call(
                    Try(
                        job: job, handler: handler, fence: fence, lease: lease, context: context,
                        isUnheard: claimed.isUnheard))
            }
        case .duplicate, .superseded: return .settled
        case .conflict: return leave(job, .conflict(job.message.envelope))
        case .busy: return job.isAhead ? .abandoned : giveBack(job, .leased(job.message.envelope))
        }
    }

    /// A claimed message in front of its call.
    private struct Try {
        let job: CallJob
        let handler: any CallHandler
        let fence: Int64
        let lease: LeaseKeeper.Held
        let context: CallContext
        /// Before the claim it was certain that the other system had not heard of the subject.
        let isUnheard: Bool
    }

    private func call(_ one: Try) async throws -> CallEnding {
        let job = one.job
        guard await gate.enter(until: job.intake.receivedAt + limits.waiting) else {
            try await releaseUncalled(one)
            try Task.checkCancellation()
            return turnedAway(job, mayHaveBeenCalled: one.context.mayHaveBeenCalled)
        }
        guard !epoch.isStale(job.intake), leases.isSafe(one.lease) else {
            gate.leave { _, _ in }
            try await releaseUncalled(one)
            if epoch.isStale(job.intake) { return .abandoned }
            // The subject may belong to somebody else by now.
            return .later(.milliseconds(100), mayHaveBeenCalled: one.context.mayHaveBeenCalled)
        }
        let clock = ContinuousClock()
        let start = clock.now
        let answer = await one.handler.call(job.message, context: one.context)
        let latency = clock.now - start
        let pause = gate.leave(answer, latency: latency)
        metrics.callLimit.set(gate.limit)
        FaultPoint.afterCall.pass(job.names.subject)
        return try await follow(answer, one, latency: latency, pause: pause)
    }

    private func turnedAway(_ job: CallJob, mayHaveBeenCalled: Bool) -> CallEnding {
        switch gate.refusal {
        case .stopping: return .returned
        case .closed(let reason): return job.isAhead ? .returned : giveBack(job, reason)
        case nil where ContinuousClock.now - job.intake.receivedAt >= limits.waiting:
            return job.isAhead ? .returned : giveBack(job, .heldTooLong)
        // The gate has been opened again meanwhile.
        case nil: return .later(.zero, mayHaveBeenCalled: mayHaveBeenCalled)
        }
    }

    private func follow(
        _ answer: CallAnswer, _ one: Try, latency: Duration, pause: Duration?
    ) async throws -> CallEnding {
        switch answer {
        case .effect(let effect):
            do {
                try await record(one, effect: effect, latency: latency)
            } catch let failure as Failure {
                // A person has to see to what follows from it; trying the same again would never end.
                try await release(one, isUncertain: true, endsHaste: true)
                return leave(one.job, failure)
            }
            return .settled
        case .slowDown(let asked):
            metrics.callsRefused.add()
            let ending = refused(one, asked: asked, pause: pause)
            try await release(one, endsHaste: ending.isLeaving && delay(asked, pause) > limits.refusal)
            return ending
        case .failure(let failure):
            let isUncertain = failure.category == .transient
            try await release(
                one, isUncertain: isUncertain, endsHaste: !isUncertain && failure.category != .unavailable)
            return try await fail(one, failure)
        }
    }

    private func record(_ one: Try, effect: Effect, latency: Duration) async throws {
        let job = one.job
        try await ledger.write(patience: Ledger.gathering) { [fence = one.fence] transaction in
            let now = Timestamp.now()
            try end(job, with: effect, fence: fence, in: transaction, at: now)
            try transaction.journal(
                JournalEntry(
                    job.message, attempt: job.intake.attempt, stage: "applied", detail: effect.state, worker: holder,
                    at: now.microseconds, took: latency))
        }
        FaultPoint.afterRecord.pass(job.names.subject)
        metrics.ended(.applied)
        metrics.processing.record(latency)
        outboxWake.set()
    }

    /// - Parameter endsHaste: Its next try comes when it was said to, or a person decides: not before its turn.
    private func release(_ one: Try, isUncertain: Bool = false, endsHaste: Bool = false) async throws {
        let (key, endsHaste) = (one.job.message.claimKey, endsHaste && knowsUrgency)
        try await ledger.write { [fence = one.fence] transaction in
            try transaction.release(family: key.family, subject: key.subject, fence: fence, isUncertain: isUncertain)
            guard endsHaste else { return }
            try transaction.endPressing(family: key.family, subject: key.subject, revision: key.revision)
        }
    }

    /// The same before any call was made: what the other system had not heard of, it still has not. So what a worker has
    /// in hand as an outage begins can be called off like what waits in the queue.
    private func releaseUncalled(_ one: Try) async throws {
        let key = one.job.message.claimKey
        try await ledger.write { [fence = one.fence, isUnheard = one.isUnheard] transaction in
            guard isUnheard else {
                return try transaction.release(family: key.family, subject: key.subject, fence: fence)
            }
            try transaction.releaseUncalled(key, fence: fence)
        }
    }

    // MARK: - Refusals and detours

    /// One call too many waits by itself; a system that refuses even a single call stops the flow for as long as it asks.
    private func refused(_ one: Try, asked: Duration?, pause: Duration?) -> CallEnding {
        let delay = delay(asked, pause)
        if let pause, pause > limits.pause {
            let failure = Failure.noRoom(reachability.name, for: pause)
            return giveBack(one.job, failure, pause: .noRoom(failure, until: .now + pause))
        }
        let isHeldTooLong = ContinuousClock.now + delay - one.job.intake.receivedAt > limits.waiting
        if isHeldTooLong, one.job.isAhead, delay <= limits.refusal { return .returned }
        if delay > limits.refusal || isHeldTooLong {
            return giveBack(one.job, .noRoom(reachability.name, for: delay), tier: .atLeast(delay))
        }
        return .later(delay, mayHaveBeenCalled: one.context.mayHaveBeenCalled)
    }

    private func delay(_ asked: Duration?, _ pause: Duration?) -> Duration { pause ?? asked ?? .seconds(1) }

    /// Tells an outage from a failure of this one call.
    private func fail(_ one: Try, _ failure: Failure) async throws -> CallEnding {
        let job = one.job
        guard failure.category == .transient else { return leave(job, failure) }
        // A call that a shutdown broke off says nothing about the other system.
        try Task.checkCancellation()
        let isOfSystem = gate.streak.failed(one.lease.subject)
        if case .unreachable(let reason) = await reachability.reach() {
            return giveBack(job, failure, pause: .unreachable(reason))
        }
        guard isOfSystem else {
            try await endHaste(job)
            return leave(job, failure)
        }
        return giveBack(job, failure, pause: .unreachable(.failing(reachability.name, failure)))
    }

    private func leave(_ job: CallJob, _ failure: Failure) -> CallEnding {
        var way = CallEnding.Detour(intake: job.intake, names: job.names, failure: failure)
        if failure.category == .unavailable { way.pause = .unreachable(failure) }
        return .detour(way)
    }

    private func giveBack(
        _ job: CallJob, _ failure: Failure, tier: RetryTier = .fiveSeconds, pause: PauseCause? = nil
    ) -> CallEnding {
        .detour(
            .init(intake: job.intake, names: job.names, failure: failure, way: .giveBack(tier), pause: pause))
    }
}
