internal import Ledger
internal import Models

// What cannot wait for its turn in the queue: taken out of the ledger, which a flow that only looks on has filled.
extension CallRoad {
    /// The most urgent of what waits in the queue, with their bodies, where they are kept: at most `room`, each more urgent
    /// than the least urgent that stands ready in this worker, and none of the subjects that it works on.
    ///
    /// Several workers look at the same list. Each takes its share of the first of it at random, so that they seldom meet;
    /// where they do, the claim tells them.
    func pressing(
        atMost room: Int, above lowest: Int?, except taken: Set<String>
    ) async throws -> [(one: Pressing, body: [UInt8]?)] {
        let now = Timestamp.now().microseconds
        let families = Set(handlers.keys.compactMap { Catalogue.type(named: $0)?.family })
        let noted = now - Int64(limits.turn / .microseconds(1))
        return try await ledger.read { [queue] snapshot in
            let candidates = try families.flatMap { family in
                try snapshot.pressing(
                    family: family, flow: queue, notedUntil: noted, limit: room * 4 + taken.count)
            }
            let free = candidates.filter { !taken.contains($0.subject) && $0.urgency.value(at: now) > lowest ?? 0 }
            let share = free.prefix(room * 4).shuffled().sorted { $0.urgency.rank > $1.urgency.rank }.prefix(room)
            return try share.map { one in (one, try snapshot.keptBody(of: one)) }
        }
    }

    /// They wait for their turn, whatever comes.
    func endPressing(_ all: [Pressing]) async throws {
        try await ledger.write { transaction in
            for one in all {
                try transaction.endPressing(family: one.family, subject: one.subject, revision: one.revision)
            }
        }
    }

    /// Its next try comes when its queue says, and not before that.
    func endHaste(_ job: CallJob) async throws {
        guard knowsUrgency else { return }
        let key = job.message.claimKey
        try await ledger.write { transaction in
            try transaction.endPressing(family: key.family, subject: key.subject, revision: key.revision)
        }
    }

    /// What was begun before its turn and has come to no end waits for its turn.
    ///
    /// - Parameter isOver: It is not tried before its turn again.
    func leaveToItsTurn(_ work: CallWork, because reason: String, isOver: Bool) async throws {
        guard case .call(let job) = work else { return }
        let key = job.message.claimKey
        try await ledger.write { [holder] transaction in
            if isOver {
                try transaction.endPressing(family: key.family, subject: key.subject, revision: key.revision)
            }
            try transaction.journal(
                JournalEntry(
                    job.message, attempt: job.intake.attempt, stage: "returned",
                    detail: Pressing.waits + reason, worker: holder, at: Timestamp.now().microseconds))
        }
    }
}

extension LedgerTransaction {
    /// Whether a message that was taken out of the ledger may still go before its turn: it is its object's last word and
    /// news, nobody has set it aside or is to look at it, and it says what the store has said. One whose words about a
    /// person were erased meanwhile does not.
    func mayGoAhead(_ message: Received, known: SubjectState?) throws -> Bool {
        let key = message.claimKey
        guard key.revision > known?.revision ?? 0, try isPressing(key) else { return false }
        let seen = try message.type.copies.first.flatMap { queue in
            let observed = message.claimKey(observedIn: queue)
            return try subjectState(family: observed.family, subject: observed.subject)
        }
        if let seen, seen.revision == key.revision, seen.hash == key.hash { return true }
        try endPressing(family: key.family, subject: key.subject, revision: key.revision)
        return false
    }
}
