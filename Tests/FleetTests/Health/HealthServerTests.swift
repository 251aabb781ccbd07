import FleetTesting
import HTTPClient
import Logging
import Testing

@testable import Fleet

@Suite struct HealthServerTests {
    private static let page = MetricsPage(program: "a-worker", flows: [])

    /// Serves on a free port while `body` runs.
    private func withServer(
        checks: [HealthCheck] = [], port: Int = 0, _ body: (HTTPClient, _ url: String) async throws -> Void
    ) async throws {
        let address = Latch<String>()
        let server = HealthServer(
            port: port, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            readiness: { checks }, metrics: { Self.page }, onListening: { address.open("http://127.0.0.1:\($0)") })
        let serving = Task { try await server.run() }
        defer { serving.cancel() }
        let client = try HTTPClient()
        try await body(client, await address.wait())
        await client.close()
    }

    private func text(_ response: HTTPResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test("a process is live whatever it depends on, and ready only when every part is up")
    func health() async throws {
        let down = HealthCheck(name: "broker", isUp: false, detail: "not \"there\"")
        try await withServer(checks: [down]) { client, url in
            let live = try await client.send(HTTPRequest(method: .get, url: url + "/health/live"))
            #expect(live.status == 200)
            #expect(text(live) == #"{"status":"UP","checks":[]}"# + "\n")
            let ready = try await client.send(HTTPRequest(method: .get, url: url + "/health/ready?verbose"))
            #expect(ready.status == 503)
            #expect(ready.headers["content-type"] == "application/json")
            #expect(text(ready).contains(#""detail":"not \"there\"""#))
        }
    }

    @Test("the metrics say that they are Prometheus text")
    func metrics() async throws {
        try await withServer { client, url in
            let answer = try await client.send(HTTPRequest(method: .get, url: url + "/metrics"))
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == MetricsPage.contentType)
            #expect(text(answer) == Self.page.render())
        }
    }

    @Test("whatever else is asked for is refused, and a HEAD has no body")
    func refusals() async throws {
        try await withServer { client, url in
            #expect(try await client.send(HTTPRequest(method: .get, url: url + "/health")).status == 404)
            let post = HTTPRequest(method: .post, url: url + "/metrics", body: Array("x=1".utf8))
            let refused = try await client.send(post)
            #expect(refused.status == 405)
            #expect(refused.headers["allow"] == "GET, HEAD")
            let head = try await client.send(HTTPRequest(method: .head, url: url + "/health/live"))
            #expect(head.status == 200)
            #expect(head.body.isEmpty)
        }
    }

    @Test("many ask at once, and none waits for another")
    func crowd() async throws {
        try await withServer { client, url in
            let statuses = try await withThrowingTaskGroup { group in
                for _ in 0..<100 {
                    group.addTask { try await client.send(HTTPRequest(method: .get, url: url + "/health/live")).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 200, count: 100))
        }
    }

    @Test("a port that somebody else has ends the server with an error")
    func takenPort() async throws {
        try await withServer { _, url in
            let port = try #require(Int(url.split(separator: ":").last ?? ""))
            let second = HealthServer(
                port: port, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
                readiness: { [] }, metrics: { Self.page })
            await #expect(throws: (any Error).self) { try await second.run() }
        }
    }
}
