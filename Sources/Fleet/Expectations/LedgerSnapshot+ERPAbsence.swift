package import Ledger
internal import Models

extension LedgerSnapshot {
    /// Since when and why the ERP is out of reach, as far as the ledger says: a worker has paused a flow to it, and none goes
    /// on with that flow, or every stream that a feed reads waits, or it is planned. Nil when nobody says so, also because
    /// nobody runs who would.
    package func erpAbsence(now: Int64) throws -> ExpectationClock.Stop? {
        let flows = Set(Catalogue.types.filter { $0.direction == .toERP }.map(\.queue))
        let positions = try FlowPosition.all(self)
        let pauses = try FlowPause.all(self, now: now).filter { pause in
            flows.contains(pause.queue) && !positions.contains { $0.goesOn(beside: pause, now: now) }
        }
        if let pause = pauses.first {
            return ExpectationClock.Stop(since: pause.since, reason: "\(pause.queue) is paused: \(pause.reason)")
        }
        if let window = try maintenanceWindow(standingFor: FlowBacklog.erp, at: now) {
            return ExpectationClock.Stop(since: window.startsAt, reason: window.failure.sentence)
        }
        let waits = try FeedWait.all(self, now: now)
        let streams = try waits.isEmpty ? [] : streamsInHand(now: now)
        guard let first = waits.first, !streams.isEmpty, streams.isSubset(of: Set(waits.map(\.stream))) else {
            return nil
        }
        return ExpectationClock.Stop(since: first.since, reason: "the feed waits with all it reads: \(first.reason)")
    }

    /// The streams that a process reads now, or tries to.
    private func streamsInHand(now: Int64) throws -> Set<String> {
        Set(try feedStreams().filter { try isMaintained(FeedCursor.lease(of: $0), now: now) })
    }

    /// Every stream that was ever read; none before a feed has run.
    private func feedStreams() throws -> [String] {
        let isThere = try first("SELECT 1 FROM sqlite_schema WHERE name = 'feed_cursor'") { $0.integer(0) }
        return try isThere == nil ? [] : query("SELECT DISTINCT stream FROM feed_cursor") { $0.text(0) }
    }

    /// Whether a stream, and each whose name begins with it and a slash, is read to its end: a process has it in hand, and
    /// nothing keeps it waiting. A poll that finds nothing leaves no trace of its own.
    package func isFeedRead(_ stream: String, now: Int64) throws -> Bool {
        let streams = try streamsInHand(now: now).filter { $0 == stream || $0.hasPrefix(stream + "/") }
        let waiting = Set(try FeedWait.all(self, now: now).map(\.stream))
        guard !streams.isEmpty, streams.isDisjoint(with: waiting) else { return false }
        return try streams.allSatisfy { try feedCursor($0, .live)?.finishedAt != nil }
    }
}

extension FlowPosition {
    /// What a worker had in hand when it paused counts as taken for so long, in microseconds.
    private static let inHand: Int64 = 60_000_000

    /// Whether others take from the queue that one worker has paused: then that one alone cannot reach what it calls. What
    /// was taken in the future was so before the clock was set back.
    fileprivate func goesOn(beside pause: FlowPause, now: Int64) -> Bool {
        let (span, isAbsurd) = takenAt.subtractingReportingOverflow(pause.since)
        return queue == pause.queue && takenAt <= now && !isAbsurd && span > Self.inHand
    }
}
