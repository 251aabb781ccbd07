internal import FoundationEssentials
internal import HTTPClient

/// The ERP simulator; by itself with a fixed latency and a fixed room for calls.
struct Simulator {
    static let latencyMilliseconds = 50
    static let capacity = 32
    /// Orders a second that no client can exceed.
    static var ideal: Double { Double(capacity) * 1_000 / Double(latencyMilliseconds) }

    let program: Program
    let url: String
    private let control: String
    private let client: HTTPClient

    static func start(on bench: Bench, at port: String = "0") async throws -> Simulator {
        try await start(on: bench, ["--latency", "\(latencyMilliseconds)ms", "--capacity", "\(capacity)"], at: port)
    }

    /// Where it listens.
    var port: String { url.split(separator: ":").last.map(String.init) ?? "0" }

    /// With options of its own; a large company takes a while to be made.
    static func start(
        on bench: Bench, _ options: [String], at port: String = "0", within limit: Duration = .seconds(20)
    ) async throws -> Simulator {
        let program = try Program(bench.path(of: .simulator), ["--port", port] + options, on: bench)
        let url = try await program.line(after: "listening on ", within: limit)
        let control = try await program.line(after: "control on ")
        return Simulator(program: program, url: url, control: control, client: try HTTPClient())
    }

    /// How many requests there were, and how many had no room.
    func counts() async throws -> (requests: Int, refused: Int) {
        let answer = try await client.send(HTTPRequest(method: .get, url: control + "/_simulator/summary"))
        let summary = try JSONDecoder().decode(Summary.self, from: Data(answer.body))
        return (summary.requests, summary.effects["refused"] ?? 0)
    }

    /// It takes no connections from now on.
    /// - Returns: what ``comeBack(from:)`` wants to know.
    func goAway() async throws -> Int {
        let answer = try await client.send(
            HTTPRequest(
                method: .post, url: control + "/_simulator/faults", headers: ["content-type": "application/json"],
                body: Array(#"{"kind":"down"}"#.utf8)))
        return try JSONDecoder().decode(Fault.self, from: Data(answer.body)).id
    }

    /// It is there again.
    func comeBack(from fault: Int) async throws {
        _ = try await client.send(HTTPRequest(method: .delete, url: control + "/_simulator/faults/\(fault)"))
    }

    private struct Fault: Decodable { var id: Int }

    func stop() async {
        await client.close()
        await program.stop()
    }

    private struct Summary: Decodable {
        var requests: Int
        var effects: [String: Int]
    }
}
