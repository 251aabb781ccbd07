internal import ArgumentParser
internal import Fleet

/// `stevedore rehearse`.
struct RehearseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse", abstract: "Plays an outage of the ERP at compressed time, and says what would happen.",
        discussion: """
            Starts a broker, a simulated ERP, a ledger and the real workers, all of its own, in a temporary directory on \
            free ports. Warms up, takes the ERP away, sends the orders of the outage, brings the ERP back, lets everything \
            drain while orders go on arriving, and compares every order with the ERP's books and with what the store shows. \
            Nothing that runs on this machine is touched, and nothing is left: Ctrl-C ends everything.

            The outage is played --speed times faster than a real clock, or as fast as this machine publishes. The drain is \
            played at the speed at which this machine's fleet lets the ERP take exactly what it is declared to take, so that \
            ERP and arrivals keep their proportion, and is also worked out for a real clock:
              time to drain = backlog ÷ (ERP calls/s − arrivals/s)
            The ERP takes --erp-calls-per-second, or --erp-at-once ÷ --erp-latency when that is less. Of your settings \
            worker.prefetch, worker.call-prefetch, alerts.outage-after and alerts.rules count; nobody is told anything.

            Examples:
              stevedore rehearse --outage 24h --orders-per-hour 2000 --dry-run
              stevedore rehearse --outage 24h --orders-per-hour 2000 --erp-calls-per-second 10 --html outage.html
              stevedore rehearse --outage 8h --kill-workers 5 --restart-broker
              stevedore rehearse --outage 1h --orders-per-hour 600 --speed 720 --json
              stevedore rehearse --amqp-url amqp://guest:guest@127.0.0.1/rehearsal

            Exit codes: 0 nothing is lost, doubled or wrong, and it drained; 1 not so, or it was stopped; 64 usage, also an \
            ERP that never catches up, a report that cannot be written and a virtual host that is not empty; 69 no \
            RabbitMQ, or no room on the disk; 78 configuration, a missing program.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(
        parsing: .unconditional, help: "How long the ERP is away, such as 90m or 1h30m; 24h unless said.",
        transform: { try RehearsalSpan(typed: $0) })
    var outage = RehearsalSpan(seconds: 86_400)

    @Option(
        parsing: .unconditional, help: "Orders that the store takes in an hour; 2000 unless said.",
        transform: { try RehearsalNumber.read($0, such: "2000") })
    var ordersPerHour = 2_000.0

    @Option(
        parsing: .unconditional, help: "How much faster than a real clock the outage is played; 1440 unless said.",
        transform: { try RehearsalNumber.read($0, such: "1440") })
    var speed = 1_440.0

    @Option(
        parsing: .unconditional, help: "Calls a second that the ERP takes; else only its latency and room say.",
        transform: { try RehearsalNumber.read($0, such: "10") })
    var erpCallsPerSecond: Double?

    @Option(
        parsing: .unconditional, help: "How long the ERP takes for an answer; 50ms unless said.",
        transform: { try RehearsalSpan(typed: $0) })
    var erpLatency = RehearsalSpan(seconds: 0.05)

    @Option(
        parsing: .unconditional, help: "How many calls the ERP has room for at once; 32 unless said.",
        transform: { try RehearsalNumber.count($0, such: "32") })
    var erpAtOnce = 32

    @Option(
        parsing: .unconditional, help: "How many orders-workers; 2 unless said.",
        transform: { try RehearsalNumber.count($0, such: "2") })
    var workers = 2

    @Option(
        parsing: .unconditional, help: "Changes of stock in an hour, which go on arriving.",
        transform: { try RehearsalNumber.read($0, such: "50000") })
    var stockPerHour = 0.0

    @Option(
        parsing: .unconditional, help: "Orders that are changed once; 5% unless said.",
        transform: { try RehearsalShare(typed: $0) })
    var amendments = RehearsalShare(percent: 5)

    @Option(
        parsing: .unconditional, help: "Orders that are called off; 3% unless said.",
        transform: { try RehearsalShare(typed: $0) })
    var cancellations = RehearsalShare(percent: 3)

    @Option(
        parsing: .unconditional, help: "Questions for price and availability in an hour; needs quotes-worker.",
        transform: { try RehearsalNumber.read($0, such: "7200") })
    var quotesPerHour = 0.0

    @Option(
        parsing: .unconditional, help: "How often an orders-worker is killed with kill -9 during the outage.",
        transform: { try RehearsalNumber.count($0, such: "5") })
    var killWorkers = 0

    @Flag(help: "Kill the broker in the middle of the outage, and start it again.")
    var restartBroker = false

    @Option(help: "An empty virtual host to play on, instead of a broker of its own; what is made there is removed.")
    var amqpURL: String?

    @Option(help: "Write the report to this file, as a page for a browser.")
    var html: String?

    @Flag(help: "Keep ledger, the ERP's books and logs.")
    var keep = false

    @Option(help: "The same seed makes the same orders.")
    var seed: UInt64 = 1

    @Flag(help: "Only work it out; run nothing. Exit code 1 when the backlog would never drain.")
    var dryRun = false

    func validate() throws {
        if let fault = plan.fault { throw ValidationError(fault) }
        if restartBroker && amqpURL != nil {
            throw ValidationError("--restart-broker kills the rehearsal's own broker, and --amqp-url names another one")
        }
        if let html, html == "-" || html.isEmpty {
            throw ValidationError("--html takes the name of a file, such as outage.html")
        }
        guard !dryRun || (html == nil && !keep) else {
            throw ValidationError("--dry-run runs nothing: it has no --html and no --keep")
        }
    }

    /// What is to be rehearsed.
    var plan: RehearsalPlan {
        RehearsalPlan(
            outage: outage.seconds, ordersPerHour: ordersPerHour, speed: speed, amendments: amendments.part,
            cancellations: cancellations.part, stockPerHour: stockPerHour, quotesPerHour: quotesPerHour,
            erp: DeclaredERP(callsPerSecond: erpCallsPerSecond, latency: erpLatency.seconds, atOnce: erpAtOnce),
            workers: workers, kills: killWorkers, restartsBroker: restartBroker, seed: seed)
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            if dryRun { return try work() }
            var options = RehearsalOptions(try settings.load())
            (options.amqpURL, options.isKept) = (amqpURL, keep)
            try await Rehearsal(plan: plan, options: options, html: html, isJSON: output.json).run()
        }
    }

    private func work() throws(ProgramError) {
        output.json ? Terminal.say(plan.arithmeticJSON.pretty()) : Terminal.write(plan.arithmeticText)
        guard plan.projection.seconds == nil else { return }
        throw ProgramError(
            code: "rehearse.never-drains", sentence: "The backlog would never drain.",
            remedy: "It needs an ERP that takes more than what arrives.", exit: .failure)
    }
}
