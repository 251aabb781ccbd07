internal import Fleet
internal import Ledger
internal import Models

extension DeadLetterRecord {
    /// What the index says of an open letter, as the worker that gave it up has written it. Nil for what no queue
    /// wanted: the index does not have that.
    init?(_ letter: Letter, note: String? = nil) {
        guard case .dead(let flow) = letter.source else { return nil }
        self.init(
            id: letter.id, queue: letter.source.queue, flow: flow, type: letter.type ?? "",
            subject: letter.subject ?? "", revision: letter.revision ?? 0, code: letter.code,
            category: letter.category, sentence: letter.sentence, remedy: letter.remedy.isEmpty ? nil : letter.remedy,
            fingerprint: letter.cause, attempts: letter.attempts,
            firstFailedAt: letter.firstFailedAt?.microseconds ?? letter.failedAt,
            lastFailedAt: letter.failedAt, note: note)
    }
}

extension Letter {
    /// When it failed last, as the index has it: after its last replay, where only the broker has seen it fail. Zero where
    /// nobody has written anything down.
    var failedAt: Int64 { max(lastFailedAt?.microseconds ?? 0, replayedAt?.microseconds ?? 0) }
}

/// What the index says of a letter that was met somewhere else.
enum IndexStanding: Hashable, Sendable {
    /// Nothing, or only of an earlier failure of the same message.
    case absent
    /// The same: it waits for a person.
    case open
    /// It was dealt with, or needs nothing any more.
    case ended(DeadLetterState)
    /// The message has failed again since.
    case newer

    init(_ record: DeadLetterRecord?, failedAt: Int64) {
        guard let record, record.lastFailedAt >= failedAt else {
            self = .absent
            return
        }
        guard record.lastFailedAt == failedAt else {
            self = .newer
            return
        }
        self = record.state == .open ? .open : .ended(record.state)
    }
}

extension LedgerSnapshot {
    /// What the index says of this letter. What no queue wanted is not in it.
    func standing(of letter: Letter) throws -> IndexStanding {
        guard case .dead = letter.source else { return .absent }
        let record = try deadLetter(id: letter.id)
        let standing = IndexStanding(record, failedAt: letter.failedAt)
        // Earlier releases took a letter for resolved as soon as any message of its revision had arrived.
        if standing == .ended(.resolved), record?.editedAs == nil, try contradicts(letter) { return .absent }
        return standing
    }

    /// Whether the letter says of its revision otherwise than what has arrived.
    private func contradicts(_ letter: Letter) throws -> Bool {
        guard let claim = letter.content.map({ FleetTopology.claimKey(of: $0, in: letter.flow) }),
            let state = try subjectState(family: claim.family, subject: claim.subject), let hash = state.hash
        else { return false }
        return state.revision == claim.revision && hash != claim.hash
    }
}

extension LedgerTransaction {
    /// Puts a letter into the index as open, and keeps its body.
    func index(_ letter: Letter, note: String? = nil, at now: Int64) throws {
        guard var record = DeadLetterRecord(letter, note: note) else { return }
        if letter.body.count <= IndexedBody.largest {
            record.payload = try keepBody(letter.body, of: letter.id, letter.properties, at: now)
        }
        try recordDeadLetter(record)
    }
}

/// How much of a letter goes into the index.
enum IndexedBody {
    /// Workers keep no larger body either; it lies in its queue alone.
    static let largest = 16 << 20
}
