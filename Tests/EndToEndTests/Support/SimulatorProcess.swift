import FleetTesting
import FoundationEssentials
import HTTPClient

/// The ERP simulator as a process of its own, and its control port.
struct SimulatorProcess {
    let process: ChildProcess
    let url: String
    let control: String
    private let client: HTTPClient

    static func start(_ arguments: [String], database: String) async throws -> SimulatorProcess {
        let process = try ChildProcess(
            "erp-simulator", arguments: ["--port", "0", "--database", database] + arguments)
        let listening = try await process.waitForLine(containing: "listening on ")
        let control = try await process.waitForLine(containing: "control on ")
        return SimulatorProcess(
            process: process, url: String(listening.dropFirst("listening on ".count)),
            control: String(control.dropFirst("control on ".count)), client: try HTTPClient())
    }

    /// What the books say in the end.
    struct Summary: Decodable {
        var orders: Int
        var creates: Int
        var duplicates: [String]
        var requests: Int
        var states: [String: Int]
    }

    func summary() async throws -> Summary {
        let answer = try await client.send(HTTPRequest(method: .get, url: "\(control)/_simulator/summary"))
        return try JSONDecoder().decode(Summary.self, from: Data(answer.body))
    }

    /// Lets something go wrong; `rule` is JSON as in the simulator's help. Returns the fault's number.
    @discardableResult
    func fault(_ rule: String) async throws -> Int {
        struct Answer: Decodable { var id: Int }
        let answer = try await client.send(
            HTTPRequest(
                method: .post, url: "\(control)/_simulator/faults", headers: ["content-type": "application/json"],
                body: Array(rule.utf8)))
        guard answer.status == 201 else {
            throw RigError.unexpectedAnswer(String(decoding: answer.body, as: UTF8.self))
        }
        return try JSONDecoder().decode(Answer.self, from: Data(answer.body)).id
    }

    /// Ends one fault.
    func clearFault(_ id: Int) async throws {
        let answer = try await client.send(HTTPRequest(method: .delete, url: "\(control)/_simulator/faults/\(id)"))
        guard answer.status == 204 else { throw RigError.unexpectedAnswer("no fault \(id)") }
    }

    /// Everything works again.
    func clearFaults() async throws {
        _ = try await client.send(HTTPRequest(method: .delete, url: "\(control)/_simulator/faults"))
    }

    /// The whole audit, as the simulator tells it: without a limit it would be cut after the first thousand requests.
    func audit() async throws -> [UInt8] {
        let answer = try await client.send(
            HTTPRequest(
                method: .get, url: "\(control)/_simulator/audit?limit=100000", timeout: .seconds(60),
                maxResponseBytes: 64 << 20))
        return Array(answer.body)
    }

    /// Does something under the control port; `body` is JSON as in the simulator's help.
    @discardableResult
    func control(_ path: String, _ body: String? = nil) async throws -> String {
        let answer = try await client.send(
            HTTPRequest(
                method: body == nil ? .get : .post, url: "\(control)/_simulator/\(path)",
                headers: ["content-type": "application/json"], body: body.map { Array($0.utf8) }))
        let text = String(decoding: answer.body, as: UTF8.self)
        guard answer.status < 300 else { throw RigError.unexpectedAnswer(text) }
        return text
    }

    /// Moves an order on: ship, hold, release …
    func move(_ erpNumber: String, _ move: String, _ body: String = "{}") async throws {
        let answer = try await client.send(
            HTTPRequest(
                method: .post, url: "\(control)/_simulator/orders/\(erpNumber)/\(move)",
                headers: ["content-type": "application/json"], body: Array(body.utf8)))
        guard answer.status < 300 else {
            throw RigError.unexpectedAnswer(String(decoding: answer.body, as: UTF8.self))
        }
    }
}
