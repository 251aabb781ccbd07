internal import Fleet
internal import UnixSignals
#if canImport(Glibc)
    internal import Glibc
#endif

/// One run of `stevedore up`, from the topology to the last child's end.
struct UpRun: Sendable {
    let programs: [ChildProgram]
    let configuration: Configuration
    private let crew = RunningCrew()
    private let guardian: Guardian
    private let weaver: LogWeaver
    /// Children end by themselves within the grace; a little more time is for their own last steps.
    private let patience: Duration

    init(programs: [ChildProgram], configuration: Configuration) {
        self.programs = programs
        self.configuration = configuration
        patience = configuration.grace + .seconds(5)
        guardian = Guardian(grace: patience)
        weaver = LogWeaver(labels: programs.map(\.label) + ["stevedore"])
    }

    func run() async throws(ProgramError) {
        // First of all: a signal that comes while programs are started must not leave any behind.
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup)
        try await prepareBroker()
        let supervisor = Supervisor(programs: programs, weaver: weaver, crew: crew, guardian: guardian)
        let work = Task { await supervisor.run() }
        let listening = Task { await listen(signals, work) }
        let failure = await work.value
        listening.cancel()
        guardian.dismiss()
        if let failure { throw failure }
        if crew.killed > 0 { throw Self.killed(crew.killed, patience) }
        say("everything has stopped")
    }

    private func prepareBroker() async throws(ProgramError) {
        let plan = TopologyPlan.fleet()
        let result = try await TopologyApplication.apply(plan, configuration)
        guard result.findings.isEmpty else {
            return try TopologyReport(findings: result.findings, plan: plan).fail(json: false, exit: .configuration)
        }
        say(
            result.refusal == nil
                ? "topology in place: \(plan.summary(withBindings: true))"
                : "topology found: \(plan.summary(withBindings: false)); this user may not create it, so bindings are taken "
                    + "on trust")
    }

    /// The first signal asks everyone to end, the second ends everyone. A closed terminal is told several times, and is no
    /// impatience.
    private func listen(_ signals: UnixSignalsSequence, _ work: Task<ProgramError?, Never>) async {
        var isStopping = false
        for await signal in signals {
            if isStopping {
                if signal == .sighup { continue }
                return end(130)
            }
            isStopping = true
            say("stopping; once more ends it at once")
            work.cancel()
            crew.stop()
            Task {
                guard (try? await Task.sleep(for: patience)) != nil else { return }
                crew.killAll()
            }
        }
    }

    private func end(_ code: Int32) {
        crew.killAll()
        guardian.dismiss()
        _exit(code)
    }

    private func say(_ sentence: String) { weaver.write(sentence, of: "stevedore", number: programs.count) }

    private static func killed(_ count: Int, _ patience: Duration) -> ProgramError {
        ProgramError(
            code: "up.killed",
            sentence:
                "\(Count.text(count, "program")) did not end within \(Int(patience / .seconds(1))) s and had to be killed.",
            remedy:
                "Nothing is lost: the broker delivers what they held again. A longer worker.grace gives them more time.",
            exit: .failure)
    }
}
