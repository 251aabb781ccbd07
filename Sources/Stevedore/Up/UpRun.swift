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

    init(programs: [ChildProgram], configuration: Configuration) {
        self.programs = programs
        self.configuration = configuration
    }

    func run() async throws(ProgramError) {
        let plan = TopologyPlan.fleet()
        let findings = try await TopologyApplication.apply(plan, configuration)
        guard findings.isEmpty else { return try TopologyReport(findings: findings, plan: plan).fail(json: false) }
        let weaver = LogWeaver(labels: programs.map(\.label) + ["stevedore"])
        weaver.write("topology in place: \(plan.summary)", of: "stevedore", number: programs.count)
        let supervisor = Supervisor(programs: programs, weaver: weaver, crew: crew)
        let work = Task { await supervisor.run() }
        let listening = await listen(weaver, work)
        let failure = await work.value
        listening.cancel()
        if let failure { throw failure }
        weaver.write("everything has stopped", of: "stevedore", number: programs.count)
    }

    /// The first signal asks everyone to end, the second ends everyone.
    private func listen(_ weaver: LogWeaver, _ work: Task<ProgramError?, Never>) async -> Task<Void, Never> {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return Task {
            var isStopping = false
            for await _ in signals {
                guard !isStopping else { return end(130) }
                isStopping = true
                weaver.write(
                    "stopping; once more ends it at once", of: "stevedore", number: programs.count)
                work.cancel()
                crew.stop()
                Task {
                    // Children end by themselves within the grace; a little more time is for their own last steps.
                    guard (try? await Task.sleep(for: configuration.grace + .seconds(5))) != nil else { return }
                    crew.killAll()
                }
            }
        }
    }

    private func end(_ code: Int32) {
        crew.killAll()
        _exit(code)
    }
}
