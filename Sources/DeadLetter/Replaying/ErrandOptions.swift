internal import ArgumentParser
internal import Fleet

/// Which letters are meant, who says so, and why.
struct ErrandOptions: ParsableArguments {
    @Option(help: "Why; written in the journal, and on every copy.")
    var reason: String

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    @Flag(help: "All letters that the filters match.")
    var all = false

    @Flag(help: "Say what would be done; change nothing.")
    var dryRun = false

    @Flag(help: "Do not ask, however many letters are meant.")
    var yes = false

    @Argument(help: "Ids of letters, as `dead-letter list` shows them.")
    var ids: [String] = []

    func check() throws {
        if all == !ids.isEmpty { throw ValidationError("say which: ids, or --all with filters such as --code") }
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must say something") }
        if reason.utf8.count > 1_000 || by.utf8.count > 200 { throw ValidationError("--reason or --by is too long") }
    }
}
