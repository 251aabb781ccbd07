internal import Hummingbird
internal import Logging
internal import ServiceLifecycle

/// Answers `/health/live`, `/health/ready` and `/metrics` on a loopback port.
///
/// Liveness never looks at dependencies, or a lost broker would make an orchestrator restart the whole fleet.
struct HealthServer: Service {
    let port: Int
    let logger: Logger
    let readiness: @Sendable () async -> [HealthCheck]
    let metrics: @Sendable () async -> MetricsPage

    func run() async throws {
        let router = Router()
        router.get("health/live") { _, _ in Self.response(HealthReport(checks: [])) }
        router.get("health/ready") { [readiness] _, _ in Self.response(HealthReport(checks: await readiness())) }
        router.get("metrics") { [metrics] _, _ in Self.text(await metrics().render(), type: MetricsPage.contentType) }
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)),
            onServerRunning: { [logger] channel in
                logger.info("health", metadata: ["url": "http://127.0.0.1:\(channel.localAddress?.port ?? 0)"])
            }, logger: Logger(label: "health") { _ in SwiftLogNoOpLogHandler() })
        try await application.run()
    }

    private static func response(_ report: HealthReport) -> Response {
        text(report.json, type: "application/json", status: report.isUp ? .ok : .serviceUnavailable)
    }

    private static func text(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
