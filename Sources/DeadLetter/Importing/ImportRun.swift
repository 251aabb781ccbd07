internal import Fleet
internal import Models

/// Puts letters back: confirmed by the broker, then written down, batch by batch.
///
/// Killed at any point, it leaves each letter either out, or in its queue, where the next run's walk meets it; so the
/// same command does the rest and puts none back twice.
struct ImportRun {
    /// Nil in a dry run.
    let publisher: ImportPublisher?
    let ledger: ImportLedger
    let order: ImportOrder
    let again: Bool
    /// What lies in the queues.
    let present: LetterPresence
    /// What this run has dealt with: a file may hold a letter twice.
    var seen = LetterKeys()
    /// Told of each letter that the broker takes from nobody.
    let onRefused: (NumberedLetter, _ reason: String) -> Void
    private static let batchLimit = 100
    /// Bodies of a batch together, unless a single one is larger.
    private static let batchBytes = 8 << 20

    /// Letters that came together, and how many bytes they have.
    struct Batch {
        fileprivate var letters: [NumberedLetter] = []
        fileprivate var bytes = 0

        mutating func add(_ letter: NumberedLetter) {
            letters.append(letter)
            bytes += letter.letter.body.count
        }

        var isFull: Bool { letters.count >= ImportRun.batchLimit || bytes >= ImportRun.batchBytes }
    }

    /// Deals with the batch and empties it.
    mutating func settle(_ batch: inout Batch, _ counts: inout ImportCounts) async throws(ProgramError) {
        let letters = batch.letters.filter { isFirst($0.letter, &counts) }
        batch = Batch()
        guard !letters.isEmpty else { return }
        let memories = try await ledger.memories(of: letters.map(\.letter))
        var publishing: [NumberedLetter] = []
        var indexing: [Letter] = []
        for (numbered, memory) in zip(letters, memories) {
            switch verdict(numbered.letter, memory) {
            case .publish: publishing.append(numbered)
            case .index: indexing.append(numbered.letter)
            case .there: counts.there += 1
            case .importedBefore: counts.importedBefore += 1
            case .ended: counts.ended += 1
            }
        }
        let refused = try await deliver(publishing)
        let done = publishing.filter { !refused.contains($0.line) }.map(\.letter)
        try await record(done + indexing)
        counts.imported += done.count
        counts.indexed += indexing.count
        counts.refused += refused.count
    }

    private mutating func isFirst(_ letter: Letter, _ counts: inout ImportCounts) -> Bool {
        let name = LetterPresence.name(letter)
        guard !seen.contains(name) else {
            counts.there += 1
            return false
        }
        seen.insert(name)
        return true
    }

    private func verdict(_ letter: Letter, _ memory: ImportMemory) -> ImportVerdict {
        ImportVerdict(
            memory, isInQueue: present.holds(letter), isQueueShared: present.isShared(letter.source), again: again)
    }

    /// The lines of letters that the broker takes from nobody.
    private func deliver(_ letters: [NumberedLetter]) async throws(ProgramError) -> Set<Int> {
        guard let publisher, !letters.isEmpty else { return [] }
        let refused = try await publisher.deliver(letters)
        for (letter, reason) in refused { onRefused(letter, reason) }
        FaultPoint.afterImportConfirm.pass()
        return Set(refused.map { $0.letter.line })
    }

    private func record(_ letters: [Letter]) async throws(ProgramError) {
        guard publisher != nil, !letters.isEmpty else { return }
        try await ledger.record(letters, order, at: .now())
        FaultPoint.afterImportMark.pass()
    }
}

/// Which letters lie in which queues.
struct LetterPresence {
    private var marks = LetterKeys()
    private var shared: Set<LetterSource> = []

    /// Walks through the queues and leaves them as they were.
    init(
        of sources: [LetterSource], _ browser: LetterBrowser, _ interruption: Interruption, _ progress: CountedProgress
    ) async throws(ProgramError) {
        var marks = LetterKeys()
        for source in sources where !interruption.isRequested {
            let walk = try await browser.walk(source) { letter throws(ProgramError) in
                marks.insert(Self.name(letter))
                progress.show(marks.count, "looked at in the queues")
                return !interruption.isRequested
            }
            guard let walk else { throw Self.noQueue(source.queue) }
            if walk.isShared { shared.insert(source) }
        }
        self.marks = marks
    }

    func holds(_ letter: Letter) -> Bool { marks.contains(Self.name(letter)) }

    /// Whether somebody else held letters of the queue meanwhile.
    func isShared(_ source: LetterSource) -> Bool { shared.contains(source) }

    /// Names a letter of a queue.
    static func name(_ letter: Letter) -> String { letter.source.queue + "\u{1F}" + letter.mark }

    private static func noQueue(_ queue: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-queue", sentence: "There is no queue \(queue) on this broker.",
            remedy: "Run `stevedore topology apply`, then import again; nothing is imported yet.", exit: .configuration)
    }
}
