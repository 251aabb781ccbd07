internal import Ledger
internal import Logging
internal import Models

/// One worker's part in the circuit breaker that all workers of the fleet share for one called system.
///
/// What is agreed on is the ledger's row (``Outage``), so that workers that come later, or again, know of it. While the
/// ledger cannot be asked everybody waits: without it no message could be handled either.
struct Breaker: Sendable {
    let destination: String
    /// The worker's own name, and its flow's: several flows of one process may call the same system.
    let worker: String
    let ledger: Ledger
    let logger: Logger

    /// The outage that keeps this worker from calling; nil when there is none, or when it is the one that tries.
    func standing() async -> Outage? { await absence().outage }

    /// The same, with the planned window that stands.
    func absence() async -> Absence {
        guard var absence = try? await look(at: Timestamp.now().microseconds) else { return Absence() }
        if let outage = absence.outage, outage.phase != .open, outage.holder == worker { absence.outage = nil }
        return absence
    }

    /// What the ledger says. Writes only when it is the first to see that a planned window has begun.
    private func look(at now: Int64) async throws -> Absence {
        let seen = try await ledger.read { [destination] in try $0.absence(of: destination, at: now) }
        guard seen.isUnmet else { return seen }
        let (absence, isNew) = try await ledger.write { [destination] in
            try $0.meetWindow(of: destination, at: now)
        }
        if isNew, let outage = absence.outage { announce(outage) }
        return absence
    }

    private func announce(_ outage: Outage) {
        if outage.window == nil {
            logger.warning("outage began", metadata: metadata(outage))
        } else {
            logger.notice("planned outage began", metadata: metadata(outage))
        }
    }

    /// A call has failed because the system is away. False when that could not be written down.
    func note(_ failure: Failure) async -> Bool {
        let now = Timestamp.now().microseconds
        let noted = try? await ledger.write { [destination] in
            try $0.noteAbsence(of: destination, because: failure, at: now)
        }
        guard let noted else { return false }
        if noted.isNew { announce(noted.outage) }
        return true
    }

    /// What this worker does now about the outage: in a planned window, nothing. Writes only when it is elected.
    func turn() async -> Outage.Turn {
        let now = Timestamp.now().microseconds
        do {
            let seen = try await look(at: now)
            guard seen.window == nil else { return .wait }
            guard var preview = seen.outage else { return .over }
            guard preview.turn(for: worker, at: now) == .probe else { return .wait }
            return try await ledger.write { [destination, worker] transaction in
                let (absence, _) = try transaction.meetWindow(of: destination, at: now)
                guard absence.window == nil else { return .wait }
                guard var outage = absence.outage else { return .over }
                let turn = outage.turn(for: worker, at: now)
                if turn == .probe { try transaction.save(outage) }
                return turn
            }
        } catch {
            return .wait
        }
    }

    /// The elected worker has asked; nil when the system answers: then this worker tries it.
    /// - Returns: false when a planned window has begun meanwhile, so that nobody tries anything.
    @discardableResult
    func probed(_ failure: Failure?) async -> Bool {
        let now = Timestamp.now().microseconds
        let result = await change { [worker] in $0.probed(by: worker, failure, at: now) }
        guard case .success(let outage?) = result else { return true }
        return outage.phase != .open
    }

    /// How many calls have to go well before everybody works again.
    func wantedAnswers() async -> Int {
        let outage = try? await ledger.read { [destination] in try $0.standingOutage(of: destination) }
        return outage?.wantedAnswers ?? 1
    }

    /// Keeps the place of the one that tries.
    /// - Returns: false when it is not this worker's any more.
    @discardableResult
    func keepTrying() async -> Bool {
        let now = Timestamp.now().microseconds
        let result = await change { [worker] outage in
            if outage.phase == .halfOpen, outage.holder == worker { outage.hold(for: worker, at: now) }
        }
        guard case .success(let outage) = result else { return true }
        return outage?.phase == .halfOpen && outage?.holder == worker
    }

    /// The one that tries ends before anything has come of it: somebody else may ask at once.
    func giveUpTrying() async {
        let now = Timestamp.now().microseconds
        await change { [worker] in $0.abandoned(by: worker, at: now) }
    }

    /// Calls have gone well: everybody may work again. False when that could not be written down.
    func end() async -> Bool {
        let now = Timestamp.now().microseconds
        let ending = await change { [worker] outage in
            // Meanwhile it may have come back, or be another one's to try: then the next look finds it as it is.
            if outage.phase == .halfOpen, outage.holder == worker { outage.ended(at: now) }
        }
        switch ending {
        case .failure: return false
        case .success(let outage):
            if let outage, outage.endedAt != nil { logger.notice("outage ended", metadata: metadata(outage)) }
            return true
        }
    }

    /// Nil when no outage stands. What the ledger does not take, the next turn finds as it was. In a planned window nothing
    /// changes: nobody asks, tries or ends anything before that is over.
    @discardableResult
    private func change(_ body: @escaping @Sendable (inout Outage) -> Void) async -> Result<Outage?, any Error> {
        let now = Timestamp.now().microseconds
        do {
            return .success(
                try await ledger.write { [destination] transaction in
                    let (absence, _) = try transaction.meetWindow(of: destination, at: now)
                    guard absence.window == nil, var outage = absence.outage else { return absence.outage }
                    body(&outage)
                    try transaction.save(outage)
                    return outage
                })
        } catch {
            return .failure(error)
        }
    }

    private func metadata(_ outage: Outage) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "outage": "\(outage.number)", "of": "\(outage.destination)", "code": "\(outage.code)",
            "reason": "\(outage.reason)", "remedy": "\(outage.remedy)", "probes": "\(outage.probes)",
        ]
        // Windows have numbers of their own.
        if let window = outage.window { metadata["window"] = "\(window)" }
        return metadata
    }
}
