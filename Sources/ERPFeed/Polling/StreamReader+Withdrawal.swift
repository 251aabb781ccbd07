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

    /// After a full read: leaves out what need not be told, and decides whether a person has to look at the rest. Nil when
    /// nothing is to be withdrawn.
    func planWithdrawal() async throws -> WithdrawalPlan? {
        guard missesObjects, try await isListed() else { return nil }
        try await leaveOutNeedless()
        let (known, missing, wasMany) = try await ledger.read { [stream] in
            try $0.listedCount(in: stream.description)
        }
        let limits = settings.limits
        let isMany = missing >= limits.minimum && missing * 100 > known * limits.rowsDropped
        if isMany != wasMany, isMany || missing == 0 {
            try await ledger.write { [stream] in try $0.setMany(isMany, in: stream.description) }
        }
        guard missing > 0 else { return nil }
        let share = "\(Count.grouped(missing)) of \(Count.grouped(known)) are not listed any more"
        return WithdrawalPlan(
            reason: isMany
                ? "\(share) (at most \(limits.rowsDropped) %)." : wasMany ? "\(share), the rest of many." : nil)
    }

    /// Tells the store a page of what is gone, by the outbox, or has a person look at it first. Returns the plan for the next
    /// page; nil when this was the last.
    func withdrawPage(_ plan: WithdrawalPlan) async throws -> WithdrawalPlan? {
        let page = try await missingPage(after: plan.last)
        guard let last = page.last else {
            if plan.reason != nil {
                try await ledger.write { [stream] in try $0.setMany(false, in: stream.description) }
            }
            return nil
        }
        let now = Timestamp.now()
        let announcements = page.changes.compactMap { $0.announcement(at: now) }
        let alarm = page.alarm(plan.reason)
        let batch = try await ledger.write { [self] transaction -> Int64? in
            for change in page.changes {
                try transaction.noteTold(family: change.family, subject: change.subject, revision: change.revision)
            }
            try note(page, now, in: transaction)
            guard let alarm, !announcements.isEmpty else {
                for announcement in announcements { try transaction.enqueue(announcement) }
                return nil
            }
            return try transaction.park(announcements, of: stream.description, alarm, now: now.microseconds)
        }
        if let batch, let alarm { report(batch, alarm) } else { reportGone(page.changes) }
        return WithdrawalPlan(reason: plan.reason, last: last)
    }

    private func note(_ page: MissingPage, _ now: Timestamp, in transaction: LedgerTransaction) throws {
        let needless = Set(page.needless)
        for object in page.gone {
            try transaction.noteGone(object, in: stream.description, isTold: !needless.contains(object))
        }
        for object in page.unknown {
            try transaction.waitFor(object, in: stream.description, now: now.microseconds)
        }
    }

    /// An ERP may answer for a warehouse that it does not have any more, and have nothing to list.
    private func isListed() async throws -> Bool {
        guard let warehouse = stream.warehouse else { return true }
        return try await erp.warehouses().contains(warehouse)
    }

    private func leaveOutNeedless() async throws {
        var last = ""
        while true {
            try Task.checkCancellation()
            var page = try await missingPage(after: last)
            guard let end = page.last else { return }
            last = end
            page.gone = page.needless
            guard !page.gone.isEmpty || !page.unknown.isEmpty else { continue }
            try await ledger.write { [self, page] in try note(page, .now(), in: $0) }
        }
    }

    private func missingPage(after last: String) async throws -> MissingPage {
        try await ledger.read { [self] snapshot in
            let objects = try snapshot.missingObjects(in: stream.description, after: last, limit: settings.pageSize)
            return try MissingPage(objects, of: stream.kind, settings.limits, shown: snapshot)
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

/// How what is gone is told.
struct WithdrawalPlan: Sendable {
    /// Why a person has to look at all of it; nil when none has to.
    var reason: String?
    /// The subject of the last object that has been told.
    var last = ""
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
    /// The subject of the last of all; nil when nothing is missing.
    var last: String?
    /// Why it looks like a mistake by itself.
    private var tally: BatchAlarm?

    init(
        _ objects: [MissingObject], of kind: ERPChangeKind, _ limits: GuardLimits, shown snapshot: LedgerSnapshot
    ) throws {
        let today = String(Timestamp.now().description.prefix(10))
        for object in objects {
            let told = try snapshot.toldRevision(family: kind.family, subject: object.subject)
            switch try object.withdrawal(kind, after: told, today: today, shown: snapshot) {
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
        tally = try BatchTally(changes.map { DatedChange($0) }, limits: limits, shown: snapshot).alarm(limits)
    }

    /// Why a person has to look at it; nil when none has to.
    func alarm(_ reason: String?) -> BatchAlarm? { reason.map { BatchAlarm(reason: $0, diff: lines) } ?? tally }

    private var lines: [String] {
        let lines = changes.prefix(50).map { "\($0.subject): not listed any more" }
        return changes.count > lines.count ? lines + ["and \(changes.count - lines.count) more"] : lines
    }
}
