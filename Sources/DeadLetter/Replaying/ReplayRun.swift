internal import Fleet
internal import Models
internal import RabbitMQ

/// Deals with the letters of one queue: what is done to them is done and written down, and only then are they off the queue.
///
/// Killed at any point, it leaves each letter either in its queue or dealt with; the same command then does the rest. A letter
/// may be published twice, never lost; its effect happens once because the newest revision wins.
struct ReplayRun {
    /// Nil in a dry run.
    let deed: (any LetterDeed)?
    let ledger: ReplayLedger?
    let order: ReplayOrder
    let interruption: Interruption
    /// Whether what would come of a letter decides about it; a discarded one has no future.
    var isJudged = true
    /// Sends also what would fail again.
    var isForced = false
    /// Nil where nobody waits for what comes of letters.
    var watch: OutcomeWatch?
    /// What was replayed since then is this run's own work that failed again: it is for the next run.
    let start = Timestamp.now()
    var batchLimit = 100
    var isDone: (ReplaySelection) -> Bool = { _ in false }
    private let judge = LetterJudge()

    init(deed: (any LetterDeed)?, ledger: ReplayLedger?, order: ReplayOrder, interruption: Interruption) {
        self.deed = deed
        self.ledger = ledger
        self.order = order
        self.interruption = interruption
    }

    /// What a run has in hand.
    private struct Work {
        var batch: [Letter] = []
        var moot: [(letter: Letter, why: String)] = []
        var canary: Canary?
        /// Of the step that is under way.
        var watched: [WatchedLetter] = []
        var stop: ProgramError?
    }

    /// Goes through the queue, and once more after the last copies are out: what found no queue is back by then.
    func run(
        _ queue: LetterQueue, _ selection: inout ReplaySelection, _ counts: inout ReplayCounts, pace: inout Pace?
    ) async throws(ProgramError) {
        var work = Work(canary: watch == nil ? nil : Canary())
        repeat {
            while work.stop == nil && !interruption.isRequested && !isDone(selection),
                let letter = try await next(queue)
            {
                try await take(letter, &work, queue, &selection, &counts)
                if work.batch.count >= limit(work) || pace != nil { try await send(&work, queue, &counts, &pace) }
            }
        } while try await send(&work, queue, &counts, &pace) > 0
        try await settleMoot(&work, queue, &counts)
        if work.stop == nil { try await awaitStep(&work, &counts) }
        do throws(BrokerError) { try await queue.giveBack() } catch { throw ProgramError(error) }
        if let stop = work.stop { throw stop }
    }

    private func limit(_ work: Work) -> Int { min(batchLimit, work.canary?.remaining ?? batchLimit) }

    private func take(
        _ letter: Letter, _ work: inout Work, _ queue: LetterQueue, _ selection: inout ReplaySelection,
        _ counts: inout ReplayCounts
    ) async throws(ProgramError) {
        if let replayedAt = letter.replayedAt, replayedAt.microseconds >= start.microseconds {
            counts.cameBack += 1
            return
        }
        let standing = try await standing(of: letter)
        switch selection.judge(letter, wasReplayed: standing.isDone) {
        case .skip: counts.skipped += 1
        case .remove:
            if deed != nil { try await remove([letter], queue) }
            counts.removed += 1
        case .replay: try await take(letter, standing.verdict, &work, queue, &counts)
        }
    }

    private func take(
        _ letter: Letter, _ verdict: LetterVerdict, _ work: inout Work, _ queue: LetterQueue,
        _ counts: inout ReplayCounts
    ) async throws(ProgramError) {
        switch verdict {
        case .alreadyApplied, .superseded:
            work.moot.append((letter, verdict.reason))
            if work.moot.count >= batchLimit { try await settleMoot(&work, queue, &counts) }
        case .stillInvalid where !isForced, .dependencyMissing where !isForced:
            counts.left[verdict.kind, default: 0] += 1
        case .willApply, .stillInvalid, .dependencyMissing: work.batch.append(letter)
        }
    }

