import ERP
import ERPSimulatorCore
import FoundationEssentials
import HTTPClient
import Models
import Testing

/// What a reader of changes has seen, and where it is.
struct Feed {
    let kind: ERPChangeKind
    var warehouse: String?
    var cursor: String?
    /// The newest of each object.
    var objects: [String: ERPChange] = [:]
    var unreadable: [UnreadableChange] = []
    var pages = 0
    /// As the ERP said after each page.
    var remaining: [Int] = []
    /// The times in the order in which they came.
    var times: [Timestamp] = []

    init(_ kind: ERPChangeKind, in warehouse: String? = nil) {
        self.kind = kind
        self.warehouse = warehouse
    }

    /// Reads to the end; the changes of this time, in their order.
    @discardableResult
    mutating func read(_ erp: RESTAdapter, limit: Int = 100) async throws -> [ERPChange] {
        var read: [ERPChange] = []
        while true {
            let page = try await erp.changes(of: kind, in: warehouse, since: cursor, limit: limit)
            for change in page.changes { take(change) }
            read += page.changes.map(\.what)
            unreadable += page.unreadable
            pages += 1
            remaining.append(page.remaining ?? -1)
            cursor = page.cursor
            guard page.hasMore else { return read }
        }
    }

    private mutating func take(_ change: DatedChange) {
        if let at = change.at { times.append(at) }
        guard (objects[change.what.subject]?.revision ?? 0) < change.what.revision else { return }
        objects[change.what.subject] = change.what
    }

    func stock(_ sku: String, _ warehouse: String = "EAST") -> Stock? {
        if case .stock(let stock)? = objects["\(sku)/\(warehouse)"] { return stock }
        return nil
    }

    func product(_ sku: String) -> Product? {
        if case .product(let product)? = objects[sku] { return product }
        return nil
    }

    func customer(_ account: String) -> Customer? {
        if case .customer(let customer)? = objects[account] { return customer }
        return nil
    }

    var shipments: [Shipment] {
        objects.values.compactMap { change in
            if case .shipment(let shipment) = change { return shipment }
            return nil
        }.sorted { $0.id < $1.id }
    }

    var prices: [ContractPrices] {
        objects.values.compactMap { change in
            if case .prices(let prices) = change { return prices }
            return nil
        }
    }
}

extension SimulatedERP {
    /// Posts to a control path; the status.
    @discardableResult
    func post(_ path: String, _ body: String) async throws -> Int {
        let url = "\(addresses.control)/_simulator/\(path)"
        return try await client.send(
            HTTPRequest(method: .post, url: url, body: Array(body.utf8), timeout: .seconds(60))
        )
        .status
    }

    /// How far a day or a step is.
    struct Progress: Decodable, Hashable {
        var events: Int
        var played: Int
        var isPlaying: Bool
        var kinds: [String: Int]
    }

    func play(_ events: Int, seed: Int? = nil) async throws -> Progress {
        let body = #"{"events":\#(events)\#(seed.map { ",\"seed\":\($0)" } ?? "")}"#
        let request = HTTPRequest(
            method: .post, url: addresses.control + "/_simulator/play", body: Array(body.utf8), timeout: .seconds(60))
        return try JSONDecoder().decode(Progress.self, from: Data(try await client.send(request).body))
    }

    func day(_ method: HTTPMethod = .get) async throws -> Progress {
        let request = HTTPRequest(method: method, url: addresses.control + "/_simulator/day")
        return try JSONDecoder().decode(Progress.self, from: Data(try await client.send(request).body))
    }

    /// Everything that the ERP tells, by kind and key, without the times and counters that depend on when it was asked.
    func everything() async throws -> [String: ERPChange] {
        var all: [String: ERPChange] = [:]
        for kind in ERPChangeKind.allCases {
            var feed = Feed(kind)
            try await feed.read(erp, limit: 1_000)
            for (key, change) in feed.objects { all["\(kind.rawValue) \(key)"] = change }
        }
        return all
    }
}
