internal import Fleet
internal import Models
internal import RabbitMQ

/// What is done with letters before they come off their queue, so that nothing is lost whenever it is killed.
protocol LetterDeed: Sendable {
    /// Done twice it does no harm. Returns those letters that may come off their queue.
    func perform(_ letters: [TakenLetter]) async throws(ProgramError) -> [TakenLetter]
}

/// Sends copies back to the flow: confirmed first, then written down.
struct ReplayDeed: LetterDeed {
    let publisher: ReplayPublisher
    let ledger: ReplayLedger?
    let order: ReplayOrder

    func perform(_ taken: [TakenLetter]) async throws(ProgramError) -> [TakenLetter] {
        // Somebody may have corrected or sent one while it waited for its turn.
        var due = taken
        if let ledger { due = try await ledger.undone(taken) }
        let now = Timestamp.now()
        let refused = try await publisher.deliver(due.map { OutgoingMessage(replaying: $0.letter, order, at: now) })
        for (index, reason) in refused.sorted(by: { $0.key < $1.key }) {
            remark("left: \(InertText.line(due[index].letter.id)): \(InertText.line(reason))")
        }
        FaultPoint.afterReplayConfirm.pass()
        var sent = due.indices.filter { refused[$0] == nil }.map { due[$0] }
        for index in sent.indices { sent[index].sentAt = now }
        try await ledger?.recordReplay(sent.map(\.letter), order, at: now)
        FaultPoint.afterReplayMark.pass()
        return sent
    }
}

/// Gives letters up: body kept and written down.
struct DiscardDeed: LetterDeed {
    let ledger: ReplayLedger
    let order: ReplayOrder

    func perform(_ taken: [TakenLetter]) async throws(ProgramError) -> [TakenLetter] {
        try await ledger.recordDiscard(taken.map(\.letter), order, at: .now())
        FaultPoint.afterReplayMark.pass()
        return taken
    }
}
