internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models
#if canImport(Glibc)
    internal import Glibc
#endif

/// `stevedore expectations drop`.
struct ExpectationsDropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Waits no longer for what will not happen any more.",
        discussion: """
            For an object whose message is lost for good, or whose answer came on another way: what is expected of it under \
            this name, waiting or missed, is dropped, and its alert ends when nothing else is missed. It stays dropped \
            when the same message is tried or replayed again; a newer revision, or more that is said to be shipped, \
            is expected anew. It is written down who did it, when and why.

            Examples:
              stevedore expectations drop order-answered W-10044 --reason "the buyer placed it anew as W-10051"
              stevedore expectations drop order-tracked W-10044 --reason "picked up by the buyer" --by anna

            Exit codes: 0 dropped, 1 nothing of it is expected or no such name, 64 usage, 69 ledger busy, 78 \
            configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Why nobody has to wait for it any more.")
    var reason: String

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    @Argument(help: "The expectation's name, as `stevedore expectations` shows it.")
    var name: String

    @Argument(help: "The object's business key: an order's number.")
    var subject: String

    func validate() throws {
        if name.isEmpty { throw ValidationError("say which expectation: its name") }
        if subject.isEmpty { throw ValidationError("say of what: an order's number") }
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must say something") }
        if reason.utf8.count > 1_000 { throw ValidationError("a reason has at most 1000 bytes") }
        if by.allSatisfy(\.isWhitespace) { throw ValidationError("--by must say something") }
        if by.count > 120 { throw ValidationError("--by has at most 120 characters") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let configuration = try settings.load()
            let drop = ExpectationDrop(
                name: name, subject: subject, by: by, reason: reason, now: Timestamp.now().microseconds,
                declared: configuration.expectations.map(\.name))
            let count = try await write(drop, at: configuration.ledgerPath)
            Terminal.write(output.json ? drop.json(count).pretty() + "\n" : drop.text(count))
        }
    }

    private func write(_ drop: ExpectationDrop, at path: String) async throws(ProgramError) -> Int {
        guard access(path, F_OK) == 0 else { throw .noExpectationLedger(path) }
        do {
            let ledger = try Ledger.open(path: path)
            let count = try await ledger.write { try $0.perform(drop) }
            await ledger.close()
            return count
        } catch let error as ProgramError {
            throw error
        } catch let error as LedgerError {
            throw ProgramError(error)
        } catch {
            throw .unexpected(error)
        }
    }
}
