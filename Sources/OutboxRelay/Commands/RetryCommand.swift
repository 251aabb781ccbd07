internal import ArgumentParser
internal import Fleet

/// `outbox-relay retry`.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Lets refused rows be published after all.",
        discussion: """
            Correct the rows first, with an UPDATE of data, subject, type or revision; what is still wrong is refused \
            again. A row keeps its message id. What its subject has sent since is newer and stays in force.

            Examples:
              outbox-relay retry 17
              outbox-relay retry --all
            """)

    @Argument(help: "The ids of the rows, as `outbox-relay status` lists them.")
    var ids: [Int64] = []
    @Flag(help: "Every refused row.")
    var all = false
    @Option(help: "The configuration file; else stevedore.yaml in the working directory, if there is one.")
    var config: String?

    func validate() throws {
        guard all != !ids.isEmpty else { throw ValidationError("Name the rows by their ids, or say --all.") }
    }

    func run() async {
        await ProgramLauncher.run("outbox-relay") { () throws(ProgramError) in
            let path = try ProgramLauncher.configuration(file: config).outboxPath()
            let wanted = all ? nil : Set(ids).sorted()
            let retried = try await OutboxDatabase.use(path) { try await $0.retry(wanted) }
            Terminal.say("\(Count.text(retried.count, "row waits", "rows wait")) to be published again.")
            let others = (wanted ?? []).filter { !retried.contains($0) }
            guard others.isEmpty else { throw .notRefused(others) }
        }
    }
}

extension ProgramError {
    fileprivate static func notRefused(_ ids: [Int64]) -> ProgramError {
        let names = ids.map(String.init).joined(separator: ", ")
        return ProgramError(
            code: "outbox.not-refused",
            sentence: ids.count == 1 ? "Row \(names) is not refused." : "The rows \(names) are not refused.",
            remedy: "`outbox-relay status` lists those that are.", exit: .failure)
    }
}
