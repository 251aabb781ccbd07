internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `erp-feed status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Says how far each stream has been read, what waits, and what could not be told.",
        discussion: """
            Examples:
              erp-feed status
              erp-feed status --json
            """)

    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?
    @Flag(help: "Writes JSON.")
    var json = false

    func run() async {
        await ProgramLauncher.run("erp-feed") { () throws(ProgramError) in
            let progress = try await FeedLedger.read(ProgramLauncher.configuration(file: config)) { snapshot in
                try StreamProgress(snapshot, now: Timestamp.now().microseconds)
            }
            json ? Terminal.say(progress.json.pretty()) : Terminal.write(progress.text)
        }
    }
}

/// How far all streams have been read.
private struct StreamProgress: Sendable {
    var now: Int64
    var cursors: [FeedCursor]
    var waits: [FeedWait]
    var gaps: [String: FeedGapCount]
    var parked: ParkedBatches?

    init(_ snapshot: LedgerSnapshot, now: Int64) throws {
        self.now = now
        cursors = try snapshot.feedCursors()
        waits = try FeedWait.all(snapshot, now: now)
        gaps = try snapshot.feedGapCounts()
        parked = try snapshot.parkedBatchCount()
    }

    var text: String {
        guard !cursors.isEmpty || !waits.isEmpty else { return "Nothing has been read yet: is `erp-feed` running?\n" }
        return (cursors.isEmpty ? "" : table)
            + FeedWait.groups(waits).map { "\($0.text(now: now)) \(InertText.line($0.remedy))\n" }.joined()
            + (FeedGapCount(gaps.values).text.map { "\($0): see `erp-feed gaps`.\n" } ?? "")
            + (parked.map { "\(Count.text(Int($0.count), "batch is", "batches are")) parked: see `erp-feed parked`.\n" }
                ?? "")
    }

    private var table: String {
        var table = TextTable([.text("STREAM"), .text("PASS"), .text("STATE"), .text("MOVED"), .text("PROGRESS")])
        for cursor in cursors where cursor.pass != .lookBack {
            table.add([
                cursor.stream, cursor.pass.rawValue, state(of: cursor),
                Age.text(microseconds: now - cursor.movedAt) + " ago", FeedProgress(cursor).description,
            ])
        }
        return table.lines().joined(separator: "\n") + "\n"
    }

    private func state(of cursor: FeedCursor) -> String {
        if wait(of: cursor) != nil { return "waiting" }
        return cursor.finishedAt == nil ? "reading" : "up to date"
    }

    private func wait(of cursor: FeedCursor) -> FeedWait? { waits.first { $0.stream == cursor.stream } }

    var json: JSONValue { .array(cursors.map(json)) }

    private func json(_ cursor: FeedCursor) -> JSONValue {
        [
            "stream": .string(cursor.stream), "pass": .string(cursor.pass.rawValue),
            "cursor": cursor.cursor.map { .string($0) } ?? .null,
            "read": .integer(cursor.read), "told": .integer(cursor.told),
            "remaining": cursor.remaining.map { .integer($0) } ?? .null,
            "readBefore": cursor.readBefore.map { .integer($0) } ?? .null,
            "startedAt": .string(text(cursor.startedAt)), "movedAt": .string(text(cursor.movedAt)),
            "finishedAt": cursor.finishedAt.map { .string(text($0)) } ?? .null,
            "waiting": wait(of: cursor).map { wait in
                ["since": .string(text(wait.since)), "reason": .string(wait.reason), "remedy": .string(wait.remedy)]
            } ?? .null,
            "unreadable": .integer(gaps[cursor.stream]?.unreadable ?? 0),
            "incomplete": .integer(gaps[cursor.stream]?.incomplete ?? 0),
        ]
    }

    private func text(_ time: Int64) -> String { Timestamp(microseconds: time)?.description ?? "" }
}
