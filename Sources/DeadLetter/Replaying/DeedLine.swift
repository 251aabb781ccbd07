internal import DequeModule
internal import Fleet

/// Batches on their way through a deed, in the order in which they came: while one is written down, the next is sent.
///
/// After one that fails nothing more is sent, and nothing more written down.
struct DeedLine {
    private typealias Half = Task<Result<[TakenLetter], ProgramError>, Never>

    private struct Step {
        var batch: [TakenLetter]
        var sent: Half
        var done: Half
    }

    private let deed: any LetterDeed
    private var steps: Deque<Step> = []

    init(deed: any LetterDeed) { self.deed = deed }

    /// How many batches are on their way.
    var count: Int { steps.count }

    /// Starts a batch behind those that are on their way.
    mutating func add(_ batch: [TakenLetter]) {
        let deed = deed
        let sent = Self.half(of: Self.given(batch), behind: steps.last?.sent) { letters throws(ProgramError) in
            try await deed.send(letters)
        }
        let done = Self.half(of: sent, behind: steps.last?.done) { letters throws(ProgramError) in
            try await deed.perform(letters)
        }
        steps.append(Step(batch: batch, sent: sent, done: done))
    }

    /// Waits for the batch that came first; it, and those of it that may come off their queue. Nil when none is on its way.
    mutating func next() async throws(ProgramError) -> (batch: [TakenLetter], done: [TakenLetter])? {
        guard let step = steps.popFirst() else { return nil }
        return (step.batch, try await step.done.value.get())
    }

    private static func given(_ batch: [TakenLetter]) -> Half { Task { .success(batch) } }

    private static func half(
        of letters: Half, behind other: Half?,
        _ work: @escaping @Sendable ([TakenLetter]) async throws(ProgramError) -> [TakenLetter]
    ) -> Half {
        Task {
            if let other, case .failure(let error) = await other.value { return .failure(error) }
            do throws(ProgramError) {
                return .success(try await work(try await letters.value.get()))
            } catch {
                return .failure(error)
            }
        }
    }
}
