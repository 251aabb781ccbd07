import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

/// A ledger in which a test lets outages happen, and looks at them as an operator does; it is 12 o'clock.
struct OutagesDesk: Sendable {
    let ledger: Ledger
    let path: String

    static let hostile = "</li><script>alert(\"x\")</script>'\u{1B}[31m\u{202E}"

    static func with(_ body: (OutagesDesk) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("ledger.db")
            let ledger = try Ledger.open(path: path)
            try await FleetTables.migrate(ledger)
            try await body(OutagesDesk(ledger: ledger, path: path))
            await ledger.close()
        }
    }

    /// Of the tenth of March.
    static func at(_ clock: String) throws -> Int64 {
        try #require(Timestamp(rfc3339: "2026-03-10T\(clock)Z")).microseconds
    }

    static func now() throws -> Int64 { try at("12:00:00") }

    static func failure(_ sentence: String = "Nothing listens there.") -> Failure {
        Failure(code: "erp.unavailable", category: .unavailable, sentence: sentence, remedy: "Start it.")
    }

    // MARK: - What happens

    /// An outage with that number; it lasts unless an end is named.
    func outage(
        _ number: Int64, of destination: String = "erp", from began: String, to ended: String? = nil,
        drained: String? = nil, because reason: String = "Nothing listens there."
    ) async throws {
        var outage = Outage(number: number, of: destination, because: Self.failure(reason), at: try Self.at(began))
        if let ended {
            outage.ended(at: try Self.at(ended))
            outage.drainedAt = try drained.map { try Self.at($0) }
        }
        let saved = outage
        try await ledger.write { try $0.save(saved) }
    }

    /// What waited in the orders' queue, at times of that day.
    func samples(_ number: Int64, _ readings: [(clock: String, ready: Int64)]) async throws {
        for reading in readings {
            let sample = OutageSample(
                outage: number, at: try Self.at(reading.clock), queue: "orders.to-erp", ready: reading.ready)
            try await ledger.write { try $0.record(sample) }
        }
    }

    @discardableResult
    func plan(
        _ from: String, _ until: String, of destination: String = "erp",
        because reason: String = "The ERP is upgraded.", now: String = "12:00:00"
    ) async throws -> MaintenanceWindow {
        let draft = WindowDraft(
            destination: destination, from: try Self.at(from), until: try Self.at(until), reason: reason,
            by: "anna@console-2", now: try Self.at(now))
        return try await ledger.write { try $0.perform(draft) }
    }

    // MARK: - What is seen

    func report(_ number: Int64? = nil, now: String = "12:00:00") async throws -> OutageReport {
        let time = try Self.at(now)
        return try await ledger.read { try OutageReport(try $0.outage(shownFor: number, at: time), $0, now: time) }
    }

    func listing(limit: Int = 20, all: Bool = false, now: String = "12:00:00") async throws -> OutageListing {
        let time = try Self.at(now)
        return try await ledger.read { try OutageListing($0, limit: limit, all: all, now: time) }
    }

    /// What was written down of operators, the last first: `plan-outage anna@console-2: The ERP is upgraded.`
    func actions() async throws -> [String] {
        try await ledger.read { try $0.operatorActions().map { "\($0.action) \($0.by): \($0.reason)" } }
    }

    /// The refusal's code; `ok` when there is none.
    func code(_ body: @escaping @Sendable (LedgerTransaction) throws -> Void) async -> String {
        do {
            try await ledger.write(body)
            return "ok"
        } catch {
            return (error as? ProgramError)?.code ?? "\(error)"
        }
    }

    // MARK: - The program

    /// Runs `stevedore outages` on this ledger, where no broker is.
    func run(
        _ arguments: [String]
    ) async throws -> (status: FleetTesting.ExitStatus, output: [String], errors: [String]) {
        let process = try ChildProcess(
            "stevedore", arguments: ["outages"] + arguments,
            environment: ["STEVEDORE_LEDGER_PATH": path, "STEVEDORE_AMQP_URLS": "amqp://127.0.0.1:1"])
        let status = try await process.waitForExit(within: .seconds(60))
        return (status, process.output, process.errors)
    }
}
