import FleetTesting
import FoundationEssentials
import HTTPClient

/// A worker's health page, as an orchestrator reads it.
struct WorkerHealth {
    /// The page's text: what is up, and why something is not.
    struct Page: Decodable, CustomStringConvertible {
        struct Check: Decodable {
            struct Details: Decodable { var detail: String }
            var name: String
            var status: String
            var data: Details
        }

        var status: String
        var checks: [Check]

        var description: String { checks.map { "\($0.name) \($0.status): \($0.data.detail)" }.joined(separator: " | ") }
    }

    private let worker: ChildProcess
    private let url: String
    private let client: HTTPClient

    /// The worker logs the port it took.
    init(of worker: ChildProcess) async throws {
        let line = try await worker.waitForLine(containing: "url=http://127.0.0.1:")
        url = String(line[(line.firstRange(of: "http://")?.lowerBound ?? line.startIndex)...].prefix { $0 != " " })
        client = try HTTPClient()
        self.worker = worker
    }

    /// Whether the process itself is well, whatever it depends on.
    func isLive() async throws -> Bool { try await get("/health/live").status == 200 }

    /// Whether it is fit for work, and why not.
    func readiness() async throws -> (isReady: Bool, page: Page) {
        let answer = try await get("/health/ready")
        return (answer.status == 200, try JSONDecoder().decode(Page.self, from: Data(answer.body)))
    }

    func waitUntilReady(within limit: Duration = .seconds(30)) async throws {
        try await eventually(within: limit, "the worker to be ready") {
            let (isReady, page) = try await readiness()
            guard isReady else { throw RigError.unexpectedAnswer("\(page)") }
            return true
        }
    }

    /// Waits until it is not ready for a reason that holds the text.
    func waitUntilNotReady(because text: String = "", within limit: Duration = .seconds(30)) async throws {
        try await eventually(within: limit, "the worker not to be ready because of '\(text)'") {
            let (isReady, page) = try await readiness()
            let reasons = page.checks.filter { $0.status != "UP" }.map(\.data.detail)
            guard !isReady, text.isEmpty || reasons.contains(where: { $0.contains(text) }) else {
                throw RigError.unexpectedAnswer("\(page)")
            }
            return true
        }
    }

    /// The sum of a metric's samples whose labels hold the text.
    func metric(_ name: String, _ label: String = "") async throws -> Double {
        let text = String(decoding: try await get("/metrics").body, as: UTF8.self)
        return text.split(separator: "\n").filter { $0.hasPrefix(name) && $0.contains(label) }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }

    /// Asks again when no answer came: on a machine that is busy with other tests that says nothing of the worker. A ledger
    /// that is locked lets the answer wait for ten seconds, and for ten more behind a write that waits already.
    /// A worker that has ended gives none.
    private func get(_ path: String) async throws -> HTTPResponse {
        let request = HTTPRequest(method: .get, url: url + path, timeout: .seconds(40))
        let answer = try await eventually(within: .seconds(60), "an answer to \(path)") { () -> HTTPResponse?? in
            let hasEnded = !worker.isRunning
            do { return try await client.send(request) } catch  where hasEnded { return .some(nil) }
        }
        guard let answer else {
            let said = worker.errors.suffix(6).joined(separator: " | ")
            throw RigError.unexpectedAnswer("the worker ended with \(worker.status, default: "?"): \(said)")
        }
        return answer
    }
}
