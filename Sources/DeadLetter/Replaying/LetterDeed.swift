internal import Fleet
internal import Models
internal import RabbitMQ

/// What is done with letters before they come off their queue, so that nothing is lost whenever it is killed.
protocol LetterDeed: Sendable {
    /// Done twice it does no harm.
    func perform(_ letters: [Letter]) async throws(ProgramError)
}

/// Sends copies back to the flow: confirmed first, then written down.
struct ReplayDeed: LetterDeed {
    let publisher: ReplayPublisher
    let ledger: ReplayLedger?
    let order: ReplayOrder

    func perform(_ letters: [Letter]) async throws(ProgramError) {
        let now = Timestamp.now()
        try await publisher.deliver(letters.map { OutgoingMessage(replaying: $0, order, at: now) })
        FaultPoint.afterReplayConfirm.pass()
        try await ledger?.recordReplay(letters, order, at: now)
        FaultPoint.afterReplayMark.pass()
    }
}

/// Gives letters up: body kept and written down.
struct DiscardDeed: LetterDeed {
    let ledger: ReplayLedger
    let order: ReplayOrder

    func perform(_ letters: [Letter]) async throws(ProgramError) {
        try await ledger.recordDiscard(letters, order, at: .now())
        FaultPoint.afterReplayMark.pass()
    }
}
