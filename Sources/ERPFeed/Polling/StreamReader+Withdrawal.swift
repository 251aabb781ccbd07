internal import ERP
internal import Fleet
internal import Ledger
internal import Logging
internal import Models

// What the ERP does not list any more. A deletion is no change, so only reading everything shows it.
extension StreamReader {
    /// Whether the objects of this stream are missed when they are not listed: only the store's tables say how to tell it.
    var missesObjects: Bool { settings.isGuarded && settings.fullRead > .zero }

    /// After a full read: tells the store what is gone, or has a person look at it first when that is much.
    /// - Throws: what the ledger or the end of the process throws; what is not told is told after the next full read.
    func withdraw() async throws {
        guard missesObjects else { return }
        let (known, missing) = try await ledger.read { [self] in try $0.listedCount(in: stream.description) }
        let limits = settings.limits
        let isMuch = missing >= limits.minimum && missing * 100 > known * limits.rowsDropped
        let reason =
            isMuch
            ? "\(Count.grouped(missing)) of \(Count.grouped(known)) are not listed any more (at most \(limits.rowsDropped) %)."
            : nil
        while try await withdrawSome(parkedFor: reason) {}
    }

    /// Returns whether there may be more.
    private func withdrawSome(parkedFor reason: String?) async throws -> Bool {
        let (objects, changes) = try await missing()
        guard !objects.isEmpty else { return false }
        let now = Timestamp.now()
        let announcements = changes.compactMap { $0.announcement(at: now) }
        if reason == nil { try await tools.announce(announcements) }
        let alarm = reason.map { BatchAlarm(reason: $0, diff: Self.lines(changes)) }
        let batch = try await ledger.write { [stream] transaction in
            for change in changes {
                try transaction.noteTold(family: change.family, subject: change.subject, revision: change.revision)
            }
            for object in objects { try transaction.noteGone(object, in: stream.description) }
            guard let alarm, !announcements.isEmpty else { return nil as Int64? }
            return try transaction.park(announcements, of: stream.description, alarm, now: now.microseconds)
        }
        if let batch, let alarm { report(batch, alarm) } else { reportGone(changes) }
        return true
    }

    /// A page of what is missing, and what of it the store has to be told.
    private func missing() async throws -> ([MissingObject], [ERPChange]) {
        try await ledger.read { [stream, settings] snapshot in
            let objects = try snapshot.missingObjects(in: stream.description, limit: settings.pageSize)
            let changes = try objects.compactMap { object -> ERPChange? in
                let told = try snapshot.toldRevision(family: stream.kind.family, subject: object.subject)
                return try object.withdrawn(stream.kind, revision: told + 1, shown: snapshot)
            }
            return (objects, changes)
        }
    }

    private static func lines(_ changes: [ERPChange]) -> [String] {
        let lines = changes.prefix(50).map { "\($0.subject): not listed any more" }
        return changes.count > lines.count ? lines + ["and \(changes.count - lines.count) more"] : lines
    }

    private func reportGone(_ changes: [ERPChange]) {
        guard let first = changes.first else { return }
        logger.notice(
            "gone in the ERP",
            metadata: ["stream": "\(stream)", "objects": "\(changes.count)", "first": "\(first.subject)"])
    }
}