    /// Without a ledger, and of what no queue wanted, only what the letter itself says.
    private func standing(of letter: Letter) async throws(ProgramError) -> LetterStanding {
        var standing = LetterStanding()
        if let ledger { standing = try await ledger.standing(of: letter, judge) }
        if !isJudged { standing.verdict = .willApply }
        return standing
    }

    /// Answers how many there were to send.
    @discardableResult
    private func send(
        _ work: inout Work, _ queue: LetterQueue, _ counts: inout ReplayCounts, _ pace: inout Pace?
    ) async throws(ProgramError) -> Int {
        let batch = work.batch
        guard !batch.isEmpty else { return 0 }
        if let deed {
            await wait(for: &pace)
            try await deed.perform(batch)
            try await remove(batch, queue)
            if watch != nil { work.watched += batch.map { WatchedLetter($0) } }
        }
        counts.replayed += batch.count
        work.batch = []
        work.canary?.send(batch.count)
        if work.canary?.remaining == 0 { try await awaitStep(&work, &counts) }
        return work.stop == nil ? batch.count : 0
    }

    /// Waits for what comes of the step, and decides whether another follows.
    private func awaitStep(_ work: inout Work, _ counts: inout ReplayCounts) async throws(ProgramError) {
        guard let watch, let canary = work.canary, !canary.isFresh, deed != nil else { return }
        let outcome = try await watch.wait(for: work.watched)
        counts.applied += outcome.applied
        work.stop = outcome.stop(isStopped: interruption.isRequested, patience: watch.patience)
        if work.stop != nil { counts.cameBack += outcome.failed.count }
        work.watched = []
        work.canary?.advance()
    }

    private func settleMoot(
        _ work: inout Work, _ queue: LetterQueue, _ counts: inout ReplayCounts
    ) async throws(ProgramError) {
        guard !work.moot.isEmpty else { return }
        if deed != nil {
            try await ledger?.recordMoot(work.moot, order, at: .now())
            try await remove(work.moot.map(\.letter), queue)
        }
        counts.moot += work.moot.count
        work.moot = []
    }

    private func wait(for pace: inout Pace?) async {
        guard let due = pace?.due else { return }
        pace?.advance()
        while due > .now && !interruption.isRequested {
            try? await Task.sleep(until: min(due, .now + .milliseconds(200)))
        }
    }

    private func next(_ queue: LetterQueue) async throws(ProgramError) -> Letter? {
        do throws(BrokerError) { return try await queue.next() } catch { throw ProgramError(error) }
    }

    private func remove(_ letters: [Letter], _ queue: LetterQueue) async throws(ProgramError) {
        do throws(BrokerError) { try await queue.acknowledge(letters) } catch { throw ProgramError(error) }
    }
}

extension StepOutcome {
    /// Why no further step follows; nil when one may.
    fileprivate func stop(isStopped: Bool, patience: Duration) -> ProgramError? {
        if let repeated {
            return ProgramError(
                code: "dead-letter.repeated",
                sentence:
                    "Stopped: \(InertText.line(repeated.id)) failed again for the same cause: \(repeated.sentence)",
                remedy: "`dead-letter show \(InertText.line(repeated.id))` has its story. Mend the cause, then run the "
                    + "same command: it does the rest.", exit: .failure)
        }
        guard !pending.isEmpty, !isStopped else { return nil }
        return ProgramError(
            code: "dead-letter.no-outcome",
            sentence: "Stopped: of \(Count.text(pending.count, "letter")) nothing is known after "
                + "\(patience.components.seconds) s; the first is \(InertText.line(pending[0].id)).",
            remedy: "Workers may be trying them again later, or be busy: `stevedore status`. The same command does the "
                + "rest; --no-canary waits for nothing.", exit: .failure)
    }
}
