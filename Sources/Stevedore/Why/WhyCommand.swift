internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models
#if canImport(Glibc)
    internal import Glibc
#endif

/// `stevedore why`.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Says where an order, or anything else, stands: a verdict, then the evidence.",
        discussion: """
            Takes whatever is at hand: the store's or the ERP's order number, the buyer's purchase-order number, an \
            e-mail address, a tracking or shipment number, a SKU or barcode, an account, a message's id, the \
            fingerprint of a group of dead letters. Says where it is now, what happens next by itself and when, and \
            what to do if nothing does; also when what should have happened did not. Another case, or blanks and \
            hyphens more or less, are read as what they must mean. Of a name that is no object's it says which open \
            dead letters name it: up to 10,000 are looked through, the newest of each cause, and where none of them \
            says so the newest 300 bodies that are kept.

            Looks only. It reads the ledger, so run it where that is; the broker is asked for the length of a queue, \
            and may be away.

            Examples:
              stevedore why W-1001
              stevedore why PO-77120 --all
              stevedore why ana.ruiz@northwind.example
              stevedore why BOLT-M8-40 --json
              stevedore why 12d1d08a3f637da3

            Exit codes: 0 answered, 1 nothing has been heard of it, 64 usage, 69 ledger busy, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "All objects that the name leads to, up to 500, and not the ten newest alone.")
    var all = false

    @Argument(help: "Any number or name of an order, product, account, shipment, message or group of letters.")
    var anything: String

    func validate() throws {
        let typed = WhyQuestion(anything).typed
        guard !typed.isEmpty else { throw ValidationError("say what to ask about, for example an order's number") }
        guard typed.utf8.count <= WhyQuestion.longest else {
            throw ValidationError("no name is longer than \(WhyQuestion.longest) bytes")
        }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let configuration = try settings.load()
            let report = try await read(configuration)
            let told = report.told(by: await QueueLook(configuration: configuration).look(at: report.queues))
            Terminal.write(
                output.json ? told.json.pretty() + "\n" : told.text(width: Terminal.width(of: .output)))
            guard told.isFound else { throw Self.notFound(told) }
        }
    }

    private func read(_ configuration: Configuration) async throws(ProgramError) -> WhyReport {
        guard access(configuration.ledgerPath, F_OK) == 0 else { throw Self.noLedger(configuration.ledgerPath) }
        let reader = WhyReader(
            question: WhyQuestion(anything), isAll: all, adapters: configuration.storefrontAdapters)
        do {
            let ledger = try Ledger.openReadOnly(path: configuration.ledgerPath)
            let report = try await ledger.read { try reader.read($0, now: Timestamp.now().microseconds) }
            await ledger.close()
            return report
        } catch let error as LedgerError {
            throw ProgramError(error)
        } catch {
            throw .unexpected(error)
        }
    }

    /// The report says it all; this is for the exit code and the log.
    private static func notFound(_ report: WhyReport) -> ProgramError {
        ProgramError(
            code: "why.not-found", sentence: "Nothing has been heard of \(InertText.line(report.question.typed)).",
            remedy: "", exit: .failure)
    }

    private static func noLedger(_ path: String) -> ProgramError {
        ProgramError(
            code: "why.no-ledger", sentence: "There is no ledger at \(path) (setting ledger.path).",
            remedy: "Run it where the workers' ledger is, or set STEVEDORE_LEDGER_PATH.", exit: .configuration)
    }
}
