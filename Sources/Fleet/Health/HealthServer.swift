#if canImport(Glibc)
    internal import Glibc
#endif
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix

/// Answers `/health/live`, `/health/ready` and `/metrics` on a loopback port, one request a connection.
///
/// Liveness never looks at dependencies, or a lost broker would make an orchestrator restart the whole fleet.
struct HealthServer: Sendable {
    private typealias Connection = NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>

    let port: Int
    let logger: Logger
    let readiness: @Sendable () async -> [HealthCheck]
    let metrics: @Sendable () async -> MetricsPage
    /// Is told the port, once requests are answered.
    var onListening: @Sendable (Int) -> Void = { _ in }

    /// What to say of a port that cannot be had.
    static func reason(_ error: any Error) -> String {
        (error as? IOError).map { String(cString: strerror($0.errnoCode)) } ?? "\(error)"
    }

    /// Serves until its task is cancelled. Throws when the port cannot be had.
    func run() async throws {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
        onListening(listener.channel.localAddress?.port ?? port)
        try await withThrowingDiscardingTaskGroup { group in
            try await listener.executeThenClose { connections in
                for try await connection in connections { group.addTask { await serve(connection) } }
            }
        }
    }

    private func serve(_ connection: Connection) async {
        do {
            try await connection.executeThenClose { requests, answers in
                for try await case .head(let head) in requests {
                    return try await answers.write(contentsOf: await answer(to: head).parts(for: head))
                }
            }
        } catch {
            logger.debug("a health request broke off", metadata: ["error": "\(error)"])
        }
    }

    private func answer(to head: HTTPRequestHead) async -> HealthAnswer {
        guard head.method == .GET || head.method == .HEAD else { return .refusal(.methodNotAllowed) }
        switch head.uri.prefix(while: { $0 != "?" }) {
        case "/health/live": return HealthAnswer(HealthReport(checks: []))
        case "/health/ready": return HealthAnswer(HealthReport(checks: await readiness()))
        case "/metrics": return HealthAnswer(.ok, MetricsPage.contentType, await metrics().render())
        default: return .refusal(.notFound)
        }
    }
}

/// What a health request is answered with.
private struct HealthAnswer {
    private let status: HTTPResponseStatus
    private let type: String
    private let text: String

    init(_ status: HTTPResponseStatus, _ type: String, _ text: String) {
        (self.status, self.type, self.text) = (status, type, text)
    }

    init(_ report: HealthReport) {
        self.init(report.isUp ? .ok : .serviceUnavailable, "application/json", report.json)
    }

    static func refusal(_ status: HTTPResponseStatus) -> HealthAnswer {
        HealthAnswer(status, "text/plain; charset=utf-8", "\(status.code) \(status.reasonPhrase)\n")
    }

    /// The connection is closed after it, so that nobody can hold one.
    func parts(for request: HTTPRequestHead) -> [HTTPServerResponsePart] {
        var headers = HTTPHeaders()
        headers.add(name: "Content-Type", value: type)
        headers.add(name: "Content-Length", value: "\(text.utf8.count)")
        headers.add(name: "Connection", value: "close")
        if status == .methodNotAllowed { headers.add(name: "Allow", value: "GET, HEAD") }
        let head = HTTPResponseHead(version: request.version, status: status, headers: headers)
        let body: [HTTPServerResponsePart] =
            request.method == .HEAD ? [] : [.body(.byteBuffer(ByteBuffer(string: text)))]
        return [.head(head)] + body + [.end(nil)]
    }
}
