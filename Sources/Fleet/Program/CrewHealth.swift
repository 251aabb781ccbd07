internal import Ledger
internal import Logging

/// What a crew says of itself on its health page and its metrics page.
struct CrewHealth: Sendable {
    /// The program's.
    let name: String
    let port: Int
    let ledger: Ledger
    let logger: Logger
    let publishing: ConnectionWatch
    let publishingMetrics: PublisherMetrics
    let stations: [Station]
    let services: CompanionServices

    /// Answers until cancelled. Returns why it could not.
    func serve() async -> ProgramError? {
        let server = HealthServer(
            port: port, logger: logger, readiness: { await checks() }, metrics: { await page() },
            onListening: { [logger] in logger.info("health", metadata: ["url": "http://127.0.0.1:\($0)"]) })
        do {
            try await server.run()
            return nil
        } catch {
            return ProgramError(
                code: "health.port",
                sentence: "The health page cannot listen on port \(port): \(HealthServer.reason(error)).",
                remedy: "Set `health.port` to a free port, or to 0 for any.", exit: .configuration)
        }
    }

    private func checks() async -> [HealthCheck] {
        var checks = [await ledgerCheck(), publisherCheck()]
        for station in stations { checks.append(await station.check()) }
        return await checks + services.checks()
    }

    private func ledgerCheck() async -> HealthCheck {
        do {
            try await ledger.checkWritable()
            return HealthCheck(name: "ledger", isUp: true, detail: "writable")
        } catch {
            return HealthCheck(name: "ledger", isUp: false, detail: "\(error)")
        }
    }

    private func publisherCheck() -> HealthCheck {
        let isUp = publishing.isConnected && !publishing.isBlocked
        return HealthCheck(name: "publisher", isUp: isUp, detail: publishing.detail)
    }

    private func page() async -> MetricsPage {
        MetricsPage(
            program: name, flows: stations.map(\.metrics), publishing: publishingMetrics,
            services: await services.samples(), outbox: await OutboxFigures.read(from: ledger))
    }
}
