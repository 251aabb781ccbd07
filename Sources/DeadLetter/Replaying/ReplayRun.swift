internal import Fleet
internal import Models
internal import RabbitMQ

/// Deals with the letters of one queue: what is done to them is done and written down, and only then are they off the queue.
///
/// Killed at any point, it leaves each letter either in its queue or dealt with; the same command then does the rest. A letter
/// may be published twice, never lost; its effect happens once because the newest revision wins.
///
/// With three batches under way, one is read and judged while the two before are sent, and the one before those is written down.
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
    /// Corrects each letter first; nil sends it as it is.
    var trial: RecipeTrial?
    /// Nil where nobody waits for what comes of letters.
    var watch: OutcomeWatch?
    var batchLimit = 100
    /// The broker takes back what is held for half an hour, in any order; so all is given back before, and looked at anew.
    var holding = Duration.seconds(600)
    var isDone: (ReplaySelection) -> Bool = { _ in false }
    /// Whether all that lies behind is wanted as well, so that it may be read early.
    var isReadingOn = false
    /// How many batches may be on their way while the next one is read; a crash may send all of these twice.
    var underWay = 0
    private let judge = LetterJudge()

    init(deed: (any LetterDeed)?, ledger: ReplayLedger?, order: ReplayOrder, interruption: Interruption) {
        self.deed = deed
        self.ledger = ledger
        self.order = order
        self.interruption = interruption
    }

    /// What a run has in hand.
    private struct Work {
        var batch: [TakenLetter] = []
        /// Batches that are sent and written down meanwhile; nil in a dry run.
        var line: DeedLine?
        /// Of the batch's bodies.
        var bytes = 0
        var moot: [(letter: Letter, why: String)] = []
        var canary: Canary?
        /// Of the step that is under way.
        var watched: [WatchedLetter] = []
        /// Why letters have failed again so far.
        var causes: Set<String> = []
        /// What was sent: if it is met again, it failed again, and is for the next run.
        var sent = LetterKeys()
        /// Of these it is known, and counted, that they failed again.
        var returned = LetterKeys()
        /// What was looked at and stays.
        var seen = LetterKeys()
        var stop: ProgramError?
    }

    /// Goes through the queue, and once more after the last copies are out: what found no queue is back by then.
    func run(
        _ queue: LetterQueue, _ selection: inout ReplaySelection, _ counts: inout ReplayCounts, pace: inout Pace?
    ) async throws(ProgramError) {
        var work = Work(line: deed.map { DeedLine(deed: $0) }, canary: watch == nil ? nil : Canary())
        do throws(ProgramError) {
            var isOver = false
            repeat {
                try await goThrough(queue, &work, &selection, &counts, &pace)
                let sent = try await send(&work, queue, &counts, &pace)
                try await settleLine(&work, queue, &counts)
                isOver = sent == 0
            } while !isOver
            try await settleMoot(&work, queue, &counts)
            if work.stop == nil { try await awaitStep(&work, &counts) }
        } catch {
            await abandonLine(&work, queue, &counts)
            // Else the broker would, in any order.
            try? await queue.giveBack()
            throw error
        }
        try await giveBack(queue)
        if let stop = work.stop { throw stop }
    }

    private func goThrough(
        _ queue: LetterQueue, _ work: inout Work, _ selection: inout ReplaySelection, _ counts: inout ReplayCounts,
        _ pace: inout Pace?
    ) async throws(ProgramError) {
        while true {
            // Where each waits for its turn, it is judged when that comes.
            let letters = try await letters(of: queue, isHasty: isHasty(pace))
            guard !letters.isEmpty else { return }
            let standings = try await standings(of: letters, selection)
            for (letter, standing) in zip(letters, standings) {
                guard work.stop == nil && !interruption.isRequested && !isDone(selection) else { return }
                try await take(letter, standing, &work, queue, &selection, &counts)
                if isDue(work) || pace != nil { try await send(&work, queue, &counts, &pace) }
            }
            guard queue.hasHeld(for: holding) else { continue }
            try await send(&work, queue, &counts, &pace)
            try await settleLine(&work, queue, &counts)
            try await settleMoot(&work, queue, &counts)
            try await giveBack(queue)
        }
    }

    /// Nobody waits for what comes of letters, nor for the time at which they are due.
    private func isHasty(_ pace: Pace?) -> Bool { watch == nil && pace == nil }

    private func letters(of queue: LetterQueue, isHasty: Bool) async throws(ProgramError) -> [Letter] {
        do throws(BrokerError) {
            return isHasty
                ? try await queue.nextMany(isReadingOn: isReadingOn) : [try await queue.next()].compactMap { $0 }
        } catch {
            throw ProgramError(error)
        }
    }

    private func giveBack(_ queue: LetterQueue) async throws(ProgramError) {
        do throws(BrokerError) { try await queue.giveBack() } catch { throw ProgramError(error) }
    }

    private func isDue(_ work: Work) -> Bool {
        work.batch.count >= min(batchLimit, work.canary?.remaining ?? batchLimit) || work.bytes >= Self.largest
    }

    /// Bodies of a batch together, unless a single one is larger.
    private static let largest = 8 << 20

    private func take(
        _ letter: Letter, _ standing: LetterStanding, _ work: inout Work, _ queue: LetterQueue,
        _ selection: inout ReplaySelection, _ counts: inout ReplayCounts
    ) async throws(ProgramError) {
        guard work.seen.isEmpty || !work.seen.contains(letter.mark) else { return }
        if TakenLetter.names(of: letter).contains(where: { work.sent.contains($0) }) {
            return noteReturned(letter.id, &work, &counts)
        }
        switch selection.judge(letter, isMeant: standing.isMeant, wasReplayed: standing.isDone) {
        case .skip:
            work.seen.insert(letter.mark)
            counts.skipped += 1
        case .remove:
            if deed != nil { try await remove([letter], queue) }
            counts.removed += 1
        case .replay:
            if let trial { return try await correct(letter, by: trial, &work, queue, &counts) }
            let taken = TakenLetter(letter: letter, failedAt: standing.failedAt, askedAt: standing.askedAt)
            try await take(taken, standing.verdict, &work, queue, &counts)
        }
    }

    private func noteReturned(_ id: String, _ work: inout Work, _ counts: inout ReplayCounts) {
        guard !work.returned.contains(id) else { return }
        work.returned.insert(id)
        counts.cameBack += 1
    }

    /// What has become of the letter decides, not what it was.
    private func correct(
        _ letter: Letter, by trial: RecipeTrial, _ work: inout Work, _ queue: LetterQueue, _ counts: inout ReplayCounts
    ) async throws(ProgramError) {
        switch try await outcome(of: letter, trial) {
        case .misfit(let reason):
            let misfit = RecipeFindings.Misfit(letter, reason)
            counts.findings.add(misfit)
            work.seen.insert(letter.mark)
            guard deed != nil, !trial.recipe.isPartial else { return }
            // What is in hand stays as well: nothing more moves.
            work.batch = []
            work.stop = ProgramError.misfit(misfit)
        case .judged(let verdict, let message):
            if let message { counts.findings.add(RecipeFindings.Sample(letter, message.changes)) }
            try await take(TakenLetter(letter: letter, correction: message), verdict, &work, queue, &counts)
        }
    }

    private func outcome(
        of letter: Letter, _ trial: RecipeTrial
    ) async throws(ProgramError) -> RecipeTrial.Outcome {
        if let ledger { return try await ledger.read { try trial.outcome(of: letter, $0) } }
        do { return try trial.outcome(of: letter, nil) } catch { throw ProgramError(ledger: error) }
    }

    private func take(
        _ taken: TakenLetter, _ verdict: LetterVerdict, _ work: inout Work, _ queue: LetterQueue,
        _ counts: inout ReplayCounts
    ) async throws(ProgramError) {
        switch verdict {
        case .alreadyApplied, .superseded:
            work.moot.append((taken.letter, verdict.reason))
            if work.moot.count >= batchLimit { try await settleMoot(&work, queue, &counts) }
        case .stillInvalid where !isForced, .dependencyMissing where !isForced:
            work.seen.insert(taken.letter.mark)
            counts.left[verdict.kind, default: 0] += 1
        case .willApply, .stillInvalid, .dependencyMissing:
            work.batch.append(taken)
            work.bytes += taken.letter.body.count
        }
    }

    /// Without a ledger, and of what no queue wanted, only what the letter itself says.
    private func standings(
        of letters: [Letter], _ selection: ReplaySelection
    ) async throws(ProgramError) -> [LetterStanding] {
        let meant = letters.map { LetterStanding(isMeant: selection.means($0)) }
        guard let ledger, meant.contains(where: \.isMeant) else { return meant }
        var standings = try await ledger.standings(of: letters, meant, judge, isWatched: watch != nil)
        guard !isJudged else { return standings }
        for index in standings.indices { standings[index].verdict = .willApply }
        return standings
    }

    /// Answers how many there were to send.
    @discardableResult
    private func send(
        _ work: inout Work, _ queue: LetterQueue, _ counts: inout ReplayCounts, _ pace: inout Pace?
    ) async throws(ProgramError) -> Int {
        let batch = work.batch
        guard !batch.isEmpty else { return 0 }
        (work.batch, work.bytes) = ([], 0)
        if let deed {
            await wait(for: &pace)
            let started = deed.started(batch, at: .now())
            // Before any of them can be back.
            for letter in started { work.sent.insert(letter.name) }
            try await settleLine(&work, queue, &counts, downTo: max(0, underWay - 1))
            work.line?.add(started)
            try await settleLine(&work, queue, &counts, downTo: underWay)
        } else {
            counts.replayed += batch.count
        }
        if work.canary?.remaining == 0 { try await awaitStep(&work, &counts) }
        return work.stop == nil ? batch.count : 0
    }

    /// Takes batches that are done off the queue, until no more than so many are on their way.
    private func settleLine(
        _ work: inout Work, _ queue: LetterQueue, _ counts: inout ReplayCounts, downTo limit: Int = 0
    ) async throws(ProgramError) {
        while let count = work.line?.count, count > limit, let (batch, done) = try await work.line?.next() {
            try await remove(done.map(\.letter), queue)
            if watch != nil { work.watched += done.map(\.watched) }
            counts.replayed += done.count
            counts.unsent += batch.count - done.count
            work.canary?.send(done.count)
        }
    }

    /// Waits until nothing is on its way any more; what was done by then comes off the queue.
    private func abandonLine(_ work: inout Work, _ queue: LetterQueue, _ counts: inout ReplayCounts) async {
        while let count = work.line?.count, count > 0 { try? await settleLine(&work, queue, &counts) }
    }

    /// Waits for what comes of the step, and decides whether another follows.
    private func awaitStep(_ work: inout Work, _ counts: inout ReplayCounts) async throws(ProgramError) {
        guard let watch, let canary = work.canary, !canary.isFresh, deed != nil else { return }
        let outcome = try await watch.wait(for: work.watched, knowing: work.causes)
        counts.applied += outcome.applied
        work.causes = outcome.causes
        for id in outcome.failed { noteReturned(id, &work, &counts) }
        work.stop = outcome.stop(
            isStopped: interruption.isRequested, patience: watch.patience, isCorrected: trial != nil)
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

    private func remove(_ letters: [Letter], _ queue: LetterQueue) async throws(ProgramError) {
        do throws(BrokerError) { try await queue.acknowledge(letters) } catch { throw ProgramError(error) }
    }
}
