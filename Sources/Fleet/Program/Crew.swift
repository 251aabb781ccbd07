internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ
internal import Synchronization

/// Everything that works inside one process, in the order in which it begins and ends: connections, workers, outbox
/// flusher and services.
final class Crew: Sendable {
    private let ledger: Ledger
    private let logger: Logger
    private let publisher: Publisher
    private let outbox: OutboxFlusher
    private let stations: [Station]
    private let topology: TopologyCheck
    private let janitor: Janitor
    /// Nil where no flow only looks on.
    private let lookout: Lookout?
    private let services: CompanionServices
    private let health: CrewHealth

    private enum Phase { case starting, working, stopping }
    private let phase = Mutex(Phase.starting)
    /// Opens when the outbox's own flusher has ended, so that the last flush finds all rows free.
    private let flusherEnded = Latch<Void>()

    init(_ process: FleetProcess) throws(ProgramError) {
        ledger = process.ledger
        logger = process.logger
        let holder = WorkerName.make(program: process.name)
        let wake = WakeSignal()
        janitor = Janitor(
            ledger: process.ledger, holder: holder, retention: process.configuration.retention, logger: process.logger)
        topology = TopologyCheck(
            name: process.name, configuration: process.configuration, queues: process.flows.map(\.queue),
            logger: process.logger)
        do throws(BrokerError) {
            let broker = try BrokerConfiguration(process.configuration, connectionName: holder)
            let metrics = PublisherMetrics()
            let publishing = ConnectionWatch(name: "publisher", logger: process.logger, metrics: metrics)
            publisher = try Publisher(
                configuration: broker, topology: TopologyPlan.fleet(flows: []).exchanges.map { .exchange($0.name) },
                onEvent: publishing.observe)
            outbox = OutboxFlusher(
                ledger: process.ledger, publisher: publisher, holder: holder, logger: process.logger, wake: wake)
            let parts = StationParts(
                configuration: process.configuration, broker: broker, holder: holder, ledger: process.ledger,
                publisher: publisher, outboxWake: wake, logger: process.logger)
            stations = try process.flows.map { (flow) throws(BrokerError) in try Station(flow, parts) }
            lookout = process.flows.contains { FleetTopology.isObserver($0.queue) } ? Lookout(parts) : nil
            let tools = CompanionTools(
                holder: holder, ledger: process.ledger, publisher: publisher, outboxWake: wake, logger: process.logger,
                isBrokerThere: { publishing.isConnected && !publishing.isBlocked })
            services = CompanionServices(process.services, tools: tools)
            health = CrewHealth(
                name: process.name, port: process.configuration.healthPort, ledger: process.ledger,
                logger: process.logger, publishing: publishing, publishingMetrics: metrics, stations: stations,
                services: services)
        } catch {
            throw ProgramError(error)
        }
    }

    /// Connects and handles messages until stopped. Returns why it could not start.
    func work() async -> ProgramError? {
        do throws(ProgramError) {
            try await start()
        } catch {
            // A start that the stop broke off is no failure.
            return phase.withLock { $0 == .stopping } ? nil : error
        }
        guard advance(to: .working, from: .starting) else { return nil }
        logger.notice("ready", metadata: ["queues": "\(stations.map(\.flow.queue).joined(separator: ","))"])
        let flushing = Task { await outbox.run() }
        let sweeping = Task { await janitor.run() }
        let looking = Task { await lookout?.run() }
        services.begin()
        await withDiscardingTaskGroup { group in
            for station in stations { group.addTask { await station.worker.run() } }
            // Without a flow the services are the work.
            if stations.isEmpty { group.addTask { [services] in await services.untilEnded() } }
        }
        sweeping.cancel()
        looking.cancel()
        flushing.cancel()
        await flushing.value
        flusherEnded.open()
        return nil
    }

    private func advance(to next: Phase, from current: Phase) -> Bool {
        phase.withLock { phase in
            guard phase == current else { return false }
            phase = next
            return true
        }
    }

    // MARK: - The start

    private func start() async throws(ProgramError) {
        do {
            try await migrate()
            if !services.needBroker { services.begin() }
            try await publisher.start()
            try await awaitTopology()
            for station in stations { try await station.consumer.start() }
        } catch let error as ProgramError {
            throw error
        } catch let error as BrokerError {
            throw ProgramError(error)
        } catch let error as LedgerError {
            throw ProgramError(error)
        } catch {
            throw ProgramError.unexpected(error)
        }
    }

    /// Other programs that hold the ledger are waited for; whatever else is wrong with it, a person has to mend.
    private func migrate() async throws {
        while true {
            do {
                try await ledger.migrate(component: FlowPosition.component, [FlowPosition.migration])
                return try await FleetTables.migrate(ledger)
            } catch let error as LedgerError where error.isBusy {
                logger.warning("waiting for the ledger", metadata: ["reason": "\(error)"])
                try checkStillStarting()
            }
        }
    }

    /// A broker that goes away during the check is waited for, like one that is not there yet.
    private func awaitTopology() async throws {
        while true {
            do {
                return try await topology.run()
            } catch let error as BrokerError where error.recovery == .reconnect {
                logger.warning("topology not checked", metadata: ["reason": "\(error.sentence)"])
                try checkStillStarting()
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// A stop ends every wait of the start.
    private func checkStillStarting() throws(BrokerError) {
        guard phase.withLock({ $0 == .starting }) else { throw BrokerError.stopped }
    }

    // MARK: - The end

    /// Stops consuming, waits for what is in hand, stops the services, flushes the outbox, closes. Returns a report
    /// when work was left.
    func stop(grace: Duration) async -> ProgramError? {
        let wasWorking = phase.withLock { phase in
            defer { phase = .stopping }
            return phase == .working
        }
        await withDiscardingTaskGroup { group in
            for station in stations { group.addTask { await station.stop() } }
        }
        let deadline = ContinuousClock.now + grace
        let left = wasWorking ? await finish(within: grace) : 0
        await services.stop(until: deadline)
        await flushAndDisconnect(flush: wasWorking)
        await ledger.close()
        guard left > 0 else {
            logger.notice("stopped")
            return nil
        }
        return ProgramError(
            code: "stop.unfinished",
            sentence: "\(Count.text(left, "message")) \(left == 1 ? "was" : "were") still in hand after \(grace).",
            remedy: "Nothing to do: the broker delivers them again.", exit: .failure)
    }

    private func finish(within grace: Duration) async -> Int {
        let isDone = await withDeadline(grace) { [stations] in
            for station in stations { await station.finished.wait() }
        }
        if isDone { return 0 }
        var left = 0
        for station in stations { left += await station.worker.abandon() }
        return left
    }

    /// What the broker does not take within five seconds stays in the outbox for the next worker.
    private func flushAndDisconnect(flush: Bool) async {
        let flushed = Latch<Void>()
        if flush {
            Task { [outbox, flusherEnded] in
                await flusherEnded.wait()
                await outbox.drain()
                flushed.open()
            }
            await withDeadline(.seconds(5)) { await flushed.wait() }
        }
        for station in stations { await station.consumer.close() }
        await publisher.close()
        // Rows that were on their way are answered now, and given back for others to take.
        if flush { await withDeadline(.seconds(1)) { await flushed.wait() } }
    }

    // MARK: - What it says of itself

    /// Answers health and metrics until cancelled.
    func serveHealth() async -> ProgramError? { await health.serve() }
}
