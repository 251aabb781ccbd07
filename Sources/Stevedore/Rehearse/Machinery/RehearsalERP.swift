internal import Fleet
internal import FoundationEssentials
internal import HTTPClient

/// The simulated ERP of a rehearsal, and the switches of it.
struct RehearsalERP: Sendable {
    let program: RehearsedProgram
    /// What workers call.
    let url: String
    private let control: String
    private let client: HTTPClient

    static func start(on site: RehearsalSite, seed: UInt64) async throws(ProgramError) -> RehearsalERP {
        let program = try site.start(
            "erp-simulator", path: try ChildProgram.sibling("erp-simulator"),
            arguments: ["--port", "0", "--database", site.folder.file("erp.sqlite"), "--seed", "\(seed)"],
            environment: RehearsalSite.environment)
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            if let url = program.said(after: "listening on "), let control = program.said(after: "control on ") {
                return RehearsalERP(program: program, url: url, control: control, client: try makeClient())
            }
            let isLost = program.ended != nil || ContinuousClock.now > deadline
            if isLost { throw RehearsalError.notStarted("The simulated ERP", program.lastWords) }
            try await site.rest(.milliseconds(50))
        }
    }

    func close() async { await client.close() }

    // MARK: - Switches

    /// Refuses every connection, from when this returns.
    func goDown() async throws(ProgramError) { try await send(.post, "faults", #"{"kind":"down"}"#) }

    /// Takes calls again, so many at once, each of which takes so long.
    func comeBack(latency seconds: Double, atOnce: Int) async throws(ProgramError) {
        let microseconds = Int((seconds * 1_000_000).rounded())
        let latency = "\(microseconds / 1_000).\(String(microseconds % 1_000 + 1_000).dropFirst())ms"
        try await send(.delete, "faults", nil)
        if microseconds > 0 {
            try await send(.post, "faults", #"{"kind":"latency","latency":"\#(latency)","path":"/orders"}"#)
        }
        try await send(.post, "faults", #"{"kind":"capacity","limit":\#(atOnce),"path":"/orders"}"#)
    }

    /// Nothing is in the way any more.
    func flawless() async throws(ProgramError) { try await send(.delete, "faults", nil) }

    // MARK: - Its books

    /// What its books say of themselves.
    func summary() async throws(ProgramError) -> ERPSummary {
        let answer = try await ask("\(control)/_simulator/summary", "its summary")
        guard let summary = try? JSONDecoder().decode(ERPSummary.self, from: Data(answer)) else {
            throw RehearsalError.simulator("its summary")
        }
        return summary
    }

    /// Whether it has worked on an order after so many requests.
    func hasWorked(since requests: Int) async throws(ProgramError) -> Bool {
        let answer = try await ask("\(control)/_simulator/audit?since=\(requests)&limit=1000", "its audit")
        guard let audit = try? JSONDecoder().decode(ERPAudit.self, from: Data(answer)) else {
            throw RehearsalError.simulator("its audit")
        }
        return audit.entries.contains { ERPSummary.work.contains($0.effect) }
    }

    /// Every order of the store in its books, page by page.
    func orders(_ body: ([ERPBookRow]) -> Void) async throws(ProgramError) {
        var cursor = "0"
        while true {
            let answer = try await ask("\(url)/changes/orders?limit=1000&since=\(cursor)", "its orders")
            guard let page = try? JSONDecoder().decode(ERPBookPage.self, from: Data(answer)) else {
                throw RehearsalError.simulator("its orders")
            }
            body(page.changes)
            guard page.hasMore, page.cursor != cursor else { return }
            cursor = page.cursor
        }
    }

    private func ask(_ url: String, _ what: String) async throws(ProgramError) -> [UInt8] {
        do throws(HTTPError) {
            let answer = try await client.send(
                HTTPRequest(url: url, timeout: .seconds(120), maxResponseBytes: 64 << 20))
            guard answer.status == 200 else { throw HTTPError.invalidRequest("status \(answer.status)") }
            return answer.body
        } catch {
            throw RehearsalError.simulator(what)
        }
    }

    private func send(_ method: HTTPMethod, _ path: String, _ body: String?) async throws(ProgramError) {
        do throws(HTTPError) {
            let answer = try await client.send(
                HTTPRequest(
                    method: method, url: "\(control)/_simulator/\(path)",
                    headers: ["content-type": "application/json"], body: body.map { Array($0.utf8) }))
            guard answer.status < 300 else { throw HTTPError.invalidRequest("status \(answer.status)") }
        } catch {
            throw RehearsalError.simulator("another behaviour")
        }
    }

    private static func makeClient() throws(ProgramError) -> HTTPClient {
        do throws(HTTPError) { return try HTTPClient() } catch { throw RehearsalError.simulator("anything") }
    }
}

/// The books of the simulated ERP in figures.
struct ERPSummary: Decodable, Hashable, Sendable {
    struct Duplicate: Decodable, Hashable, Sendable {
        var storeNumber: String
    }

    var orders: Int
    var requests: Int
    var effects: [String: Int]
    var duplicates: [Duplicate]

    /// What becomes of a call that enters, changes or calls off an order.
    static let work: Set<String> = ["created", "amended", "cancelled", "tombstoned", "repeated", "superseded"]

    /// How many such calls there were.
    var worked: Int { Self.work.reduce(0) { $0 + (effects[$1] ?? 0) } }
}

/// A page of its audit.
private struct ERPAudit: Decodable {
    struct Entry: Decodable {
        var effect: String
    }

    var entries: [Entry]
}

/// An order as the simulated ERP lists it.
struct ERPBookRow: Decodable, Hashable, Sendable {
    /// Nil for one that was keyed in the ERP.
    var storeNumber: String?
    var storeRevision: Int64?
    var state: String
}

/// A page of them.
struct ERPBookPage: Decodable, Hashable, Sendable {
    var changes: [ERPBookRow]
    var cursor: String
    var hasMore: Bool
}
