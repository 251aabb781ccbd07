internal import ArgumentParser
internal import Fleet
internal import Models

/// `outbox-relay status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Says what waits, since when, what was refused and why, and who relays.",
        discussion: """
            Needs no broker.

            Examples:
              outbox-relay status
              outbox-relay status --json
            """)

    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?
    @Option(help: "How many refused rows are shown at most.")
    var limit = 20
    @Flag(help: "Writes JSON.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is at least 1") }
    }

    func run() async {
        await ProgramLauncher.run("outbox-relay") { () throws(ProgramError) in
            let path = try ProgramLauncher.configuration(file: config).outboxPath()
            let status = try await OutboxDatabase.use(path) { [limit] database in
                OutboxStatus(
                    counts: try await database.counts(), refused: try await database.refused(limit: limit),
                    relay: RelayLock.holder(of: path), now: .now())
            }
            json ? Terminal.say(status.json.pretty()) : Terminal.write(status.text)
        }
    }
}
