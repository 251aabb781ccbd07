import ERP
import ERPSimulatorCore
import FoundationEssentials
import HTTPClient
import Models
import Testing

/// A simulator in this process, the real adapter in front of it, and its control paths.
struct SimulatedERP: Sendable {
    let addresses: Simulator.Addresses
    let client: HTTPClient
    let erp: RESTAdapter

    /// Runs a test against a simulator of its own.
    static func with(
        _ options: SimulatorOptions = SimulatorOptions(),
        writeTimeout: Duration = .seconds(30),
        onControl: @escaping @Sendable (String) -> Void = { _ in },
        _ body: (SimulatedERP) async throws -> Void
    ) async throws {
        let (stream, continuation) = AsyncStream<Simulator.Addresses>.makeStream()
        let simulator = try Simulator(options, onControl: onControl) { continuation.yield($0) }
        let client = try HTTPClient()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { continuation.finish() }
                try await simulator.run()
            }
            var listening: Simulator.Addresses?
            for await addresses in stream {
                listening = addresses
                let configuration = RESTConfiguration(
                    baseURL: addresses.erp, apiKey: options.apiKey, writeTimeout: writeTimeout)
                try await body(
                    SimulatedERP(
                        addresses: addresses, client: client, erp: RESTAdapter(configuration, client: client)))
                break
            }
            await client.close()
            await acceptAll(listening)
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error as SimulatorError) = result { throw error }
            }
        }
    }

    /// Lets the servers accept what a test began to open and gave up: swift-nio traps on a connection that is accepted while
    /// its server is being cancelled. Connections are accepted in the order in which they came, so that these come last.
    private static func acceptAll(_ addresses: Simulator.Addresses?) async {
        guard let addresses, let client = try? HTTPClient() else { return }
        for url in [addresses.erp, addresses.control] {
            _ = try? await client.send(HTTPRequest(method: .get, url: url, timeout: .milliseconds(200)))
        }
        await client.close()
    }

    /// Runs a test against the control paths alone, and one against the ERP when that is ready.
    static func withControl(
        _ options: SimulatorOptions, _ body: @escaping @Sendable (String, HTTPClient) async throws -> Void,
        ready: (SimulatedERP) async throws -> Void
    ) async throws {
        let (stream, continuation) = AsyncStream<String>.makeStream()
        let client = try HTTPClient()
        let first = Task {
            for await control in stream { return try await body(control, client) }
        }
        try await with(options, onControl: { continuation.yield($0) }) { simulated in
            try await first.value
            try await ready(simulated)
        }
        await client.close()
    }

    /// Submits an order; the error, or nil when it was taken.
    func submit(_ order: Order = Fixture.order()) async -> ERPError? {
        await failure { () async throws(ERPError) in try await erp.submit(order) }
    }

    /// An order submitted now is refused and does not reach the ERP.
    ///
    /// A client that has not yet read the end of a kept connection sends over it, and cannot know what came of it: the
    /// audit is the judge.
    func expectUnreachable(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let before = try await summary().requests
        let refusal = await submit()
        #expect(
            refusal?.isUnavailable == true || refusal?.isUnknown == true, "\(refusal.debugDescription)",
            sourceLocation: sourceLocation)
        #expect(try await summary().requests == before, sourceLocation: sourceLocation)
    }

    /// Switches a fault on.
    @discardableResult
    func fault(_ rule: FaultRule) async throws -> FaultRule {
        let body = try Array(JSONEncoder().encode(rule))
        return try await control(.post, "/_simulator/faults", body)
    }

    /// A fault of one kind for the next requests of one method.
    func fault(_ kind: FaultRule.Kind, count: Int? = nil, method: String? = nil) async throws {
        var rule = FaultRule(kind)
        rule.count = count
        rule.method = method
        try await fault(rule)
    }

    /// Switches one fault off; the status says whether it was on.
    func clear(_ id: Int?) async throws -> Int {
        let url = "\(addresses.control)/_simulator/faults/\(id ?? 0)"
        return try await client.send(HTTPRequest(method: .delete, url: url)).status
    }

    func clearFaults() async throws {
        _ = try await client.send(HTTPRequest(method: .delete, url: addresses.control + "/_simulator/faults"))
    }

    func faults() async throws -> [FaultRule] {
        let answer: [String: [FaultRule]] = try await control(.get, "/_simulator/faults")
        return answer["faults"] ?? []
    }

    func summary() async throws -> Books {
        try await control(.get, "/_simulator/summary")
    }

    func audit(_ number: String) async throws -> [AuditLine] {
        try await audit(query: "storeNumber=\(number)")
    }

    func audit(query: String) async throws -> [AuditLine] {
        struct Answer: Decodable { var entries: [AuditLine] }
        let answer: Answer = try await control(.get, "/_simulator/audit?\(query)")
        return answer.entries
    }

    /// Plays what happens inside the company.
    @discardableResult
    func move(_ erpNumber: String, _ move: String, _ body: String = "") async throws -> Int {
        let url = "\(addresses.control)/_simulator/orders/\(erpNumber)/\(move)"
        return try await client.send(HTTPRequest(method: .post, url: url, body: Array(body.utf8))).status
    }

    func send(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async throws -> HTTPResponse {
        try await client.send(
            HTTPRequest(method: method, url: addresses.erp + path, body: body.map { Array($0.utf8) }))
    }

    private func control<Value: Decodable>(
        _ method: HTTPMethod, _ path: String, _ body: [UInt8]? = nil
    ) async throws -> Value {
        let request = HTTPRequest(
            method: method, url: addresses.control + path, body: body, maxResponseBytes: 64 << 20)
        return try JSONDecoder().decode(Value.self, from: Data(try await client.send(request).body))
    }
}

/// The summary as a test reads it.
struct Books: Decodable {
    struct Duplicate: Decodable {
        var storeNumber: String
    }

    var orders: Int
    var offlineOrders: Int
    var creates: Int
    var requests: Int
    var duplicates: [Duplicate]
    var states: [String: Int]
    var effects: [String: Int]
    var faults: [String: Int]
}

/// One audited request as a test reads it.
struct AuditLine: Decodable {
    var sequence: Int
    var path: String
    var storeNumber: String?
    var revision: Int?
    var effect: String
    var status: Int
    var fault: String?
}

extension FaultRule {
    /// A fault for the next requests of one method.
    init(_ kind: Kind, count: Int, method: String) {
        self.init(kind)
        self.count = count
        self.method = method
    }
}
