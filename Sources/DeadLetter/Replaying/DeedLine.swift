internal import DequeModule
internal import Fleet
internal import Synchronization

/// Batches on their way through a deed, in the order in which they came: while one is written down, the next ones are sent,
/// one right behind the other.
///
/// After one that fails nothing more is begun, and nothing more written down. What was sent behind it by then is sent once
/// more by whoever tries again.
struct DeedLine {
    private typealias Sent = Result<SentBatch, ProgramError>
    private typealias Done = Result<[TakenLetter], ProgramError>

    private struct Step {
        var batch: [TakenLetter]
        /// True when the next one may follow, ended when it may not.
        var turns: AsyncStream<Bool>
        var sent: Task<Sent, Never>
        var done: Task<Done, Never>
    }

    /// Whether something had to be sent once more. From then on each batch waits for the one before: else it would overtake
    /// that one and be sent twice, and so would all behind it, into a queue that may be full.
    private final class Caution: Sendable {
        private let state = Mutex(false)

        var isNeeded: Bool { state.withLock { $0 } }

        func learn(_ sent: SentBatch) { if sent.isRepeated { state.withLock { $0 = true } } }
    }

    private let deed: any LetterDeed
    private let caution = Caution()
    private var steps: Deque<Step> = []

    init(deed: any LetterDeed) { self.deed = deed }

    /// How many batches are on their way.
    var count: Int { steps.count }

    /// Starts a batch behind those that are on their way.
    mutating func add(_ batch: [TakenLetter]) {
        let (turns, turn) = AsyncStream<Bool>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let sent = Self.sending(batch, by: deed, behind: steps.last, turn, caution)
        let done = Self.writing(sent, by: deed, behind: steps.last?.done)
        steps.append(Step(batch: batch, turns: turns, sent: sent, done: done))
    }

    /// Waits for the batch that came first; it, and those of it that may come off their queue. Nil when none is on its way.
    mutating func next() async throws(ProgramError) -> (batch: [TakenLetter], done: [TakenLetter])? {
        guard let step = steps.popFirst() else { return nil }
        return (step.batch, try await step.done.value.get())
    }

    private static func sending(
        _ batch: [TakenLetter], by deed: any LetterDeed, behind other: Step?, _ turn: AsyncStream<Bool>.Continuation,
        _ caution: Caution
    ) -> Task<Sent, Never> {
        Task {
            defer { turn.finish() }
            do throws(ProgramError) {
                var ahead = other
                if let other, await other.turns.first(where: { $0 }) == nil || caution.isNeeded {
                    _ = try await other.sent.value.get()
                    ahead = nil
                }
                let sent = try await deed.send(batch, SendTurn(behind: ahead?.sent, turn))
                caution.learn(sent)
                turn.yield(true)
                return .success(sent)
            } catch {
                return .failure(error)
            }
        }
    }

    private static func writing(
        _ sent: Task<Sent, Never>, by deed: any LetterDeed, behind other: Task<Done, Never>?
    ) -> Task<Done, Never> {
        Task {
            if let other, case .failure(let error) = await other.value { return .failure(error) }
            do throws(ProgramError) {
                return .success(try await deed.perform(try await sent.value.get().letters))
            } catch {
                return .failure(error)
            }
        }
    }
}

extension SendTurn {
    fileprivate init(
        behind other: Task<Result<SentBatch, ProgramError>, Never>?, _ turn: AsyncStream<Bool>.Continuation
    ) {
        handOver = { turn.yield(true) }
        isOvertaking = { () async throws(ProgramError) in try await other?.value.get().isRepeated ?? false }
    }
}
