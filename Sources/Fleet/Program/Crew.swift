internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ
internal import Synchronization

/// Everything that works inside one process: connections, workers, outbox flusher, and what they say of themselves.
final class Crew: Sendable {
    private let name: String
    private let configuration: Configuration
    private let ledger: Ledger
    private let logger: Logger
    private let publisher: Publisher
    private let publishing: ConnectionWatch
    private let publishingMetrics = PublisherMetrics()
    private let outbox: OutboxFlusher
    private let stations: [Station]
    private let janitor: Janitor
    /// Nil where no flow only looks on.
    private let lookout: Lookout?
    private let services: [any CompanionService]
    private let tools: CompanionTools

    private enum Phase { case starting, working, stopping }
    private let phase = Mutex(Phase.starting)
    /// Whether the services have begun, which they do once.
    private let isServing = Mutex(false)
    /// Opens when the outbox's own flusher has ended, so that the last flush finds all rows free.
    private let flusherEnded = Latch<Void>()
    /// Opens when the services have ended, which they do when stopped or cancelled.
    private let servicesEnded = Latch<Void>()
    /// Opens when the services may not go on any longer.
    private let servicesAbandoned = Latch<Void>()

    init(_ process: FleetProcess) throws(ProgramError) {
        name = process.name
        configuration = process.configuration
        ledger = process.ledger
        logger = process.logger
        services = process.services
        let holder = WorkerName.make(program: process.name)
        let wake = WakeSignal()
        janitor = Janitor(
            ledger: process.ledger, holder: holder, retention: process.configuration.retention, logger: process.logger)
        do throws(BrokerError) {
            let broker = try BrokerConfiguration(process.configuration, connectionName: holder)
            publishing = ConnectionWatch(
                name: "publisher", logger: process.logger, metrics: publishingMetrics)
            publisher = try Publisher(
                configuration: broker, topology: TopologyPlan.fleet(flows: []).exchanges.map { .exchange($0.name) },
                onEvent: publishing.observe)
            outbox = OutboxFlusher(
                ledger: process.ledger, publisher: publisher, holder: holder, logger: process.logger, wake: wake)
            let parts = StationParts(
                configuration: process.configuration, broker: broker, holder: holder, ledger: process.ledger,
                publisher: publisher, outboxWake: wake, logger: process.logger)
            var tools = CompanionTools(
                holder: holder, ledger: process.ledger, publisher: publisher, outboxWake: wake, logger: process.logger)
            tools.isBrokerThere = { [publishing] in publishing.isConnected && !publishing.isBlocked }
            self.tools = tools
            stations = try process.flows.map { (flow) throws(BrokerError) in try Station(flow, parts) }
            lookout = process.flows.contains { FleetTopology.isObserver($0.queue) } ? Lookout(parts) : nil
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
        beginServing()
        await withDiscardingTaskGroup { group in
            for station in stations { group.addTask { await station.worker.run() } }
            // Without a flow the services are the work.
            if stations.isEmpty { group.addTask { [servicesEnded] in await servicesEnded.wait() } }
        }
        sweeping.cancel()
        looking.cancel()
        flushing.cancel()
        await flushing.value
        flusherEnded.open()
        return nil
    }

    private func beginServing() {
        let isFirst = isServing.withLock { isServing in
            defer { isServing = true }
            return !isServing
        }
        if isFirst { Task { await serve() } }
    }

    private func serve() async {
        let serving = Task { [services, tools] in
            await withDiscardingTaskGroup { group in
                for service in services { group.addTask { await service.run(tools) } }
            }
        }
        Task { [servicesAbandoned] in
            await servicesAbandoned.wait()
            serving.cancel()
        }
        await serving.value
        servicesEnded.open()
        servicesAbandoned.open()
    }

    private func advance(to next: Phase, from current: Phase) -> Bool {
        phase.withLock { phase in
            guard phase == current else { return false }
            phase = next
            return true
        }
    }

    private func start() async throws(ProgramError) {
        do {
            try await migrate()
            if !services.contains(where: \.needsBroker) { beginServing() }
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
                guard phase.withLock({ $0 == .starting }) else { throw BrokerError.stopped }
            }
        }
    }

