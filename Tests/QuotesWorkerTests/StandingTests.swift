import FleetTesting
import Ledger
import Logging
import Models
import Synchronization
import Testing

@testable import Fleet
@testable import QuotesWorker

@Suite("Outages as a worker sees them that only asks questions", .timeLimit(.minutes(2)))
struct StandingTests {
    private final class Said: Sendable {
        let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
    }

    private struct Catcher: LogHandler {
        let said: Said
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { said.lines.withLock { $0.append("\(event.message)") } }
    }

    private static func plan(_ ledger: Ledger) async throws -> MaintenanceWindow {
        let now = Timestamp.now().microseconds
        let window = MaintenanceWindow(
            destination: ERPStanding.destination, startsAt: now - 1_000_000, endsAt: now + 3_600_000_000,
            reason: "An update", plannedBy: "ann", plannedAt: now - 2_000_000)
        return try await ledger.write { try $0.plan(window) }
    }

    /// Another worker finds the ERP back.
    private static func end(_ ledger: Ledger) async -> Bool {
        let breaker = Breaker(
            destination: ERPStanding.destination, worker: "w-2", ledger: ledger, logger: Asked.quiet)
        guard await breaker.turn() == .probe else { return false }
        await breaker.probed(nil)
        return await breaker.end()
    }

    @Test("the end of a planned outage that another worker has found is said, once, and not before")
    func ended() async throws {
        try await withQuoteLedger { ledger in
            let said = Said()
            let logger = Logger(label: "test") { _ in Catcher(said: said) }
            let standing = ERPStanding(worker: "w-1", ledger: ledger, logger: logger)
            let window = try await Self.plan(ledger)
            for _ in 0..<2 { await standing.look() }
            #expect(standing.outage != nil)
            #expect(said.all == ["planned outage began"])
            try await ledger.write { _ = try $0.cancelWindow(number: window.number, at: Timestamp.now().microseconds) }
            await standing.look()
            #expect(said.all == ["planned outage began"])
            #expect(await Self.end(ledger))
            for _ in 0..<2 { await standing.look() }
            #expect(standing.outage == nil)
            #expect(said.all == ["planned outage began", "planned outage ended"])
        }
    }
}
