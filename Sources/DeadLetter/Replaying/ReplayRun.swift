internal import Fleet
internal import Models
internal import RabbitMQ

/// Replays the letters of one flow: copy confirmed, written down, and only then off the queue.
///
/// Killed at any point, it leaves each letter either in its queue or confirmed in its flow; the same command then does
/// the rest. A letter may be published twice, never lost; its effect happens once because the newest revision wins.
struct ReplayRun {
    let publisher: ReplayPublisher?
    let ledger: ReplayLedger?
    let order: ReplayOrder
    let interruption: Interruption
    /// What was replayed since then is this run's own work that failed again: it is for the next run.
    let start = Timestamp.now()
    var batchLimit = 100
    var isDone: (ReplaySelection) -> Bool = { _ in false }

    /// Goes through the queue, and once more after the last copies are out: what found no queue is back by then.
    /// `publisher` nil means a dry run.
    func run(
        _ queue: LetterQueue, _ selection: inout ReplaySelection, _ counts: inout ReplayCounts, pace: inout Pace?
    ) async throws(ProgramError) {
        var batch: [Letter] = []
        repeat {
            while !interruption.isRequested && !isDone(selection), let letter = try await next(queue) {
                try await take(letter, into: &batch, queue, &selection, &counts)
                if batch.count >= batchLimit || pace != nil { try await send(&batch, queue, &counts, &pace) }
            }
        } while try await send(&batch, queue, &counts, &pace) > 0
        do throws(BrokerError) { try await queue.giveBack() } catch { throw ProgramError(error) }
    }

    private func take(
        _ letter: Letter, into batch: inout [Letter], _ queue: LetterQueue, _ selection: inout ReplaySelection,
        _ counts: inout ReplayCounts
    ) async throws(ProgramError) {
        if let replayedAt = letter.replayedAt, replayedAt.microseconds >= start.microseconds {
            counts.cameBack += 1
            return
        }
        let wasReplayed = try await ledger?.wasReplayed(letter) ?? false
        switch selection.judge(letter, wasReplayed: wasReplayed) {
        case .skip: counts.skipped += 1
        case .remove:
            if publisher != nil { try await remove([letter], queue) }
            counts.removed += 1
        case .replay: batch.append(letter)
        }
    }

    /// Answers how many there were to send.
    @discardableResult
    private func send(
        _ batch: inout [Letter], _ queue: LetterQueue, _ counts: inout ReplayCounts, _ pace: inout Pace?
    ) async throws(ProgramError) -> Int {
        guard !batch.isEmpty else { return 0 }
        if let publisher {
            await wait(for: &pace)
            let now = Timestamp.now()
            try await publisher.deliver(batch.map { OutgoingMessage(replaying: $0, order, at: now) })
            FaultPoint.afterReplayConfirm.pass()
            try await ledger?.record(batch, order, at: now)
            FaultPoint.afterReplayMark.pass()
            try await remove(batch, queue)
        }
        counts.replayed += batch.count
        defer { batch = [] }
        return batch.count
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
