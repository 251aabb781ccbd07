internal import ArgumentParser
internal import Fleet

/// `stevedore outages show`.
struct OutagesShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one outage: why, who asks, what waits, what it is worth, until when.",
        discussion: """
            Without a number it is the outage that stands, or else the last one; of several that of erp, and the others \
            are named. What waits is counted by the broker; \
            without the broker the rest is shown all the same. Orders and what they are worth are those that the store \
            has noted and the ERP has not answered; orders that are dead letters wait for a person, and are counted \
            apart. IN HAND is what workers have taken and not answered: with amqp.management all of it, else what they are \
            calling for. When the outage is over, the same page is its report.

            How fast the backlog will be worked off is taken from how it has shrunk since the end; before the end from \
            the last outage that was watched, or else from the busiest minute of the hour before. It says which.

            Examples:
              stevedore outages show
              stevedore outages show --watch
              stevedore outages show 3 --json
              stevedore outages show 3 --html outage.html

            Exit codes: 0 shown, 1 no such outage, 64 usage, 69 ledger busy, 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Write a page for a browser to this file, with the backlog as a chart.")
    var html: String?

    @Flag(help: "Show it again every 2 seconds, until all that waited is worked off or Ctrl-C.")
    var watch = false

    @Argument(help: "The outage's number, as `stevedore outages` shows it.")
    var number: Int64?

    func validate() throws {
        if let number, number < 1 { throw ValidationError("outages are numbered from 1") }
        if let html, html.isEmpty { throw ValidationError("--html needs the name of a file") }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let look = OutageLook(configuration: try settings.load(), number: number)
            var sight = try await look.read()
            if sight.report.needsSecondLook, !watch {
                guard (try? await Task.sleep(for: .seconds(1))) != nil else { return }
                sight = try await look.read(after: sight.report)
            }
            try show(sight)
            if watch { try await renew(sight.report, look) }
            if let html { remark("the page is written to \(InertText.line(html))") }
        }
    }

    /// How long a look is shown with --watch, in tenths of a second.
    private static let interval = 20

    private func renew(_ first: OutageReport, _ look: OutageLook) async throws(ProgramError) {
        let interruption = Interruption()
        let listening = await interruption.listen()
        defer { listening.cancel() }
        var report = first
        while !report.isDrained {
            for _ in 0..<Self.interval where !interruption.isRequested {
                guard (try? await Task.sleep(for: .milliseconds(100))) != nil else { return }
            }
            if interruption.isRequested { return }
            do throws(ProgramError) {
                let sight = try await look.read(after: report)
                report = sight.report
                try show(sight)
            } catch {
                // A ledger that is busy is a thing to watch, not the end of watching.
                guard error.exit == .unavailable else { throw error }
                remark(error.sentence)
            }
        }
    }

    private func show(_ sight: OutageLook.Sight) throws(ProgramError) {
        let report = sight.report
        if let html { try OutagePage(report).write(to: html) }
        guard !output.json else {
            let json = report.json(notes: sight.notes)
            return Terminal.say(watch ? json.compact : json.pretty())
        }
        let notes = sight.notes.isEmpty ? "" : "\n" + sight.notes.map { $0 + "\n" }.joined()
        Terminal.write(clearing + report.text(width: Terminal.width(of: .output)) + notes)
    }

    /// On a terminal each look replaces the last.
    private var clearing: String { watch && Terminal.isInteractive(.output) ? "\u{1B}[H\u{1B}[2J" : "" }
}
