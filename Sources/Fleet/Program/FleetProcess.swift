public import Ledger
public import Logging
internal import Models
internal import RabbitMQ
internal import UnixSignals

/// A running worker program: its flows, the outbox, services beside them, the health page, and an orderly end.
///
/// SIGTERM or SIGINT stops consuming, finishes what is in flight within `worker.grace`, flushes the outbox and closes; a
/// second signal ends the process at once. Nothing depends on a clean stop.
public struct FleetProcess: Sendable {
    let name: String
    let configuration: Configuration
    let flows: [Flow]
    let services: [any CompanionService]
    let ledger: Ledger
    let logger: Logger

    /// Prepares a process; nothing is connected yet. `services` work beside the flows, and end after them.
    public init(
        name: String, configuration: Configuration, flows: [Flow], services: [any CompanionService] = [],
        ledger: Ledger, logger: Logger
    ) {
        self.name = name
        self.configuration = configuration
        self.flows = flows
        self.services = services
        self.ledger = ledger
        self.logger = logger
    }

    /// Runs until a signal, or until a fault that a person must mend.
    ///
    /// - Throws: ``ProgramError`` when the start fails, or work was left behind after the grace period.
    public func run() async throws(ProgramError) { try await run {} }

    /// `onTrapped` is called when the signals are minded here.
    func run(_ onTrapped: () -> Void) async throws(ProgramError) {
        let crew = try Crew(self)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        onTrapped()
        // What ends first ends the process: a fault of the start, the health page's port, or a stop on a signal.
        let end = Latch<ProgramError?>()
        let parts = [
            Task { if let error = await crew.serveHealth() { end.open(error) } },
            Task { if let error = await crew.work() { end.open(error) } },
            Task { end.open(await stop(crew, at: signals)) },
        ]
        let error = await end.wait()
        for part in parts { part.cancel() }
        if let error { throw error }
    }

    private func stop(_ crew: Crew, at signals: UnixSignalsSequence) async -> ProgramError? {
        var iterator = signals.makeAsyncIterator()
        guard await iterator.next() != nil else { return nil }
        logger.notice("stopping", metadata: ["grace": "\(configuration.grace)"])
        let second = Task {
            if await iterator.next() != nil { ImmediateExit.now() }
        }
        defer { second.cancel() }
        return await crew.stop(grace: configuration.grace)
    }
}
