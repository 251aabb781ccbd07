internal import ArgumentParser
internal import Fleet

/// `stevedore reconcile`.
struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Compares what the store shows with what the ERP has, and repairs it.",
        discussion: """
            Reads all of the ERP's objects, works out what the store should show of them, and compares that with what it \
            shows: missing on either side, differing, or shown although the ERP does not list it any more. What is on its \
            way, or waits for a person as a dead letter or in a parked batch, is told apart: it is no drift. Neither is what \
            changes while the run reads, nor an order that has come to its end and that the ERP keeps no more.

            Changes nothing without --repair, and says what would be sent. A repair sends ordinary messages through the \
            ordinary workers, so it is as safe as they are; running workers are needed to carry it out. What was told or \
            applied anew since it was compared is left alone, and counted as changed meanwhile. What `stevedore erase` \
            has taken out is explained, and brought back only when --only names it. With --remember \
            the next run knows what is new, and alerts are raised for that alone.

            Examples:
              stevedore reconcile
              stevedore reconcile stock --warehouse EAST
              stevedore reconcile products prices --html drift.html --csv drift.csv
              stevedore reconcile --repair --reason "restored the store from a backup"
              stevedore reconcile orders --repair --only W-1001 --only W-1002 --reason "deleted by mistake"
              stevedore reconcile --remember --json    (from cron: exit code 1 says that something has drifted)

            Exit codes: 0 no drift, or all of it is being repaired; 1 drift was found, or the run failed: it was \
            stopped, or a disk is full; 64 usage, also a warehouse that nobody has or a file that cannot be made, which \
            is found out before anything is compared; 69 ERP or ledger unavailable; 78 configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "What to compare: \(ReconcileKind.allCases.map(\.rawValue).joined(separator: ", ")); else all.")
    var kinds: [ReconcileKind] = []

    @Option(help: "Only this warehouse's stock.")
    var warehouse: String?

    @Option(help: "How long what has changed meanwhile may take to arrive, such as 30s, 2m or 0s.")
    var settle = "30s"

    @Option(help: "How many objects of each kind the report shows; files have all of them.")
    var samples = 10

    @Flag(help: "Send what repairs the drift; else only say what would be sent.")
    var repair = false

    @Option(help: "Why it is repaired; kept for the audit.")
    var reason: String?

    @Option(help: "At most so many repairs a second.")
    var rate = 50.0

    @Option(help: "At most so many repairs.")
    var limit: Int?

    @Option(help: "Repair only this object, by its number as the report has it; may be said more than once.")
    var only: [String] = []

    @Flag(
        help: """
            Go on without asking when more than 1,000 objects are to be repaired, or so many withdrawn that the feed would \
            have a person look (feed.guard.rows-dropped).
            """)
    var yes = false

    @Flag(help: "Keep in mind what has drifted, so that the next run and the alerts know what is new.")
    var remember = false

    @Option(help: "Write every object that is not equal to this file, as CSV.")
    var csv: String?

    @Option(help: "Write the report to this file, as a page for a browser.")
    var html: String?

    func validate() throws {
        guard warehouse == nil || kinds == [.stock] else {
            throw ValidationError("--warehouse goes with the kind stock alone: stevedore reconcile stock --warehouse W")
        }
        guard SettleTime(settle) != nil else {
            throw ValidationError("--settle is a time up to one hour such as 30s, 2m or 0s, not \(settle)")
        }
        guard (0...1_000).contains(samples) else { throw ValidationError("--samples is from 0 to 1000") }
        guard rate > 0 && rate <= 10_000 else { throw ValidationError("--rate is above 0 and up to 10000") }
        if let limit, limit < 1 { throw ValidationError("--limit counts from 1") }
        try validateRepair()
        try validateFiles()
    }

    private func validateRepair() throws {
        let words = reason?.contains { !$0.isWhitespace } ?? false
        if repair && !words { throw ValidationError("--repair needs --reason \"why\": it is kept for the audit") }
        if !repair && (reason != nil || limit != nil || yes || !only.isEmpty) {
            throw ValidationError("--reason, --limit, --only and --yes go with --repair")
        }
        if only.contains(where: \.isEmpty) { throw ValidationError("--only names an object, such as W-1001") }
    }

    /// A file of the name `-`, or two reports of which one is lost, is what nobody wants.
    private func validateFiles() throws {
        for (name, path) in [("--csv", csv), ("--html", html)] where path == "-" || path?.isEmpty == true {
            throw ValidationError("\(name) takes the name of a file, such as drift.\(name.dropFirst(2))")
        }
        guard let csv, let html, ReportFile.place(csv) == ReportFile.place(html) else { return }
        throw ValidationError("--csv and --html name the same file, and only one report would be left of two")
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            try await Reconciliation(command: self, configuration: try settings.load()).run()
        }
    }
}

/// How long what is on its way may take.
struct SettleTime: Hashable, Sendable {
    let duration: Duration

    /// A whole number and `ms`, `s`, `m` or `h`; nil for anything else, and for more than an hour.
    init?(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units: [Substring: Duration] = [
            "ms": .milliseconds(1), "s": .seconds(1), "m": .seconds(60), "h": .seconds(3_600),
        ]
        guard let number = Int(digits), number <= 3_600_000, let unit = units[text.dropFirst(digits.count)] else {
            return nil
        }
        duration = unit * number
        guard duration <= .seconds(3_600) else { return nil }
    }
}
