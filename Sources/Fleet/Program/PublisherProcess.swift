package import Logging
package import RabbitMQ
internal import UnixSignals

/// The work of a program that only publishes, see ``PublisherProcess``.
package protocol PublisherWork: Sendable {
    /// Works until stopped, and returns when what was in hand has ended; soon when cancelled. Called once.
    /// - Throws: what only a person can mend.
    func run(_ road: PublishingRoad) async throws(ProgramError)
    /// Begins nothing more.
    func stop()
    /// What the health page says of it.
    func check() async -> HealthCheck
    /// What the metrics page says of it: by name of the metric, each sample's labels and value.
    func samples() async -> [String: [String]]
}

/// What a ``PublisherWork`` publishes over.
package struct PublishingRoad: Sendable {
    /// The process's name, no other process's.
    package let holder: String
    /// Whether the broker is there and takes messages, as far as is known.
    package let isOpen: @Sendable () -> Bool
    /// Publishes, and answers what became of each message, in the same order.
    package let publish: @Sendable ([OutgoingMessage]) async -> [PublishOutcome]

    /// A road that tests make by hand.
    package init(
        holder: String, isOpen: @escaping @Sendable () -> Bool = { true },
        publish: @escaping @Sendable ([OutgoingMessage]) async -> [PublishOutcome]
    ) {
        self.holder = holder
        self.isOpen = isOpen
        self.publish = publish
    }
}

/// A running program that publishes and has no ledger and no flows: its connection, the health page, an orderly end.
///
/// An absent broker is waited for. SIGTERM or SIGINT lets the work finish what is in flight within `worker.grace`; a
/// second signal ends the process at once. Nothing depends on a clean stop.
package struct PublisherProcess: Sendable {
    private let name: String
    private let configuration: Configuration
    private let work: any PublisherWork
    private let logger: Logger

    /// Prepares a process; nothing is connected yet.
    package init(name: String, configuration: Configuration, work: any PublisherWork, logger: Logger) {
        self.name = name
        self.configuration = configuration
        self.work = work
        self.logger = logger
    }

    /// Runs until a signal, or until a fault that a person must mend. `onTrapped` is called when signals are minded.
    package func run(_ onTrapped: () -> Void = {}) async throws(ProgramError) {
        let holder = WorkerName.make(program: name)
        let metrics = PublisherMetrics()
        let watch = ConnectionWatch(name: "publisher", logger: logger, metrics: metrics)
        let publisher = try publisher(holder, watch)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        onTrapped()
        let road = PublishingRoad(
            holder: holder, isOpen: { watch.isConnected && !watch.isBlocked },
            publish: { await publisher.publish($0, timeout: .seconds(10)) })
        // What ends first ends the process: a fault of the start, the health page's port, the work, or a stop.
        let (end, worked) = (Latch<ProgramError?>(), Latch<Void>())
        let working = Task {
            let error = await Self.failure { () throws(ProgramError) in try await work.run(road) }
            worked.open()
            end.open(error)
        }
        let parts = [
            working,
            Task { if let error = await connect(publisher) { end.open(error) } },
            Task { if let error = await serveHealth(watch, metrics) { end.open(error) } },
            Task { if let error = await stop(at: signals, working, worked) { end.open(error) } },
        ]
        let error = await end.wait()
        for part in parts { part.cancel() }
        await withDeadline(.seconds(1)) { await worked.wait() }
        await publisher.close()
        if let error { throw error }
        logger.notice("stopped")
    }

    private func publisher(_ holder: String, _ watch: ConnectionWatch) throws(ProgramError) -> Publisher {
        do throws(BrokerError) {
            return try Publisher(
                configuration: try BrokerConfiguration(configuration, connectionName: holder),
                topology: [.exchange(FleetTopology.exchange)], onEvent: watch.observe)
        } catch {
            throw ProgramError(error)
        }
    }

    private func connect(_ publisher: Publisher) async -> ProgramError? {
        do throws(BrokerError) {
            try await publisher.start()
            return nil
        } catch {
            return error == .stopped ? nil : ProgramError(error)
        }
    }

    /// Returns a report when work was left.
    private func stop(
        at signals: UnixSignalsSequence, _ working: Task<Void, Never>, _ worked: Latch<Void>
    ) async -> ProgramError? {
        var iterator = signals.makeAsyncIterator()
        guard await iterator.next() != nil else { return nil }
        logger.notice("stopping", metadata: ["grace": "\(configuration.grace)"])
        let second = Task {
            if await iterator.next() != nil { ImmediateExit.now() }
        }
        defer { second.cancel() }
        work.stop()
        let isDone = await withDeadline(configuration.grace) { await worked.wait() }
        guard !isDone else { return nil }
        working.cancel()
        return ProgramError(
            code: "stop.unfinished",
            sentence: "Not every confirm had come after \(configuration.grace).",
            remedy: "Nothing to do: what is not confirmed is published again.", exit: .failure)
    }

    private func serveHealth(_ watch: ConnectionWatch, _ metrics: PublisherMetrics) async -> ProgramError? {
        let server = HealthServer(
            port: configuration.healthPort, logger: logger,
            readiness: {
                let isUp = watch.isConnected && !watch.isBlocked
                return [HealthCheck(name: "publisher", isUp: isUp, detail: watch.detail), await work.check()]
            },
            metrics: {
                MetricsPage(program: name, flows: [], publishing: metrics, services: [await work.samples()])
            },
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

    private static func failure(_ work: () async throws(ProgramError) -> Void) async -> ProgramError? {
        do throws(ProgramError) {
            try await work()
            return nil
        } catch {
            return error
        }
    }
}

extension ProgramLauncher {
    /// Runs such a program until it is asked to stop, also while `build` still waits; ends the process as ``run(_:_:)``
    /// does.
    package static func servePublisher(
        _ name: String, _ build: () async throws(ProgramError) -> PublisherProcess
    ) async -> Never {
        await run(name) { () throws(ProgramError) in
            try DescriptorLimit.raise()
            let start = await StartWatch()
            try await build().run { start.end() }
        }
    }
}
