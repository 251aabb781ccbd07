import HTTPClient

/// The ERP's interface as anybody may read it: pages of JSON after a cursor.
struct ERPPages {
    private let url: String
    private let client: HTTPClient

    init(of simulator: SimulatorProcess) throws {
        url = simulator.url
        client = try HTTPClient()
    }

    func warehouses() async throws -> [String] { try await get("/warehouses").texts("warehouses") }

    /// A store's order as it stands.
    func order(_ number: String) async throws -> JSONNode { try await get("/orders/\(number)") }

    /// Every object of a kind, which these members tell from others, as its highest version has it.
    func newest(_ kind: String, by key: [String], filter: String = "") async throws -> [JSONNode] {
        var newest: [[String?]: JSONNode] = [:]
        for change in try await changes(kind, filter) {
            let name = key.map { change[$0] }
            let known = newest[name]?.number("version") ?? 0
            if change.number("version") ?? 0 > known { newest[name] = change }
        }
        return Array(newest.values)
    }

    private func changes(_ kind: String, _ filter: String) async throws -> [JSONNode] {
        var found: [JSONNode] = []
        var since = ""
        while true {
            let page = try await get("/changes/\(kind)?limit=1000\(filter)\(since)")
            found += page.parts("changes")
            guard page["hasMore"] == "1", let cursor = page["cursor"] else { return found }
            since = "&since=\(cursor)"
        }
    }

    private func get(_ path: String) async throws -> JSONNode {
        let request = HTTPRequest(url: url + path, timeout: .seconds(60), maxResponseBytes: 16 << 20)
        let answer = try await client.send(request)
        guard answer.status == 200 else { throw RigError.unexpectedAnswer("\(path): status \(answer.status)") }
        return try JSONNode(json: answer.body)
    }
}
