internal import ArgumentParser
internal import Fleet
internal import Ledger

/// `dead-letter export`.
struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Writes dead letters to a file, byte for byte, and leaves them in place.",
        discussion: """
            One JSON object a line: first a header, last a footer with the number of letters and a checksum, between \
            them the letters with all properties, headers and the body (`body`, or `bodyBase64` where it is no text). \
            A file gets its name only once it is whole, and only you may read it: bodies hold personal data. What the \
            queues hold is open; letters in other states, and with --kept also open ones that lie in no queue any \
            more, come from the bodies that the ledger keeps.

            Examples:
              dead-letter export > letters.ndjson
              dead-letter export --flow orders.to-erp --code 'malformed.*' --output malformed.ndjson
              dead-letter export 019ca9e6-1400-7000-8000-000000000001 | jq -r '.body // empty'
              dead-letter export --state discarded --output discarded.ndjson
              dead-letter export --kept --output restore.ndjson

            Exit codes: 0 done, 1 some were not found or out of sight, or it was stopped, 64 usage, 69 broker \
            unavailable, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var filter: LetterFilter

    @Option(name: .shortAndLong, help: "A new file instead of standard output.")
    var output: String?

    @Flag(help: "Replace the file if there is one.")
    var force = false

    @Option(help: "Where their story stands: open, replayed, resolved, discarded or all.")
    var state = "open"

    @Flag(help: "What the ledger keeps instead of what lies in the queues.")
    var kept = false

    @Argument(help: "Ids of letters, as `dead-letter list` shows them; all that the filters match without.")
    var ids: [String] = []

    /// The states that are meant.
    var states: [DeadLetterState] { DeadLetterState(rawValue: state).map { [$0] } ?? DeadLetterState.allCases }

    func validate() throws {
        guard state == "all" || DeadLetterState(rawValue: state) != nil else {
            throw ValidationError("--state is open, replayed, resolved, discarded or all, not \(state)")
        }
        if filter.sources == [.unrouted] && (kept || states != [.open]) {
            throw ValidationError("what is unrouted lies in its queue only: leave --state and --kept out")
        }
        if force && (output == nil || output == "-") { throw ValidationError("--force needs --output") }
    }

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            try await Export(command: self).run()
        }
    }
}
