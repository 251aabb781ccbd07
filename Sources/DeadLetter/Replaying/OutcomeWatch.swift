internal import Fleet
internal import Ledger
internal import Models

/// A letter that was sent, and how one tells what came of it.
struct WatchedLetter: Hashable, Sendable {
    var id: String
    /// The message that took its place; nil when it was sent as it was.
    var successor: String?
    var fingerprint: String?
    /// When it had failed last, in microseconds since 1970.
    var failedAt: Int64
    /// What the ledger has once it is applied; nil where its body cannot be read.
    var claim: ClaimKey?

    init(_ letter: Letter) {
        (id, fingerprint) = (letter.id, letter.fingerprint)
        failedAt = letter.lastFailedAt?.microseconds ?? 0
        // One that is restated is applied where it has been already, so that its revision says nothing.
        guard !LetterJudge.isRestated(letter.text(MessageHeader.restated)) else { return }
        claim = letter.content.map { FleetTopology.claimKey(of: $0, in: letter.flow) }
    }

    /// One that was corrected: if that fails, then under the id of the corrected message.
    init(_ letter: Letter, correctedTo message: CorrectedMessage) {
        self.init(letter)
        successor = message.id
        claim = FleetTopology.claimKey(of: message.content, in: message.flow)
    }

    /// Whether this is the row of its failing again.
    func hasFailed(_ record: DeadLetterRecord) -> Bool {
        record.state == .open && (record.id == successor || record.lastFailedAt > failedAt)
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
    /// The first that failed again for the cause that it had, or that another of the run has failed for.
    var repeated: Repeat?
    /// Why letters of the run have failed again.
    var causes: Set<String> = []
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
    func wait(
        for letters: [WatchedLetter], knowing causes: Set<String> = []
    ) async throws(ProgramError) -> StepOutcome {
        var outcome = StepOutcome(causes: causes, pending: letters)
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
        let names = [letter.successor, letter.id].compactMap { $0 }
        let records = try names.compactMap { try snapshot.deadLetter(id: $0) }
        if let again = records.first(where: { letter.hasFailed($0) }) {
            outcome.failed.append(again.id)
            let isNew = outcome.causes.insert(again.fingerprint).inserted
            guard outcome.repeated == nil, !isNew || again.fingerprint == letter.fingerprint else { return }
            outcome.repeated = .init(id: again.id, sentence: again.sentence)
        } else if try records.contains(where: { isOver($0) }) || isApplied(letter, snapshot) {
            outcome.applied += 1
        } else {
            outcome.pending.append(letter)
        }
    }

    private static func isOver(_ record: DeadLetterRecord) -> Bool {
        record.state == .resolved || record.state == .discarded
    }

    private static func isApplied(_ letter: WatchedLetter, _ snapshot: LedgerSnapshot) throws -> Bool {
        guard let claim = letter.claim else { return false }
        let state = try snapshot.subjectState(family: claim.family, subject: claim.subject)
        guard let state, state.revision >= claim.revision else { return false }
        return state.revision > claim.revision || state.hash == claim.hash
    }
}
