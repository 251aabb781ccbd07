internal import ERP
internal import Fleet
internal import Ledger
internal import Logging
internal import Models

/// Reads one stream page by page and tells what is new in it.
///
/// A page's cursor is written down only when everything in the page is confirmed by the broker, or in the outbox beside
/// that cursor. So whatever is killed, a page is told again rather than left out; who receives it tells copies by their
/// revision.
struct StreamReader: Sendable {
    let stream: FeedStream
    let erp: any ERP
    let ledger: Ledger
    let tools: CompanionTools
    let settings: FeedSettings
    let logger: Logger
    /// What all processes know of the ERP.
    let absence: ChangesAbsence
    private let memory = GuardMemory()
    private let pageSize: PageSize

    /// Streams of one process share an `absence`; alone, it has one of its own.
    init(
        stream: FeedStream, erp: any ERP, ledger: Ledger, tools: CompanionTools, settings: FeedSettings,
        absence: ChangesAbsence? = nil, logger: Logger
    ) {
        self.stream = stream
        self.erp = erp
        self.ledger = ledger
        self.tools = tools
        self.settings = settings
        self.logger = logger
        self.absence =
            absence
            ?? ChangesAbsence(
                shared: SharedAbsence(destination: .erpChanges, ledger: ledger, logger: logger), erp: erp)
        pageSize = PageSize(settings.pageSize)
    }

    /// A page, and what becomes of it.
    private struct Verdict {
        var listed: [DatedChange]
        var news: [DatedChange]
        var gaps: Unexplained
        var announcements: [Announcement]
        /// Why it is held back; nil when it is not.
        var alarm: BatchAlarm?
    }

    /// What the ledger has of a page.
    private struct Entry {
        /// Where the stream stands.
        var cursor: FeedCursor
        var hasStatus = false
        /// The number under which the page is held back.
        var batch: Int64?
        var gaps = Unexplained()
    }

    /// Reads a page and moves the cursor behind it; returns the cursor as it stands then. `onDelay` is told why, as often as
    /// the broker does not confirm what was read.
    /// - Throws: ``ERPError``, ``StandingOutage``, and what the ledger or the end of the process throws; the cursor has
    ///   not moved then.
    func step(
        _ cursor: FeedCursor, onDelay: (String) async -> Void = { _ in }
    ) async throws -> FeedCursor {
        // Where the ERP does not say when: what it states now it knew then.
        let now = Timestamp.now()
        var page = try await page(after: cursor.cursor)
        // A poll that finds nothing leaves no trace.
        let isNothing = page.changes.isEmpty && page.unreadable.isEmpty && page.cursor == cursor.cursor
        if isNothing, !page.hasMore, cursor.pass == .live, cursor.finishedAt != nil { return cursor }
        guard !page.hasMore || page.cursor != cursor.cursor else {
            throw ERPError.unavailable("The ERP says that \(stream) has more changes, and does not say where.", .answer)
        }
        page.changes = try await shift(page.changes)
        let verdict = try await judge(page, isForced: cursor.isForced, now: now)
        if verdict.alarm == nil {
            try await tools.announce(verdict.announcements, isRestated: cursor.isForced, onDelay: onDelay)
        }
        var moved = cursor
        moved.cursor = page.cursor
        moved.read += Int64(page.changes.count + page.unreadable.count)
        moved.told += verdict.alarm == nil ? Int64(verdict.news.count) : 0
        moved.remaining = page.remaining.map(Int64.init)
        moved.movedAt = now.microseconds
        moved.finishedAt = page.hasMore ? nil : now.microseconds
        return try await record(verdict, moved, from: cursor)
    }

    private func page(after cursor: String?) async throws -> ERPChanges {
        while true {
            do {
                let limit = pageSize.now
                let page = try await absence.ask { () async throws(ERPError) in
                    try await erp.changes(of: stream.kind, in: stream.warehouse, since: cursor, limit: limit)
                }
                pageSize.grow()
                return page
            } catch let error as ERPError {
                guard case .unavailable(_, .length) = error, pageSize.shrink() else { throw error }
                logger.info("shorter pages", metadata: ["stream": "\(stream)", "changes": "\(pageSize.now)"])
            }
        }
    }

    /// Moves the revisions of what had been gone ahead. By how much is written down first, so that what is told of an object
    /// after a crash is told at the same revision.
    private func shift(_ changes: [DatedChange]) async throws -> [DatedChange] {
        guard !changes.isEmpty else { return changes }
        let (shifts, back) = try await ledger.read { [stream] in try $0.shifts(of: changes, in: stream.description) }
        if !back.isEmpty {
            try await ledger.write { [stream] transaction in
                for subject in back {
                    try transaction.noteBack(subject, in: stream.description, shift: shifts[subject] ?? 0)
                }
            }
        }
        return changes.map { change in
            shifts[change.what.subject].map { change.moved(by: $0) } ?? change
        }
    }

