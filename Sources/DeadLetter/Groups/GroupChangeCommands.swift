internal import ArgumentParser
internal import Ledger

/// `dead-letter groups annotate`.
struct GroupsAnnotateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "annotate", abstract: "Gives a group a note; an empty one takes it away.",
        discussion: """
            A note takes the place of the one before, which is said.

            Examples:
              dead-letter groups annotate 0083126e "the supplier sends the new price list on Monday"
              dead-letter groups annotate 0083126e "" --by anna
            """)

    @OptionGroup var group: GroupOptions

    @Argument(help: "What is known of the cause.")
    var text: String

    func validate() throws {
        if text.utf8.count > 1_000 { throw ValidationError("a note has at most 1000 bytes") }
    }

    func run() async {
        let isEmpty = text.allSatisfy(\.isWhitespace)
        await group.make(.note(isEmpty ? nil : text), reason: isEmpty ? "note taken away" : text)
    }
}

/// `dead-letter groups assign`.
struct GroupsAssignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign", abstract: "Says who looks after a group.",
        discussion: """
            Examples:
              dead-letter groups assign 0083126e anna
              dead-letter groups assign 0083126e --nobody
            """)

    @OptionGroup var group: GroupOptions

    @Argument(help: "The person.")
    var who: String?

    @Flag(help: "Nobody any more.")
    var nobody = false

    func validate() throws {
        if (who == nil) != nobody { throw ValidationError("say who, or --nobody") }
        if let who, who.allSatisfy(\.isWhitespace) { throw ValidationError("say who, or --nobody") }
        if let who, who.utf8.count > 200 { throw ValidationError("a name has at most 200 bytes") }
    }

    func run() async {
        await group.make(.assignee(who), reason: who ?? "nobody")
    }
}

/// `dead-letter groups silence`.
struct GroupsSilenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence", abstract: "Leaves a group out of lists for a time; its letters stay as they are.",
        discussion: """
            Examples:
              dead-letter groups silence 0083126e --until 2d
              dead-letter groups silence 0083126e --until 2026-12-01T00:00:00Z
              dead-letter groups silence 0083126e --no
            """)

    @OptionGroup var group: GroupOptions

    @Option(
        help: "How long, such as 12h or 2d, or the time when it ends, such as 2026-12-01T00:00:00Z.",
        transform: { try Moment.future($0) })
    var until: Moment?

    @Flag(name: .customLong("no"), help: "Ends the silence.")
    var ends = false

    func validate() throws {
        if (until == nil) != ends { throw ValidationError("say until when, or --no") }
    }

    func run() async {
        // To the whole second, which is how a person reads it.
        let end = until.map { ($0.microseconds + 999_999) / 1_000_000 * 1_000_000 }
        await group.make(.silence(until: end), reason: end.map { "until \(TimeText.text($0))" } ?? "ended")
    }
}
