internal import ArgumentParser
internal import Fleet
internal import Ledger
internal import Models

/// `stevedore outages close`.
struct OutagesCloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Has the fleet ask at once whether what is away is back.",
        discussion: """
            The outage is over when calls go well: nobody can say that they do, but the fleet can be told to find out \
            now and not in up to 15 seconds, and not to wait for the end of what was planned. When it is not back, the \
            outage goes on. It is written down who asked for it and why. A window that stands for it ends with that; one \
            that is to come, or that no worker has met, is called off by its own number: `stevedore outages plan \
            --cancel WINDOW`.

            Without a number it is the outage that stands. Of several it is all where one window covers them, as a \
            window for erp covers erp.changes; without a window that of erp, where the others are parts of it. Anything \
            else is to be closed by its number.

            Examples:
              stevedore outages close --because "IT says that the ERP is back"
              stevedore outages close 3 --because "The upgrade is done early" --by anna

            Exit codes: 0 asked for, 1 no such outage stands, 64 usage, 69 ledger busy, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Why, for whoever reads it later.")
    var because: String

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    @Argument(help: "The number under OUTAGE in `stevedore outages`, not a window's; what stands unless said.")
    var number: Int64?

    func validate() throws {
        if let number, number < 1 { throw ValidationError("outages are numbered from 1") }
        if because.allSatisfy(\.isWhitespace) { throw ValidationError("--because must say something") }
        if because.utf8.count > 1_000 { throw ValidationError("a reason has at most 1000 bytes") }
        if by.allSatisfy(\.isWhitespace) { throw ValidationError("--by must say something") }
        if by.count > 120 { throw ValidationError("--by has at most 120 characters") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let closing = OutageClosing(
                number: number, by: by, reason: because, now: Timestamp.now().microseconds)
            let target = try await OutagesLedger.write(try settings.load()) { try $0.perform(closing) }
            Terminal.write(output.json ? closing.json(target).pretty() + "\n" : closing.text(target))
        }
    }
}
