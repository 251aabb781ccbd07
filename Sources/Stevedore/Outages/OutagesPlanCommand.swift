internal import ArgumentParser
internal import Fleet
internal import Models

/// `stevedore outages plan`.
struct OutagesPlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan", abstract: "Declares ahead that something will be away, so that nobody is alarmed.",
        discussion: """
            In that time the fleet calls nothing there: what comes in waits, as in any outage, and no alarm is raised. \
            At its end one worker asks whether it is back. What is still away then is an outage as any other. It is \
            written down who planned it and why.

            A TIME has a date and a zone (2026-03-10T22:00+01:00), or is the next 22:00 on this machine's clock, or \
            +2h from now, or now. How long is 90m, 3h, 1h30m, 1d; at most 7 days.

            Examples:
              stevedore outages plan --from 22:00 --until 01:00 --because "The ERP is upgraded."
              stevedore outages plan --from now --for 30m --because "The firewall is exchanged."
              stevedore outages plan --from +2h --for 10m --destination mail --because "New mail server."
              stevedore outages plan --cancel 4

            --cancel takes the number of a window, under WINDOW in `stevedore outages`, not that of an outage. A window \
            may be planned before the first worker has run: the ledger is made then, where ledger.path says.

            Exit codes: 0 done, 1 there is another one in that time, or none to cancel, 64 usage, 69 ledger busy, 78 \
            configuration.
            """)

    @OptionGroup var settings: SettingsOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "When it begins.", transform: { try PlanTime(typed: $0) })
    var from: PlanTime?

    @Option(help: "When it is over.", transform: { try PlanTime(typed: $0) })
    var until: PlanTime?

    @Option(
        name: .customLong("for"), help: "How long it lasts, instead of --until.",
        transform: { try PlanSpan(typed: $0) })
    var span: PlanSpan?

    @Option(help: "Why, for whoever looks at the outage.")
    var because: String?

    @Option(help: "What will be away: \(WindowDraft.destinations.joined(separator: ", ")); erp covers erp.changes.")
    var destination: String = FlowBacklog.erp

    @Option(help: ArgumentHelp("Calls a planned window off, by the window's number.", valueName: "window"))
    var cancel: Int64?

    @Option(help: "Who; your user name and this machine unless said otherwise.")
    var by: String = Operator.name

    func validate() throws {
        if by.allSatisfy(\.isWhitespace) { throw ValidationError("--by must say something") }
        if by.count > 120 { throw ValidationError("--by has at most 120 characters") }
        if let because, because.allSatisfy(\.isWhitespace) { throw ValidationError("--because must say something") }
        if let because, because.utf8.count > 1_000 { throw ValidationError("a reason has at most 1000 bytes") }
        guard cancel == nil else {
            guard from == nil, until == nil, span == nil else {
                throw ValidationError("--cancel goes without --from, --until and --for")
            }
            return
        }
        if from == nil { throw ValidationError("say when it begins: --from TIME, such as 22:00 or now") }
        if until != nil, span != nil {
            throw ValidationError("--until and --for say the same thing: give one of the two")
        }
        if until == nil, span == nil {
            throw ValidationError("say when it is over: --until TIME, such as 01:00, or --for DURATION, such as 3h")
        }
        if because == nil { throw ValidationError("say why: --because TEXT") }
        guard WindowDraft.destinations.contains(destination) else {
            throw ValidationError("--destination is one of \(WindowDraft.destinations.joined(separator: ", "))")
        }
    }

    func run() async {
        await ProgramLauncher.run("stevedore") { () throws(ProgramError) in
            let now = Timestamp.now().microseconds
            if let cancel { return try await callOff(cancel, now) }
            let plan = try draft(now: now)
            try plan.check()
            let window = try await OutagesLedger.prepareAndWrite(try settings.load()) { try $0.perform(plan) }
            Terminal.write(output.json ? window.json.pretty() + "\n" : WindowText.planned(window, now: now))
        }
    }

    private func callOff(_ number: Int64, _ now: Int64) async throws(ProgramError) {
        let (by, reason) = (by, because ?? "It was called off.")
        let window = try await OutagesLedger.write(try settings.load()) { transaction in
            try transaction.callOff(number, by: by, because: reason, at: now)
        }
        Terminal.write(output.json ? window.json.pretty() + "\n" : WindowText.cancelled(window, now: now))
    }

    /// With the times that are meant now.
    func draft(now: Int64, clock: WallClock = .machine) throws(ProgramError) -> WindowDraft {
        guard let start = from?.microseconds(now: now, after: now, clock: clock) else { throw .noSuchTime }
        let end = span.map { start &+ $0.microseconds } ?? until?.microseconds(now: now, after: start, clock: clock)
        guard let end else { throw .noSuchTime }
        return WindowDraft(
            destination: destination, from: start, until: end, reason: because ?? "", by: by, now: now)
    }
}

extension ProgramError {
    /// Of a time that a change of the clock leaves out.
    fileprivate static var noSuchTime: ProgramError {
        ProgramError(
            code: "outages.window", sentence: "This machine's clock does not show that time on the next two days.",
            remedy: "Name it with its date and zone: 2026-03-10T22:00+01:00.", exit: .usage)
    }
}
