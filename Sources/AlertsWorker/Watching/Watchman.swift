internal import Fleet
internal import Ledger
internal import Logging
internal import Models

/// Looks for what people have to know, and says each thing as an `alert.raised.v1`: when it begins, when it changes, and
/// when it ends.
///
/// It may run in several processes at once. What was said last is in the ledger and is compared in the transaction that
/// says something new, so that nothing is said twice and a killed process leaves nothing unsaid.
struct Watchman: Sendable {
    let ledger: Ledger
    let posts: [any Watchpost]
    let letters = DeadLetterPost()
    let logger: Logger
    /// What is said of one thing follows what was said before no sooner: a burst is a few messages, not thousands.
    var rest = Duration.seconds(5)
    /// How long what has ended is remembered.
    var memory = Duration.seconds(180 * 86_400)
    private static let causesPerStep = 50

    /// Looks once, at everything; returns how many messages that made.
    func look(at now: Int64 = Timestamp.now().microseconds) async throws -> Int {
        try await lookAtPosts(now) + lookAtLetters(now)
    }

    // MARK: - What is all there is of its sort

    private func lookAtPosts(_ now: Int64) async throws -> Int {
        let hasNews = try await ledger.read { snapshot in
            try posts.contains { !(try news(of: $0, snapshot, now).isEmpty) }
        }
        guard hasNews else { return 0 }
        return try await ledger.write { transaction in
            var count = 0
            for post in posts {
                for item in try news(of: post, transaction, now) {
                    try say(item, in: transaction, now)
                    count += 1
                }
            }
            let end = now - Int64(memory / .microseconds(1))
            try transaction.forgetSaid(before: end, limit: 100)
            try transaction.forgetAlerts(before: end, limit: 100)
            return count
        }
    }

    /// Something to be said.
    private enum News {
        case holds(Finding, after: Alert?)
        case over(SaidAlert, String)
    }

    private func news(of post: any Watchpost, _ snapshot: LedgerSnapshot, _ now: Int64) throws -> [News] {
        let findings = try post.findings(snapshot, now: now)
        var news = try findings.compactMap { try self.news(of: $0, snapshot, now) }
        let found = Set(findings.map(\.key))
        for key in try snapshot.openSaidKeys(prefix: post.prefix) where !found.contains(key) {
            guard let said = try snapshot.saidAlert(key: key) else { continue }
            news.append(.over(said, post.ending(of: said.alert, now: now)))
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
            let changes = try await ledger.read { [last] in
                try letters.changes($0, after: last, limit: Self.causesPerStep, now: now)
            }
            guard let end = changes.last?.fingerprint else { return count }
            last = end
            count += try await ledger.write { transaction in
                try changes.reduce(0) { try $0 + (settle($1, in: transaction, now) ? 1 : 0) }
            }
            try Task.checkCancellation()
        }
    }

    /// Says what there is to say of a cause; false when that is nothing. What has to be said later is looked at again.
    private func settle(_ change: DeadLetterPost.Change, in transaction: LedgerTransaction, _ now: Int64) throws -> Bool
    {
        let key = DeadLetterPost.prefix + change.fingerprint
        let said = try transaction.saidAlert(key: key)
        let isOpen = said?.alert.state == .open
        var item: News?
        switch change.standing {
        case .silenced: return false
        case .replayed: break
        case .ended(let sentence): item = isOpen ? said.map { .over($0, sentence) } : nil
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
        let type = Catalogue.alertRaised
        let alert: Alert
        switch news {
        case .holds(let finding, let said):
            alert = finding.alert(
                after: said, revision: try transaction.nextRevision(family: type.family, subject: finding.key))
        case .over(let said, let sentence):
            let time = Timestamp(microseconds: now) ?? .now()
            alert = said.worst.resolved(
                sentence, at: time,
                revision: try transaction.nextRevision(family: type.family, subject: said.alert.key))
        }
        try transaction.noteSaid(alert, now: now)
        try transaction.enqueue(Announcement(alert, as: type, at: Timestamp(microseconds: now) ?? .now()))
    }
}
