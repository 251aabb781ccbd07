internal import ArgumentParser
internal import Fleet

/// `stevedore status`.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Shows what waits where: queues, workers, dead letters, outbox, feed.",
        discussion: """
            Looks only; nothing is taken from a queue. Run it where the ledger is to see the outbox and ages too. A \
            broker does not tell how long its messages wait: OLDEST is an upper limit, the age of the message that a \
            worker took last, and ? where no worker has taken any. orders.taken has a copy of every order that waits \
            to be noted as sold, which lowers what the store may promise before the ERP has answered. The feed's line \
            says which streams of the ERP's changes are read to their end, and how far the others are. quotes.to-erp has \
            the questions that wait for an answer; its WORKERS are the programs that answer.

            RETRYING has what the broker counts. What it could not hand back to a full queue it keeps for minutes, and \
            only its management plugin counts that: set amqp.management to see it. Else it is said below where the \
            ledger knows that it was to be back, by the newest 20,000 steps in the journal.

            Examples:
              stevedore status
              stevedore status --watch
              stevedore status --json

            Exit codes: 0 shown, 69 broker unavailable, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Flag(help: "Show it again and again, until Ctrl-C.")
    var watch = false

    @Option(help: "Seconds between two looks with --watch.")
    var every = 2.0

    func validate() throws {
        guard every >= 0.2 && every <= 3_600 else { throw ValidationError("--every is from 0.2 to 3600 seconds") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let reader = StatusReader(configuration: try settings.load())
            show(try await reader.read())
            while watch {
                guard (try? await Task.sleep(for: .seconds(every))) != nil else { return }
                do throws(ProgramError) {
                    show(try await reader.read())
                } catch {
                    // A broker that restarts is a thing to watch, not the end of watching.
                    guard error.exit == .unavailable else { throw error }
                    show(error)
                }
            }
        }
    }

    private func show(_ status: FleetStatus) {
        guard !output.json else { return Terminal.say(watch ? status.json.compact : status.json.pretty()) }
        Terminal.write(clearing + status.text(width: Terminal.width(of: .output)))
    }

    private func show(_ error: ProgramError) {
        output.json ? remark(error.sentence) : Terminal.say(clearing + error.sentence)
    }

    /// On a terminal each look replaces the last.
    private var clearing: String { watch && Terminal.isInteractive(.output) ? "\u{1B}[H\u{1B}[2J" : "" }
}
