internal import ERP
internal import Fleet
internal import Ledger
internal import Logging
internal import Models

// What the ERP does not list any more. A deletion is no change, so only reading everything shows it.
extension StreamReader {
    /// Whether the objects of this stream are missed when they are not listed: only the store's tables say how to tell it.
    var missesObjects: Bool { settings.isGuarded && settings.fullRead > .zero }

    /// Whether a full read, or the stream itself, has ended, and not all that is missing since has been told.
    func owesWithdrawal(hasEnded: Bool = false) async throws -> Bool {
        guard missesObjects else { return false }
        return try await ledger.read { [stream] in
            try $0.isWithdrawalDue(in: stream.description, hasEnded: hasEnded)
        }
    }

    /// After a full read: leaves out what need not be told, and decides whether a person has to look at the rest. Nil when
    /// nothing is to be withdrawn.
    func planWithdrawal() async throws -> WithdrawalPlan? {
        try await leaveOutNeedless()
        let count = try await ledger.read { [stream] in try $0.listedCount(in: stream.description) }
        let limits = settings.limits
        let isMany = count.missing >= limits.minimum && count.missing * 100 > count.known * limits.rowsDropped
        if isMany != count.isMany, isMany || count.missing == 0 {
            try await ledger.write { [stream] in try $0.setMany(isMany, in: stream.description) }
        }
        guard count.missing > 0 || count.again > 0 else { return nil }
        let share = "\(Count.grouped(count.missing)) of \(Count.grouped(count.known)) are not listed any more"
        return WithdrawalPlan(
            reason: isMany
                ? "\(share) (at most \(limits.rowsDropped) %)." : count.isMany ? "\(share), the rest of many." : nil)
    }

    /// Tells the store a page of what is gone, by the outbox, or has a person look at it first. Returns the plan for the next
    /// page; nil when this was the last.
    func withdrawPage(_ plan: WithdrawalPlan) async throws -> WithdrawalPlan? {
        let now = Timestamp.now()
        let (page, alarm, batch) = try await ledger.write { [self] transaction in
            let page = try missing(after: plan.last, in: transaction)
            let alarm = try page.alarm(plan.reason, settings.limits, shown: transaction)
            try note(page, now, in: transaction)
            for change in page.told.map(\.change) {
                try transaction.noteTold(family: change.family, subject: change.subject, revision: change.revision)
            }
            for one in (alarm == nil ? page.again + page.news : page.again).compactMap({ $0.announcement(at: now) }) {
                try transaction.enqueue(one)
            }
            let batch = try alarm.map { alarm in
                try transaction.park(
                    page.news.compactMap { $0.announcement(at: now) }, of: stream.description, alarm,
                    now: now.microseconds)
            }
            return (page, alarm, batch)
        }
        tools.wakeOutbox()
        if let batch, let alarm { report(batch, alarm) } else { report(gone: page.news) }
        return page.last.map { WithdrawalPlan(reason: plan.reason, last: $0) }
    }

    /// All that is missing is told, or held back.
    func endWithdrawal(_ plan: WithdrawalPlan?) async throws {
        try await ledger.write { [stream] in
            try $0.endWithdrawal(of: stream.description, wasMany: plan?.reason != nil)
        }
    }

    private func note(_ page: MissingObjects, _ now: Timestamp, in transaction: LedgerTransaction) throws {
        for object in page.told.map(\.object) { try transaction.noteGone(object, in: stream.description) }
        try notePassedOver(page, now, in: transaction)
    }

    private func notePassedOver(_ page: MissingObjects, _ now: Timestamp, in transaction: LedgerTransaction) throws {
        for object in page.needless { try transaction.noteGone(object, in: stream.description, isTold: false) }
        for object in page.unknown {
            try transaction.waitFor(object, in: stream.description, now: now.microseconds)
        }
    }

    private func leaveOutNeedless() async throws {
        var last: String? = ""
        while let end = last {
            try Task.checkCancellation()
            last = try await ledger.write { [self] transaction in
                let page = try missing(after: end, in: transaction)
                try notePassedOver(page, .now(), in: transaction)
                return page.last
            }
        }
    }

    /// Found in the transaction that tells it: another process may have read meanwhile that it is there.
    private func missing(after last: String, in transaction: LedgerTransaction) throws -> MissingObjects {
        // One version has many prices, each of which is looked at while others wait for the ledger.
        let limit = stream.kind == .prices ? min(settings.pageSize, 50) : settings.pageSize
        let objects = try transaction.missingObjects(in: stream.description, after: last, limit: limit)
        return try MissingObjects(objects, of: stream.kind, shown: transaction)
    }

    private func report(gone changes: [ERPChange]) {
        guard let first = changes.first else { return }
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
