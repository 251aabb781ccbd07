internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models
#if canImport(Glibc)
    internal import Glibc
#endif

/// `stevedore expectations`.
struct ExpectationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "expectations", abstract: "Says what has to happen by when, and what did not.",
        discussion: """
            Examples:
              stevedore expectations
              stevedore expectations list --all
              stevedore expectations drop order-answered W-10044 --reason "the buyer placed it anew as W-10051"
            """,
        subcommands: [ExpectationsListCommand.self, ExpectationsDropCommand.self],
        defaultSubcommand: ExpectationsListCommand.self)
}

/// `stevedore expectations list`.
struct ExpectationsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists what is declared, how its time runs, what waits and what is missed.",
        discussion: """
            What is declared is in the setting `expectations`; `alerts-worker` watches it, and raises one alert for each \
            name. The time of an expectation stands while the ERP is out of reach (`while: erp`, unless it says `always`) \
            and while nobody watches. What is missed and happens after all is late, and not missed any more. The subject \
            `queue NAME` stands for messages that wait in that queue and that no worker takes.

            Looks only. It reads the ledger, so run it where that is; before the first start, when there is none, it \
            says what is declared.

            Examples:
              stevedore expectations
              stevedore expectations list --all
              stevedore expectations list --json

            Exit codes: 0 shown, 64 usage, 69 ledger busy, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "All that is missed, not the first 20 alone, and what came late or was dropped.")
    var all = false

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let configuration = try settings.load()
            let report = try await read(configuration)
            Terminal.write(
                output.json ? report.json.pretty() + "\n" : report.text(width: Terminal.width(of: .output)))
        }
    }

    private func read(_ configuration: Configuration) async throws(ProgramError) -> ExpectationReport {
        guard access(configuration.ledgerPath, F_OK) == 0 else {
            return ExpectationReport(
                declared: configuration.expectations, withoutLedgerAt: configuration.ledgerPath,
                now: Timestamp.now().microseconds)
        }
        let (declared, limit) = (configuration.expectations, all ? Int.max : ExpectationReport.shown)
        do {
            let ledger = try Ledger.openReadOnly(path: configuration.ledgerPath)
            let report = try await ledger.read { [all] snapshot in
                try ExpectationReport(
                    snapshot, declared: declared, limit: limit, hasEnded: all, now: Timestamp.now().microseconds)
            }
            await ledger.close()
            return report
        } catch let error as LedgerError {
            throw ProgramError(error)
        } catch {
            throw .unexpected(error)
        }
    }
}

extension ProgramError {
    static func noExpectationLedger(_ path: String) -> ProgramError {
        ProgramError(
            code: "expectations.no-ledger",
            sentence: "Nothing has been watched yet: there is no ledger at \(path) (setting ledger.path).",
            remedy: "Run it where the workers' ledger is, or set STEVEDORE_LEDGER_PATH.", exit: .configuration)
    }
}