    private func judge(_ page: ERPChanges, isForced: Bool, now: Timestamp) async throws -> Verdict {
        let news = isForced ? page.changes : try await news(in: page.changes)
        let announcements = news.compactMap { $0.what.announcement(at: $0.at ?? now) }
        var verdict = Verdict(
            listed: page.changes, news: news, gaps: Unexplained(page), announcements: announcements)
        guard settings.isGuarded, !news.isEmpty else { return verdict }
        let limits = settings.limits
        let tally = try await ledger.read { try BatchTally(news, limits: limits, shown: $0) }
        // What is told again is mostly as it was, which says nothing of what is new.
        verdict.alarm = isForced ? tally.alarm(limits) : memory.judge(tally, limits, at: now.microseconds)
        return verdict
    }

    /// What has not been told, at this revision or a newer one.
    private func news(in changes: [DatedChange]) async throws -> [DatedChange] {
        guard !changes.isEmpty else { return [] }
        return try await ledger.read { snapshot in
            try changes.filter { change in
                let told = try snapshot.toldRevision(family: change.what.family, subject: change.what.subject)
                return change.what.revision > told
            }
        }
    }

    /// - Returns: where the stream stands then: elsewhere when somebody has moved it since, and then nothing of this page counts.
    private func record(
        _ verdict: Verdict, _ cursor: FeedCursor, from start: FeedCursor
    ) async throws -> FeedCursor {
        let entry = try await ledger.write { [self] transaction -> Entry in
            let stored = try transaction.feedCursor(cursor.stream, cursor.pass)
            if let stored, stored.movedAt != start.movedAt { return Entry(cursor: stored) }
            var entry = Entry(cursor: cursor)
            for change in verdict.news {
                let told = try transaction.toldRevision(family: change.what.family, subject: change.what.subject)
                let isNews = try transaction.noteTold(
                    family: change.what.family, subject: change.what.subject, revision: change.what.revision)
                // A worker may have told a newer state since the page was read.
                let isNewest = isNews || (cursor.isForced && change.what.revision == told)
                guard case .order(let order) = change.what, isNewest else { continue }
                try transaction.tell(order, at: order.changedAt ?? change.at)
                entry.hasStatus = true
            }
            try note(verdict, cursor, in: transaction)
            entry.batch = try verdict.alarm.map { alarm in
                try transaction.park(verdict.announcements, of: cursor.stream, alarm, now: cursor.movedAt)
            }
            entry.gaps = try explain(verdict.gaps, cursor, in: transaction)
            try closeUnseenGaps(cursor, in: transaction)
            if cursor.finishedAt != nil { try transaction.close(&entry.cursor, now: cursor.movedAt) }
            try transaction.save(entry.cursor)
            return entry
        }
        if entry.hasStatus { tools.wakeOutbox() }
        if let batch = entry.batch, let alarm = verdict.alarm { report(batch, alarm) }
        report(entry.gaps)
        if let shortfall = entry.cursor.shortfall(settings.limits) { report(shortfall) }
        return entry.cursor
    }

    /// Keeps in mind what the ERP lists, and at the end of a full read what it does not.
    private func note(_ verdict: Verdict, _ cursor: FeedCursor, in transaction: LedgerTransaction) throws {
        guard missesObjects else { return }
        for change in verdict.listed {
            try transaction.noteListed(change.what, in: cursor.stream, now: cursor.movedAt)
        }
        for one in verdict.gaps.unreadable {
            try transaction.noteListed(unreadable: one.key, in: cursor.stream, now: cursor.movedAt)
        }
        guard cursor.pass == .full, cursor.finishedAt != nil else { return }
        try transaction.endFullRead(
            of: cursor.stream, from: cursor.startedAt, to: cursor.movedAt, isForced: cursor.isForced)
    }

    private func report(_ shortfall: String) {
        logger.error(
            "full read too short",
            metadata: [
                "stream": "\(stream)", "reason": "\(shortfall)",
                "remedy":
                    "See what the ERP does not list any more: what the next one lacks as well may be withdrawn.",
            ])
    }

    func report(_ batch: Int64, _ alarm: BatchAlarm) {
        logger.error(
            "batch parked",
            metadata: [
                "stream": "\(stream)", "batch": "\(batch)", "reason": "\(alarm.reason)",
                "remedy": "See `erp-feed parked show \(batch)`; then release it, or discard it and correct the ERP.",
            ])
    }
}

extension LedgerTransaction {
    /// Tells the store how its order stands, at the next revision of its status.
    fileprivate func tell(_ order: ERPOrder, at time: Timestamp?) throws {
        try settle(order)
        let status = try fedStatus(order.status(revision: 0), version: order.version)
        try enqueue(Announcement(status, as: Catalogue.orderStatus, at: time ?? .now()))
    }
}
