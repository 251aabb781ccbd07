internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `erp-feed status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Says how far each stream has been read.",
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
            let cursors = try await FeedLedger.read(ProgramLauncher.configuration(file: config)) { snapshot in
                try snapshot.feedCursors()
            }
            if json {
                Terminal.say(JSONValue.array(cursors.map(\.json)).pretty())
            } else {
                Terminal.write(table(cursors))
            }
        }
    }

    private func table(_ cursors: [FeedCursor]) -> String {
        guard !cursors.isEmpty else { return "Nothing has been read yet: is `erp-feed` running?\n" }
        var table = TextTable([.text("STREAM"), .text("PASS"), .text("STATE"), .text("MOVED"), .text("PROGRESS")])
        let now = Timestamp.now().microseconds
        for cursor in cursors where cursor.pass != .lookBack {
            table.add([
                cursor.stream, cursor.pass.rawValue, cursor.finishedAt == nil ? "reading" : "up to date",
                Age.text(microseconds: now - cursor.movedAt) + " ago", FeedProgress(cursor).description,
            ])
        }
        return table.lines().joined(separator: "\n") + "\n"
    }
}

extension FeedCursor {
    fileprivate var json: JSONValue {
        [
            "stream": .string(stream), "pass": .string(pass.rawValue), "cursor": cursor.map { .string($0) } ?? .null,
            "read": .integer(read), "told": .integer(told), "remaining": remaining.map { .integer($0) } ?? .null,
            "readBefore": readBefore.map { .integer($0) } ?? .null,
            "startedAt": .string(Timestamp(microseconds: startedAt)?.description ?? ""),
            "movedAt": .string(Timestamp(microseconds: movedAt)?.description ?? ""),
            "finishedAt": finishedAt.flatMap { Timestamp(microseconds: $0) }.map { .string($0.description) } ?? .null,
        ]
    }
}
