internal import Fleet
internal import Ledger
internal import Logging
internal import Models

/// Looks for what people have to know, and says each thing when it begins, when it changes, and when it ends: in the
/// ``AlertBook``, from which people are told, and as an `alert.raised.v1` for whoever else listens.
///
/// It may run in several processes at once. What was said last is in the ledger and is compared in the transaction that
/// says something new, so that nothing is said twice and a killed process leaves nothing unsaid.
struct Watchman: Sendable {
    let ledger: Ledger
    let book: AlertBook
    let posts: [any Watchpost]
    let letters = DeadLetterPost()
    let logger: Logger
    /// What is said of one thing follows what was said before no sooner: a burst is a few messages, not thousands.
    var rest = Duration.seconds(5)
    /// How long what has ended is remembered.
    var memory = Duration.seconds(180 * 86_400)
    private static let causesPerStep = 50

    /// What one look came to.
    struct Round: Sendable {
        /// How many things it said.
        var said = 0
        /// The first thing that could not be looked at, and why; the others were looked at all the same.
        var failure: (any Error)?

        fileprivate mutating func add(_ look: () async throws -> Int) async {
            do { said += try await look() } catch { failure = failure ?? error }
        }
    }

    /// Looks once, at everything; returns how much there was to say.
    func look(at now: Int64 = Timestamp.now().microseconds) async throws -> Int {
        let round = await lookAround(at: now)
        if let failure = round.failure { throw failure }
        return round.said
    }

    /// Looks once, at everything that can be looked at.
    func lookAround(at now: Int64 = Timestamp.now().microseconds) async -> Round {
        var round = Round()
        for post in posts { await round.add { try await look(at: post, now) } }
        await round.add { try await lookAtLetters(now) }
        return round
    }

    // MARK: - What is all there is of its sort

    private func look(at post: any Watchpost, _ now: Int64) async throws -> Int {
        let hasNews = try await ledger.read { snapshot in
            try post.hasNotes(snapshot, now: now) || !(try news(of: post, snapshot, now).isEmpty)
        }
        guard hasNews else { return 0 }
        return try await ledger.write { transaction in
            let items = try news(of: post, transaction, now)
            for item in items { try say(item, in: transaction, now) }
            try post.note(in: transaction, now: now)
            let end = now - Int64(memory / .microseconds(1))
            try transaction.forgetSaid(before: end, limit: 100)
            try transaction.forgetAlerts(before: end, limit: 100)
            return items.count
        }
    }

    /// Something to be said.
    private enum News {
        case holds(Finding, after: Alert?)
        /// It holds as it was said, and somebody looks after it now.
        case attended(Alert, by: String)
        case over(SaidAlert, String)
    }

    private func news(of post: any Watchpost, _ snapshot: LedgerSnapshot, _ now: Int64) throws -> [News] {
        let findings = try post.findings(snapshot, now: now)
        var news = try findings.compactMap { try self.news(of: $0, snapshot, now) }
        let found = Set(findings.map(\.key))
        for key in try snapshot.openSaidKeys(prefix: post.prefix) where !found.contains(key) {
            guard let said = try snapshot.saidAlert(key: key), try !post.mayComeBack(key, snapshot, now: now) else {
                continue
            }
            news.append(.over(said, try post.ending(of: said.alert, snapshot, now: now)))
        }
        return news
    }

    /// Nil when it has been said, or something was said of it a moment ago.
    private func news(of finding: Finding, _ snapshot: LedgerSnapshot, _ now: Int64) throws -> News? {
        let said = try snapshot.saidAlert(key: finding.key)
        guard let said, said.alert.state == .open else { return .holds(finding, after: said?.alert) }
        return finding.isSaid(by: said.alert) || isFresh(said.at, now) ? nil : .holds(finding, after: said.alert)
    }

    /// A clock that was set back makes nothing fresh for ever.
    private func isFresh(_ at: Int64, _ now: Int64) -> Bool {
        (0..<Int64(rest / .microseconds(1))).contains(now - at)
    }

    // MARK: - Dead letters

    private func lookAtLetters(_ now: Int64) async throws -> Int {
        var (last, count) = ("", 0)
        while true {
            let changes = try await ledger.read { [last] snapshot in
                try letters.changes(snapshot, after: last, limit: Self.causesPerStep, now: now) { isFresh($0, now) }
            }
            guard let end = changes.last?.fingerprint else { return count }
            last = end
            count += try await ledger.write { transaction in
                try changes.reduce(0) { try $0 + (settle($1, in: transaction, now) ? 1 : 0) }
            }
            try Task.checkCancellation()
        }
    }

    /// Says what there is to say of a cause; false when that is nothing. What has to be said later is looked at again,
    /// and what somebody else has looked at meanwhile is left to them: they may have seen more.
    private func settle(_ change: DeadLetterPost.Change, in transaction: LedgerTransaction, _ now: Int64) throws -> Bool
    {
        guard try transaction.isUnseen(change.fingerprint, changes: change.changes) else { return false }
        let said = try transaction.saidAlert(key: DeadLetterPost.key(of: change.fingerprint))
        let open = said?.alert.state == .open ? said : nil
        var item: News?
        switch change.standing {
        case .silenced, .tooSoon: return false
        case .muted(let finding):
            guard let item = try news(of: finding, transaction, now) else { return false }
            try say(item, in: transaction, now)
            return true
        case .replayed(let person):
            if let open, let person, open.alert.owner == nil { item = .attended(open.alert, by: person) }
        case .ended(let sentence): item = open.map { .over($0, sentence) }
        case .open(let finding):
            item = try news(of: finding, transaction, now)
            if item == nil, let said, !finding.isSaid(by: said.alert) { return false }
        }
        try transaction.forgetChanges(of: change.fingerprint, upTo: change.changes)
        guard let item else { return false }
        try say(item, in: transaction, now)
        return true
    }

    // MARK: - Saying it

    private func say(_ news: News, in transaction: LedgerTransaction, _ now: Int64) throws {
        let (type, time) = (Catalogue.alertRaised, Timestamp(microseconds: now) ?? .now())
        var alert: Alert
        switch news {
        case .holds(let finding, let said): alert = finding.alert(after: said, revision: 1)
        case .attended(let said, let person): alert = said.attended(by: person)
        case .over(let said, let sentence): alert = said.worst.resolved(sentence, at: time, revision: 1)
        }
        alert.revision = try transaction.nextRevision(family: type.family, subject: alert.key)
        try transaction.noteSaid(alert, now: now)
        try book.enter(alert, in: transaction, now: now)
        try transaction.enqueue(Announcement(alert, as: type, at: time), now: now)
    }
}
