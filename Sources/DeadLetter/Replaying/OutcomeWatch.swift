internal import Fleet
internal import Ledger
internal import Models

/// A letter that was sent, and how one tells what came of it.
struct WatchedLetter: Hashable, Sendable {
    var id: String
    var fingerprint: String?
    /// When it had failed last, in microseconds since 1970.
    var failedAt: Int64
    /// What the ledger has once it is applied; nil where its body cannot be read.
    var claim: ClaimKey?

    init(_ letter: Letter) {
        (id, fingerprint) = (letter.id, letter.fingerprint)
        failedAt = letter.lastFailedAt?.microseconds ?? 0
        claim = letter.content.map { FleetTopology.claimKey(of: $0, in: letter.flow) }
    }
}

/// What came of the letters of a step.
struct StepOutcome: Hashable, Sendable {
    /// A letter that failed for the cause that it had, and why.
    struct Repeat: Hashable, Sendable {
        var id: String
        var sentence: String
    }

    var applied = 0
    /// Failed again, for whatever cause.
    var failed: [String] = []
    /// The first that failed again for the cause that it had.
    var repeated: Repeat?
    /// Nothing is known of these yet.
    var pending: [WatchedLetter] = []
}

/// Waits for what comes of letters that were sent back, as workers write it into the ledger.
struct OutcomeWatch: Sendable {
    let ledger: ReplayLedger
    let interruption: Interruption
    /// How long to wait for one step.
    var patience = Duration.seconds(60)
    var pause = Duration.milliseconds(100)

    /// Returns when all is known, when one has failed for the cause that it had, at the end of patience, or when asked to stop.
    func wait(for letters: [WatchedLetter]) async throws(ProgramError) -> StepOutcome {
        var outcome = StepOutcome(pending: letters)
        let deadline = ContinuousClock.now + patience
        while true {
            outcome = try await look(outcome)
            let isOver = outcome.pending.isEmpty || outcome.repeated != nil || interruption.isRequested
            guard !isOver, ContinuousClock.now < deadline else { return outcome }
            try? await Task.sleep(for: pause)
        }
    }

    private func look(_ outcome: StepOutcome) async throws(ProgramError) -> StepOutcome {
        try await ledger.read { snapshot in
            var next = outcome
            next.pending = []
            for letter in outcome.pending { try Self.look(at: letter, snapshot, &next) }
            return next
        }
    }

    private static func look(
        at letter: WatchedLetter, _ snapshot: LedgerSnapshot, _ outcome: inout StepOutcome
    ) throws {
        let record = try snapshot.deadLetter(id: letter.id)
        switch record?.state {
        case .open? where record.map { $0.lastFailedAt > letter.failedAt } ?? false:
            outcome.failed.append(letter.id)
            guard outcome.repeated == nil, let record, record.fingerprint == letter.fingerprint else { return }
            outcome.repeated = .init(id: letter.id, sentence: record.sentence)
        case .resolved?, .discarded?: outcome.applied += 1
        case .open?, .replayed?, nil:
            if try isApplied(letter, snapshot) { outcome.applied += 1 } else { outcome.pending.append(letter) }
        }
    }

    private static func isApplied(_ letter: WatchedLetter, _ snapshot: LedgerSnapshot) throws -> Bool {
        guard let claim = letter.claim else { return false }
        let state = try snapshot.subjectState(family: claim.family, subject: claim.subject)
        return (state?.revision ?? 0) >= claim.revision
    }
}