    /// A broker that goes away during the check is waited for, like one that is not there yet.
    private func awaitTopology() async throws {
        while true {
            do {
                return try await checkTopology()
            } catch let error as BrokerError where error.recovery == .reconnect {
                logger.warning("topology not checked", metadata: ["reason": "\(error.sentence)"])
                guard phase.withLock({ $0 == .starting }) else { throw BrokerError.stopped }
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Refuses to start on queues of another shape: a queue without its dead-letter target would lose messages.
    private func checkTopology() async throws {
        let broker = try BrokerConfiguration(configuration, connectionName: "\(name) check")
        let admin = try BrokerAdmin(configuration: broker)
        var findings: [TopologyDoctor.Finding] = []
        var uncompared: Set<String> = []
        do {
            for station in stations {
                let plan = TopologyPlan.flow(station.flow.queue)
                let examination = try await TopologyDoctor(admin: admin, plan: plan).examine()
                findings += examination.findings
                uncompared.formUnion(examination.uncompared)
            }
        } catch {
            await admin.close()
            throw error
        }
        await admin.close()
        if !uncompared.isEmpty {
            logger.notice(
                "topology partly compared",
                metadata: [
                    "uncompared": "\(uncompared.sorted().joined(separator: ","))",
                    "reason": "this user may not; `stevedore topology check` as one who may configure does",
                ])
        }
        guard !findings.isEmpty else { return }
        throw ProgramError(
            code: "topology", sentence: findings.map(\.sentence).joined(separator: "\n"),
            remedy: Set(findings.map(\.remedy)).sorted().joined(separator: "\n"), exit: .configuration)
    }

    /// Stops consuming, waits for what is in hand, stops the services, flushes the outbox, closes. Returns a report when work was left.
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
        if isServing.withLock(\.self) { await stopServices(until: deadline) }
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

    /// What they have in hand they finish, as long as there is time; then they give it up.
    private func stopServices(until deadline: ContinuousClock.Instant) async {
        for service in services { service.stop() }
        let isDone = await withDeadline(max(deadline - .now, .zero)) { [servicesEnded] in await servicesEnded.wait() }
        guard !isDone else { return }
        servicesAbandoned.open()
        await withDeadline(.seconds(1)) { [servicesEnded] in await servicesEnded.wait() }
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

    private func finish(within grace: Duration) async -> Int {
        let isDone = await withDeadline(grace) { [stations] in
            for station in stations { await station.finished.wait() }
        }
        if isDone { return 0 }
        var left = 0
        for station in stations { left += await station.worker.abandon() }
        return left
    }

    /// Answers health and metrics until cancelled.
    func serveHealth() async -> ProgramError? {
        let server = HealthServer(
            port: configuration.healthPort, logger: logger,
            readiness: { [weak self] in await self?.checks() ?? [] },
            metrics: { [weak self] in await self?.page() ?? MetricsPage(program: "", flows: []) },
            onListening: { [logger] in logger.info("health", metadata: ["url": "http://127.0.0.1:\($0)"]) })
        do {
            try await server.run()
            return nil
        } catch {
            return ProgramError(
                code: "health.port",
                sentence:
                    "The health page cannot listen on port \(configuration.healthPort): \(HealthServer.reason(error)).",
                remedy: "Set `health.port` to a free port, or to 0 for any.", exit: .configuration)
        }
    }

    private func checks() async -> [HealthCheck] {
        var checks = [await ledgerCheck(), publisherCheck()]
        for station in stations { checks.append(await station.check()) }
        for service in services { checks.append(await service.check()) }
        return checks
    }

    private func publisherCheck() -> HealthCheck {
        let isUp = publishing.isConnected && !publishing.isBlocked
        return HealthCheck(name: "publisher", isUp: isUp, detail: publishing.detail)
    }

    private func ledgerCheck() async -> HealthCheck {
        do {
            try await ledger.checkWritable()
            return HealthCheck(name: "ledger", isUp: true, detail: "writable")
        } catch {
            return HealthCheck(name: "ledger", isUp: false, detail: "\(error)")
        }
    }

    private func page() async -> MetricsPage {
        var samples: [[String: [String]]] = []
        for service in services { samples.append(await service.samples()) }
        return MetricsPage(
            program: name, flows: stations.map(\.metrics), publishing: publishingMetrics, services: samples,
            outbox: await OutboxFigures.read(from: ledger))
    }
}
