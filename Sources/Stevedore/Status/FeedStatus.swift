internal import Fleet
internal import Ledger
internal import Models

/// How far `erp-feed` has read what changes in the ERP, stream by stream.
struct FeedStatus: Hashable {
    /// Reads of what is new and of everything, by stream; none before a feed has run.
    var cursors: [FeedCursor] = []
    /// Whether a process reads now, or did a minute ago.
    var isRead = false
    /// What is held back because it looks like a mistake; nil when nothing is.
    var parked: ParkedBatches?
    /// What cannot be read now.
    var waits: [FeedWait] = []
    /// What of the ERP's objects the store is not told, by stream.
    var gaps: [String: FeedGapCount] = [:]

    /// Whether a feed has come as far as to ask the ERP.
    var hasRun: Bool { !streams.isEmpty || !waits.isEmpty }
    /// Each stream once.
    var streams: [String] { Set(cursors.map(\.stream)).sorted() }
    /// What has more to read than a page.
    var unfinished: [FeedCursor] { cursors.filter { $0.finishedAt == nil } }
    /// Streams of which nothing is left to read.
    var upToDate: [String] {
        Set(streams).subtracting(unfinished.map(\.stream)).subtracting(waits.map(\.stream)).sorted()
    }

    /// A line of the streams that are up to date, of those that are not, and of what some wait for; empty before a feed has
    /// run.
    func text(now: Int64) -> String {
        guard hasRun else { return "" }
        var lines: [String] = []
        if !upToDate.isEmpty { lines.append("\(upToDate.joined(separator: ", ")) up to date") }
        if !unfinished.isEmpty { lines.append(unfinished.map(Self.text).joined(separator: "; ")) }
        lines += FeedWait.groups(waits).map { $0.text(now: now) }
        if let gaps = FeedGapCount(gaps.values).text { lines.append(gaps) }
        return "feed: " + lines.map(InertText.line).joined(separator: "\n      ") + "\n"
    }

    private static func text(_ cursor: FeedCursor) -> String {
        "\(cursor.stream)\(cursor.pass == .full ? " anew" : ""): \(FeedProgress(cursor))"
    }

    /// For programs.
    func json(now: Int64) -> JSONValue {
        guard hasRun else { return .null }
        let gapCount = FeedGapCount(gaps.values)
        return [
            "running": .boolean(isRead), "parkedBatches": .integer(parked?.count ?? 0),
            "unreadable": .integer(gapCount.unreadable), "incomplete": .integer(gapCount.incomplete),
            "streams": .array(
                Set(streams + waits.map(\.stream)).sorted().map { stream in
                    let cursor = (unfinished + cursors.filter { $0.pass == .live }).first { $0.stream == stream }
                    let wait = waits.first { $0.stream == stream }
                    return [
                        "stream": .string(stream), "upToDate": .boolean(upToDate.contains(stream)),
                        "read": .optional(cursor?.read), "remaining": .optional(cursor?.remaining),
                        "movedSecondsAgo": .optional(cursor.map { max(0, now - $0.movedAt) / 1_000_000 }),
                        "waitingSeconds": .optional(wait.map { max(0, now - $0.since) / 1_000_000 }),
                        "waitingFor": .optional(wait?.reason),
                        "unreadable": .integer(gaps[stream]?.unreadable ?? 0),
                        "incomplete": .integer(gaps[stream]?.incomplete ?? 0),
                    ]
                }),
        ]
    }
}

extension LedgerSnapshot {
    /// What a feed has written; nothing where none has run.
    func feedStatus(now: Int64) throws -> FeedStatus {
        let isThere = try first("SELECT 1 FROM sqlite_schema WHERE name = 'feed_cursor'") { $0.integer(0) }
        guard isThere != nil else { return FeedStatus() }
        let cursors = try feedCursors().filter { $0.pass != .lookBack }
        let waits = try FeedWait.all(self, now: now)
        // Before it has read anything a feed has no stream yet, and waits.
        let isRead =
            try !waits.isEmpty || cursors.contains { try isMaintained(FeedCursor.lease(of: $0.stream), now: now) }
        return FeedStatus(
            cursors: cursors, isRead: isRead, parked: try parkedBatchCount(), waits: waits, gaps: try feedGapCounts())
    }
}
