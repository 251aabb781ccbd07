internal import ERP
internal import Fleet
internal import Ledger
internal import Logging
internal import Models
internal import Storefront

// What the ERP does not list any more. A deletion is no change, so only reading everything shows it.
extension StreamReader {
    /// Whether the objects of this stream are missed when they are not listed: only the store's tables say how to tell it.
    var missesObjects: Bool { settings.isGuarded && settings.fullRead > .zero }

    /// After a full read: leaves out what need not be told, and decides whether a person has to look at the rest. Returns
    /// why; nil when none has to, or nothing is missing.
    func prepareWithdrawal() async throws -> String? {
        guard missesObjects, try await isListed() else { return nil }
        try await leaveOutNeedless()
        let (known, missing) = try await ledger.read { [stream] in try $0.listedCount(in: stream.description) }
        let limits = settings.limits
        guard missing >= limits.minimum, missing * 100 > known * limits.rowsDropped else { return nil }
        try await ledger.write { [stream] in try $0.markMany(in: stream.description) }
        return
            "\(Count.grouped(missing)) of \(Count.grouped(known)) are not listed any more (at most \(limits.rowsDropped) %)."
    }

    /// Tells the store a page of what is gone, by the outbox, or has a person look at it first. Returns whether there may be
    /// more.
    func withdrawPage(_ reason: String?) async throws -> Bool {
        guard missesObjects else { return false }
        let page = try await missingPage()
        guard !page.gone.isEmpty || !page.unknown.isEmpty else { return false }
        let now = Timestamp.now()
        let announcements = page.changes.compactMap { $0.announcement(at: now) }
        let alarm = page.alarm(reason)
        let batch = try await ledger.write { [stream] transaction -> Int64? in
            for change in page.changes {
                try transaction.noteTold(family: change.family, subject: change.subject, revision: change.revision)
            }
            for object in page.gone { try transaction.noteGone(object, in: stream.description) }
            for object in page.unknown { try transaction.waitFor(object, in: stream.description) }
            guard let alarm, !announcements.isEmpty else {
                for announcement in announcements { try transaction.enqueue(announcement) }
                return nil
            }
            return try transaction.park(announcements, of: stream.description, alarm, now: now.microseconds)
        }
        if let batch, let alarm { report(batch, alarm) } else { reportGone(page.changes) }
        return true
    }

    /// An ERP may answer for a warehouse that it does not have any more, and have nothing to list.
    private func isListed() async throws -> Bool {
        guard try await ledger.read({ [stream] in try $0.isAnythingMissing(in: stream.description) }) else {
            return false
        }
        guard let warehouse = stream.warehouse else { return true }
        return try await erp.warehouses().contains(warehouse)
    }

    private func leaveOutNeedless() async throws {
        var last = ""
        while true {
            let page = try await ledger.read { [self, last] snapshot in
                let objects = try snapshot.missingObjects(in: stream.description, after: last, limit: settings.pageSize)
                return try MissingPage(objects, of: stream.kind, settings.limits, shown: snapshot)
            }
            guard let end = page.last else { return }
            last = end
            guard !page.needless.isEmpty || !page.unknown.isEmpty else { continue }
            try await ledger.write { [stream] transaction in
                for object in page.needless { try transaction.noteGone(object, in: stream.description) }
                for object in page.unknown { try transaction.waitFor(object, in: stream.description) }
            }
        }
    }

    private func missingPage() async throws -> MissingPage {
        try await ledger.read { [self] snapshot in
            let objects = try snapshot.missingObjects(in: stream.description, limit: settings.pageSize)
            return try MissingPage(
                objects.filter { $0.isOfMany == objects.first?.isOfMany }, of: stream.kind, settings.limits,
                shown: snapshot)
        }
    }

    private func reportGone(_ changes: [ERPChange]) {
        guard let first = changes.first else { return }
        tools.wakeOutbox()
        logger.notice(
            "gone in the ERP",
            metadata: ["stream": "\(stream)", "objects": "\(changes.count)", "first": "\(first.subject)"])
    }
}

/// Some of what is missing, and how the store is told.
private struct MissingPage: Sendable {
    /// What the store is told, or need not be.
    var gone: [MissingObject] = []
    /// Of that, what it need not be told.
    var needless: [MissingObject] = []
    /// What it does not show yet.
    var unknown: [MissingObject] = []
    var changes: [ERPChange] = []
    /// The subject of the last of all.
    var last: String?
    private var isOfMany = false
    /// Why it looks like a mistake by itself.
    private var tally: BatchAlarm?

    init(
        _ objects: [MissingObject], of kind: ERPChangeKind, _ limits: GuardLimits, shown snapshot: LedgerSnapshot
    ) throws {
        let today = String(Timestamp.now().description.prefix(10))
        for object in objects {
            let told = try snapshot.toldRevision(family: kind.family, subject: object.subject)
            switch try object.withdrawal(kind, revision: told + 1, today: today, shown: snapshot) {
            case .unknown: unknown.append(object)
            case .needless:
                gone.append(object)
                needless.append(object)
            case .told(let change):
                gone.append(object)
                changes.append(change)
            }
        }
        last = objects.last?.subject
        isOfMany = objects.first?.isOfMany ?? false
        tally = try BatchTally(changes.map { DatedChange($0) }, limits: limits, shown: snapshot).alarm(limits)
    }

    /// Why a person has to look at it; nil when none has to.
    func alarm(_ reason: String?) -> BatchAlarm? {
        guard isOfMany else { return tally }
        return BatchAlarm(reason: reason ?? "The rest of many that were not listed any more.", diff: lines)
    }

    private var lines: [String] {
        let lines = changes.map(\.subject).sorted().prefix(50).map { "\($0): not listed any more" }
        return changes.count > lines.count ? lines + ["and \(changes.count - lines.count) more"] : lines
    }
}
