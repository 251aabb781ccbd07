internal import Fleet
internal import Ledger
internal import Models
internal import Storefront

/// What cannot be reached, and work waits for, for longer than a moment. In a planned window that is nothing to tell, and
/// how long something is away counts from its end.
///
/// One alert is told of an outage from its beginning until all that waited for it is worked off: its end is told together
/// with how it went, once.
struct OutagePost: Watchpost {
    var prefix: String { "outage/" }
    /// How long something must be away before anybody has to know: from when that was seen first to when it was last.
    let patience: Duration
    private let sightings = OutageSightings()

    init(patience: Duration) { self.patience = patience }

    func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding] {
        let absences = try self.absences(snapshot, now)
        let beginnings = Self.beginnings(absences, try OutageMemory(snapshot, now: now))
        return try absences.sorted { $0.key < $1.key }.compactMap { place, absences -> Finding? in
            let said = try snapshot.saidAlert(key: Self.key(of: place))?.alert
            let open = said?.state == .open ? said?.raisedAt.microseconds : nil
            // While it is open nothing that has become older or younger is news.
            guard let since = open ?? beginnings[place], open != nil || isLong(absences, since) else { return nil }
            let finding = finding(place, absences.sorted { ($0.since, $0.who) < ($1.since, $1.who) }, since)
            return try staked(finding, place, snapshot, now)
        } + draining(snapshot, besides: Set(absences.keys), now)
    }

    func mayComeBack(_ key: String, _ snapshot: LedgerSnapshot, now: Int64) throws -> Bool {
        let place = try OutageMemory(snapshot, now: now).places.first { Self.key(of: $0) == key }
        // That it is planned from now on is said at once.
        return try place.map { try plan(for: $0, snapshot, now) == nil } ?? false
    }

    func hasNotes(_ snapshot: LedgerSnapshot, now: Int64) throws -> Bool {
        let memory = try OutageMemory(snapshot, now: now)
        return memory.isNews(Self.beginnings(try absences(snapshot, now), memory))
    }

    func note(in transaction: LedgerTransaction, now: Int64) throws {
        let memory = try OutageMemory(transaction, now: now)
        try memory.note(Self.beginnings(try absences(transaction, now), memory), in: transaction)
        try noteTold(in: transaction, now)
    }

    func ending(of alert: Alert, now: Int64) -> String {
        // It is over for some time when that is said: see ``OutageMemory``.
        let span = Age.text(microseconds: max(0, now - alert.raisedAt.microseconds))
        let place = OutagePlace.nameWithin(String(alert.key.dropFirst(prefix.count)))
        return
            "Nothing waits for \(place) any more, \(span) after it began. "
            + "What waited is being worked off where the workers run: `stevedore status` says so."
    }

    func ending(of alert: Alert, _ snapshot: LedgerSnapshot, now: Int64) throws -> String {
        let place = String(alert.key.dropFirst(prefix.count))
        if let window = try plan(for: place, snapshot, now) {
            return "It is planned now that \(OutagePlace.nameWithin(place)) is away, until "
                + "\(OutageReport.time(window.endsAt)) (window \(window.number)). Nothing more is raised about it "
                + "before; should it be away for longer, that is told anew."
        }
        let outages = try OutageEnding(of: place, since: alert.raisedAt.microseconds, snapshot, now: now)
        return try outages.text() ?? ending(of: alert, now: now)
    }

    // MARK: - What is away

    /// Something that cannot be reached, as one flow or stream sees it.
    struct Absence {
        var of: String
        /// What a window is planned for that covers it.
        var destination: String
        var since: Int64
        /// When that was seen last.
        var seen: Int64
        var reason: String
        var remedy: String
        var who: String
        /// It answers, and takes nothing for a time that it has named itself.
        var isSlow = false
    }

    /// By place, without what is planned.
    private func absences(_ snapshot: LedgerSnapshot, _ now: Int64) throws -> [String: [Absence]] {
        let unplanned = try all(snapshot, now).compactMap { try Self.unplanned($0, snapshot, now) }
        return Dictionary(grouping: unplanned, by: \.of)
    }

    /// Whatever the reason.
    func all(_ snapshot: LedgerSnapshot, _ now: Int64) throws -> [Absence] {
        try pauses(snapshot, now) + waits(snapshot, now) + posts(snapshot, now) + ways(snapshot)
            + [try stuckOutbox(snapshot, now)].compactMap(\.self)
    }

    /// Since when each place is away. Whatever asks for a rest now and then is not away in between.
    private static func beginnings(_ absences: [String: [Absence]], _ memory: OutageMemory) -> [String: Int64] {
        var beginnings: [String: Int64] = [:]
        for (place, absences) in absences {
            let known = absences.allSatisfy(\.isSlow) ? nil : memory.since(of: place)
            beginnings[place] = (absences.map(\.since) + [known].compactMap(\.self)).min()
        }
        return beginnings
    }

    /// Whether people have to know of a place that is away since then: it was seen to be away for long enough.
    private func isLong(_ absences: [Absence], _ since: Int64) -> Bool {
        absences.contains { absence in
            let (span, isTooGreat) = absence.seen.subtractingReportingOverflow(since)
            return isTooGreat ? absence.seen > since : span >= Int64(patience / .microseconds(1))
        }
    }

    /// What has waited since then or longer waits for more than a moment.
    private func limit(_ now: Int64) -> Int64 {
        now.subtractingReportingOverflow(Int64(patience / .microseconds(1))).partialValue
    }

    private func pauses(_ snapshot: LedgerSnapshot, _ now: Int64) throws -> [Absence] {
        let pauses = try FlowPause.all(snapshot, now: now)
        guard !pauses.isEmpty else { return [] }
        let (outages, seen) = (try snapshot.outages(limit: 20), try snapshot.pausesSeen())
        return pauses.map { pause in
            let place = OutagePlace.of(pause)
            let isSlow = pause.code.hasSuffix(".slow-down")
            let said = outages.first { $0.destination == place }?.lastSighting(by: pause)
            return Absence(
                of: place, destination: place, since: pause.since,
                seen: isSlow ? now : said ?? seen[[pause.queue, pause.holder]] ?? now, reason: pause.reason,
                remedy: pause.remedy, who: pause.queue, isSlow: isSlow)
        }
    }

    private func waits(_ snapshot: LedgerSnapshot, _ now: Int64) throws -> [Absence] {
        let waits = try FeedWait.all(snapshot, now: now)
        let failures = sightings.lastFailures(of: waits, now: now)
        guard !waits.isEmpty else { return [] }
        let outages = try snapshot.outages(limit: 20)
        return waits.map { wait in
            let isBroker = wait.reason.hasPrefix("The broker")
            let (place, destination) = isBroker ? ("broker", "broker") : ("erp", Self.changes)
            let failure = failures[wait.stream] ?? wait.since
            // Calls have gone well since: the stream has only not been tried again.
            let isOver = [place, destination].contains { name in
                outages.first { $0.destination == name }?.endedAt.map { $0 >= failure } ?? false
            }
            // Of an outage that all know of, it is written down that streams wait, whether or not anybody has asked.
            let standing = outages.first { $0.destination == destination && $0.endedAt == nil }
            return Absence(
                of: place, destination: destination, since: wait.since,
                seen: isOver ? wait.since : min(failure, standing?.seenAt ?? failure), reason: wait.reason,
                remedy: wait.remedy, who: "feed of \(wait.stream)")
        }
    }

    /// What streams are read from.
    private static let changes = SharedAbsence.Destination.erpChanges.rawValue

    /// Posts to the store that wait: because it asks for time, or because it is away.
    private func posts(_ snapshot: LedgerSnapshot, _ now: Int64) throws -> [Absence] {
        guard let backlog = try WebhookBacklog(snapshot, now: now) else { return [] }
        let destination = SharedAbsence.Destination.storeWebhook.rawValue
        var absence = Absence(
            of: "store", destination: destination, since: now, seen: now, reason: "",
            remedy: "See that the store takes posts.", who: "posts to the store")
        if let pause = backlog.pause {
            (absence.since, absence.reason) = (pause.since, pause.reason)
            return [absence]
        }
        guard backlog.waiting > 0, let outage = try snapshot.standingOutage(of: destination) else { return [] }
        (absence.since, absence.seen) = (outage.beganAt, outage.seenAt)
        (absence.reason, absence.remedy) = (outage.reason, outage.remedy)
        return [absence]
    }

    /// Messages that the broker does not take; whether it is away or refuses them, it says itself. The word of its own
    /// outage does not count: it would keep the outage alive. What has waited for a moment only is under way.
    private func stuckOutbox(_ snapshot: LedgerSnapshot, _ now: Int64) throws -> Absence? {
        let oldest = try snapshot.first(
            "SELECT enqueued_at FROM outbox WHERE NOT (type = ? AND subject = ?) ORDER BY sequence LIMIT 1",
            .text(Catalogue.alertRaised.name), .text(Self.key(of: "broker"))
        ) { $0.integer(0) }
        guard let oldest, oldest <= limit(now) else { return nil }
        return Absence(
            of: "broker", destination: "broker", since: oldest, seen: now,
            reason: "Messages that the broker has to take wait to be sent.",
            remedy:
                "See `stevedore status` and `stevedore topology check`: the broker is away, or a queue is full or "
                + "missing.", who: "outbox")
    }

    /// No number that moves by itself stands in the sentence: it would be news at every look.
    private func finding(_ place: String, _ absences: [Absence], _ since: Int64) -> Finding {
        let who = Set(absences.map(\.who)).sorted()
        let shown = who.prefix(5).joined(separator: ", ") + (who.count > 5 ? " and \(who.count - 5) more" : "")
        return Finding(
            key: Self.key(of: place), kind: .outage, severity: .critical, code: "outage.\(place)",
            sentence: "\(OutagePlace.name(place)) cannot be reached, and work waits for it: \(absences[0].reason) "
                + "Waiting: \(shown). Nothing is lost meanwhile.",
            remedy: absences[0].remedy, commands: ["stevedore status"], count: Int64(who.count), since: since,
            last: since)
    }

    static func key(of place: String) -> String { Finding.name("outage/", place) }
}
