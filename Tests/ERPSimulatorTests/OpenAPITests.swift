import ERPSimulatorCore
import FoundationEssentials
import HTTPClient
import Testing

/// The document and the simulator may not drift apart.
@Suite struct OpenAPITests {
    /// Method and path of each operation, and the statuses it documents, read from the file's own indentation: the file is ours,
    /// and a YAML library would be one more dependency for forty lines.
    private struct Operation {
        var method: String
        var path: String
        var statuses: [String] = []
    }

    private func operations() throws -> [Operation] {
        let file = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try String(contentsOfFile: "/\(file)/Sources/ERP/REST/openapi.yaml", encoding: .utf8)
        var path = ""
        var found: [Operation] = []
        for line in text.split(separator: "\n").drop(while: { $0 != "paths:" }).prefix(while: { $0 != "components:" }) {
            if line.hasPrefix("  /") {
                path = line.trimming(" :")
            } else if ["    get:", "    post:", "    put:", "    delete:"].contains(line) {
                found.append(Operation(method: line.trimming(" :").uppercased(), path: path))
            } else if line.hasPrefix("        '"), !found.isEmpty {
                found[found.count - 1].statuses.append(String(line.split(separator: "'")[1]))
            }
        }
        return found
    }

    @Test("the document lists what the interface has")
    func complete() throws {
        let listed = try operations().map { "\($0.method) \($0.path)" }
        #expect(
            listed == [
                "GET /ping", "POST /orders", "GET /orders/{number}", "PUT /orders/{number}",
                "POST /orders/{number}/cancel", "GET /changes/orders",
            ])
    }

    @Test("every documented operation is served, and answers with a documented status")
    func served() async throws {
        try await SimulatedERP.with { simulated in
            for operation in try operations() {
                let path = operation.path.split(separator: "{number}", omittingEmptySubsequences: false)
                    .joined(separator: "1")
                let method = try #require(HTTPMethod(rawValue: operation.method))
                let hasBody = method != .get
                let answer = try await simulated.send(method, path, hasBody ? "{}" : nil)
                #expect(operation.statuses.contains("\(answer.status)"), "\(operation.method) \(path)")
                let type = answer.headers["content-type"]
                #expect(type == (answer.status < 300 ? "application/json" : "application/problem+json"))
            }
        }
    }

    @Test("a path that is not documented is not served")
    func undocumented() async throws {
        try await SimulatedERP.with { simulated in
            let answer = try await simulated.send(.delete, "/orders/1")
            #expect(answer.status == 404)
        }
    }
}

extension Substring {
    fileprivate func trimming(_ characters: String) -> String {
        let start = drop { characters.contains($0) }
        let end = start.lastIndex { !characters.contains($0) }
        return end.map { String(start[...$0]) } ?? ""
    }
}
