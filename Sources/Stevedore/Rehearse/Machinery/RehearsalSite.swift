internal import Fleet
internal import Synchronization
#if canImport(Glibc)
    internal import Glibc
#endif

/// Everything that a rehearsal has started, and the folder that it is in: gone when it is over, however that came.
final class RehearsalSite: Sendable {
    let folder: RehearsalFolder
    let guardian = Guardian(grace: .seconds(10))
    let interruption: Interruption
    private let programs = Mutex<[RehearsedProgram]>([])
    private let endings = Mutex<[@Sendable () async -> Void]>([])

    init(interruption: Interruption) throws(ProgramError) {
        folder = try RehearsalFolder()
        self.interruption = interruption
    }

    /// Starts a program; it is ended by ``close(keeping:)`` at the latest.
    func start(
        _ label: String, path: String, arguments: [String] = [], environment: [String: String]
    ) throws(ProgramError) -> RehearsedProgram {
        let program = try RehearsedProgram(
            label, path: path, arguments: arguments, environment: environment,
            log: try folder.folder("log") + "/\(label).log", guardian: guardian)
        programs.withLock { programs in
            programs.removeAll { $0.ended != nil }
            programs.append(program)
        }
        return program
    }

    /// Sleeps, unless the run is to be stopped.
    func rest(_ time: Duration) async throws(ProgramError) {
        let deadline = ContinuousClock.now + time
        repeat {
            if interruption.isRequested || Task.isCancelled { throw RehearsalError.stopped }
            let left = min(ContinuousClock.now.duration(to: deadline), .milliseconds(200))
            if left > .zero { try? await Task.sleep(for: left) }
        } while ContinuousClock.now < deadline
        if interruption.isRequested { throw RehearsalError.stopped }
    }

    /// What is to be done when all programs have ended, the last one first.
    func atEnd(_ work: @escaping @Sendable () async -> Void) { endings.withLock { $0.append(work) } }

    /// Ends everyone, the last one first. Nothing is worth a clean end, for all of it goes.
    func close(keeping: Bool) async {
        for program in programs.withLock({ $0 }).reversed() { await program.kill() }
        guardian.dismiss()
        for work in endings.withLock({ $0 }).reversed() { await work() }
        if !keeping { folder.remove() }
    }

    /// What programs inherit of our own environment: nothing that would change what they do.
    static var environment: [String: String] {
        let foreign = ["STEVEDORE_", "RABBITMQ_", "ERL_", "ERP_SIMULATOR_"]
        return ProgramLauncher.environment.filter { name, _ in !foreign.contains { name.hasPrefix($0) } }
    }
}
