internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// What has become of a repair when its turn came.
enum RepairEnd: Hashable, Sendable {
    /// Its message is in the outbox.
    case sent
    /// It need not be any more, or no message can do it.
    case needless
    /// Something newer was told or applied since the comparison: nothing is sent over that.
    case changed
}

/// How the drift of one stream is repaired: by the messages that the feed, the workers or a replay would send.
struct Repairs: Sendable {
    let stream: ReconcileStream
    let real: Ledger
    let scratch: ScratchLedger
    let hasTables: Bool
    /// When the ERP was asked first, in microseconds since 1970.
    let since: Int64

    /// What a repair of it would do.
    func step(for finding: Finding) async throws -> RepairStep {
        let (kind, subject) = (finding.kind, finding.subject)
        let noted = try await scratch.ledger.read { try $0.notedObject(kind, subject) }
        let (what, keys, isOwnPart) = (finding.what, finding.key.parts, finding.isOwnPart)
        return try await real.read { try step(what, kind, subject, keys, noted, isOwnPart, $0) }
    }

    /// Sends the message that repairs it, unless anybody has told or applied anything of it since it was found: what was read
    /// then may be older than what the store has now.
    func carryOut(_ finding: KeptFinding, _ note: RepairNote, at time: Timestamp) async throws -> RepairEnd {
        let (kind, subject, what, keys) = (finding.kind, finding.subject, finding.what, finding.key.parts)
        let noted = try await scratch.ledger.read { try $0.notedObject(kind, subject) }
        return try await real.write { transaction in
            guard let standing = finding.standing, try isStanding(standing, finding, transaction) else {
                return .changed
            }
            let step = try step(what, kind, subject, keys, noted, finding.isOwnPart, transaction)
            let isSent = try carryOut(step, subject, keys, noted, standing, note, time, transaction)
            return isSent ? .sent : .needless
        }
    }

    private func isStanding(
        _ standing: FleetStanding, _ finding: KeptFinding, _ snapshot: LedgerSnapshot
    ) throws -> Bool {
        let subject = finding.subject
        guard finding.what != .missingInERP else { return try snapshot.standing(ofOrder: subject) == standing }
        guard try snapshot.standing(of: subject, finding.kind.type) == standing else { return false }
        guard finding.what == .orphaned else { return true }
        // One that comes back as it was is no news to a feed, which has seen it all the same.
        return try !snapshot.feedHasSeen(subject, in: stream.description, since: since)
    }

    private func step(
        _ what: Drift.Class, _ kind: ShownKind, _ subject: String, _ keys: [String], _ noted: NotedObject?,
        _ isOwnPart: Bool, _ snapshot: LedgerSnapshot
    ) throws -> RepairStep {
        switch what {
        case .missingInERP: return try snapshot.handover(of: subject, hasTables: hasTables)
        case .orphaned: return try withdrawal(kind, subject, keys, snapshot)
        case .missingInStore, .differing:
            guard let noted else { return .impossible("The ERP has not listed it.") }
            guard kind != .onlineOrder else {
                if isOwnPart, hasTables, let remedy = try snapshot.changedPartRemedy(subject) {
                    return .impossible(remedy)
                }
                return try snapshot.orderRestatement(of: subject, isOwnPart: isOwnPart, hasTables: hasTables)
            }
            return try snapshot.restatement(
                of: subject, kind.type, revision: noted.revision, hash: noted.hash,
                stream: stream.kind.hasWithdrawals ? stream.description : nil)
        }
    }

    private func withdrawal(
        _ kind: ShownKind, _ subject: String, _ keys: [String], _ snapshot: LedgerSnapshot
    ) throws -> RepairStep {
        guard stream.kind.hasWithdrawals else {
            return .impossible("Orders and shipments are never withdrawn: see with the ERP what has become of it.")
        }
        guard hasTables else {
            return .impossible("Only what the store's tables show says how it is withdrawn: delete it in the store.")
        }
        let changes = stream.kind.changes
        let told = try snapshot.toldRevision(family: changes.family, subject: subject)
        let today = String(Timestamp.now().description.prefix(10))
        switch try changes.withdrawal(of: keys, isAgain: false, after: told, today: today, shown: snapshot) {
        case .told: return .withdraw
        case .needless: return .impossible("It is withdrawn already.")
        case .unknown:
            return .impossible("The store has only parts of it, which no message takes away: delete those rows.")
        }
    }

    private func carryOut(
        _ step: RepairStep, _ subject: String, _ keys: [String], _ noted: NotedObject?, _ standing: FleetStanding,
        _ note: RepairNote, _ time: Timestamp, _ transaction: LedgerTransaction
    ) throws -> Bool {
        let now = time.microseconds
        switch step {
        case .impossible: return false
        case .handOver: return try transaction.handOver(subject, note, at: now)
        case .withdraw:
            return try transaction.withdraw(
                keys, of: stream.kind.changes, subject: subject, in: stream.description, note, at: time)
        case .note: return try transaction.noteAgain(subject, note, at: now)
        case .status, .bare: return try restate(noted, standing, note, now, transaction)
        case .whole:
            guard try restate(noted, standing, note, now, transaction) else { return false }
            _ = try transaction.noteAgain(subject, note, at: now)
            return true
        case .tell, .restate, .ahead:
            guard let noted, let change = try Self.payload(noted).flatMap({ ERPChange($0) }) else { return false }
            return try restate(change, step, noted, note, now, transaction)
        }
    }

    private func restate(
        _ noted: NotedObject?, _ standing: FleetStanding, _ note: RepairNote, _ now: Int64,
        _ transaction: LedgerTransaction
    ) throws -> Bool {
        guard let noted, let status = try Self.payload(noted) as? OrderStatus else { return false }
        var unnumbered = status
        unnumbered.revision = 0
        return try transaction.restate(
            unnumbered, version: noted.version, after: standing.told, time: noted.time, note, at: now)
    }

    private func restate(
        _ change: ERPChange, _ step: RepairStep, _ noted: NotedObject, _ note: RepairNote, _ now: Int64,
        _ transaction: LedgerTransaction
    ) throws -> Bool {
        if case .ahead(let revision) = step {
            // How far that is ahead is counted from the ERP's own revision.
            try transaction.restateAhead(
                change.restated(at: noted.version), at: revision, in: stream.description, time: noted.time, note,
                at: now)
            return true
        }
        guard let announcement = change.announcement(at: noted.time) else { return false }
        try transaction.restate(announcement, note, at: now)
        return true
    }

    private static func payload(_ noted: NotedObject) throws -> (any Payload)? {
        try noted.body.map { try MessageReader().read($0).payload }
    }
}

extension LedgerSnapshot {
    /// What a person can do about an order of which the store's row says another thing than it said to the ERP; nil where
    /// it says nothing, which a message can set right.
    fileprivate func changedPartRemedy(_ number: String) throws -> String? {
        guard let shown = try shownPart(ofOrder: number) else { return nil }
        let applied = try subjectState(family: Catalogue.orderPlaced.family, subject: number)?.revision ?? 0
        let next = max(shown.revision, applied)
        return "The store's row says another thing than the ERP was told at that revision: correct the row if it was "
            + "changed by mistake, else publish the order again, at revision \(next < .max ? next + 1 : next)."
    }
}
