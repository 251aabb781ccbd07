internal import Fleet
internal import Models
internal import RabbitMQ

/// What is done with letters before they come off their queue, so that nothing is lost whenever it is killed.
protocol LetterDeed: Sendable {
    /// The letters as they go from now on.
    func started(_ letters: [TakenLetter], at now: Timestamp) -> [TakenLetter]
    /// Does what comes before anything is written down; the next batch follows when the turn is handed over, at the latest
    /// when this returns. Done twice it does no harm.
    func send(_ letters: [TakenLetter], _ turn: SendTurn) async throws(ProgramError) -> SentBatch
    /// Done twice it does no harm. Returns those letters that may come off their queue.
    func perform(_ letters: [TakenLetter]) async throws(ProgramError) -> [TakenLetter]
}

extension LetterDeed {
    func started(_ letters: [TakenLetter], at now: Timestamp) -> [TakenLetter] { letters }
    func send(_ letters: [TakenLetter], _ turn: SendTurn) async throws(ProgramError) -> SentBatch {
        SentBatch(letters: letters)
    }
}

/// Sends copies back to the flow: confirmed first, then written down.
struct ReplayDeed: LetterDeed {
    let publisher: ReplayPublisher
    let ledger: ReplayLedger?
    let order: ReplayOrder

    func started(_ letters: [TakenLetter], at now: Timestamp) -> [TakenLetter] {
        let time = SendTime(now)
        var started = letters
        for index in started.indices { started[index].sentAt = time }
        return started
    }

    func send(_ taken: [TakenLetter], _ turn: SendTurn) async throws(ProgramError) -> SentBatch {
        // Somebody may have corrected or sent one that waited long for its turn.
        var due = taken
        if let ledger, !taken.allSatisfy(isFresh) { due = try await ledger.undone(taken) }
        let delivery = try await publisher.deliver(
            due.map { OutgoingMessage(replaying: $0.letter, order, sentAt: $0.sentAt?.text ?? "") }, turn)
        FaultPoint.afterReplayConfirm.pass()
        for (index, reason) in delivery.refused.sorted(by: { $0.key < $1.key }) {
            remark("left: \(InertText.line(due[index].letter.id)): \(InertText.line(reason))")
        }
        let sent = due.enumerated().filter { delivery.refused[$0.offset] == nil }.map(\.element)
        return SentBatch(letters: delivery.refused.isEmpty ? due : sent, isRepeated: delivery.isRepeated)
    }

    /// Whether the ledger was asked for it a moment ago.
    private func isFresh(_ taken: TakenLetter) -> Bool {
        taken.askedAt.map { .now - $0 < .seconds(1) } ?? false
    }

    func perform(_ sent: [TakenLetter]) async throws(ProgramError) -> [TakenLetter] {
        try await ledger?.recordReplay(sent.map(\.letter), order, at: sent.first?.sentAt?.time ?? .now())
        FaultPoint.afterReplayMark.pass()
        return sent
    }
}

/// Gives letters up: body kept and written down.
struct DiscardDeed: LetterDeed {
    let ledger: ReplayLedger
    let order: ReplayOrder
    /// Whether the store is told of orders that are rejected so.
    let tellsStore: Bool

    func perform(_ taken: [TakenLetter]) async throws(ProgramError) -> [TakenLetter] {
        try await ledger.recordDiscard(taken.map(\.letter), order, tellingStore: tellsStore, at: .now())
        FaultPoint.afterReplayMark.pass()
        return taken
    }
}
