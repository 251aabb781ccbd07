import ERP
import FleetTesting
import Ledger
import Logging
import Models
import Storefront

@testable import ERPFeed
@testable import Fleet

/// One run of a process that reads products from a double of the ERP and tells them to a double of the broker. The next
/// run over the same directory has nothing of it but the ledger's file.
struct FeedRun: Sendable {
    static let stream = FeedStream(kind: .products, warehouse: nil)
    private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    let reader: StreamReader
    let pulse: FeedPulse

    private var ledger: Ledger { reader.ledger }

    private init(_ erp: PagedERP, _ sink: SinkDouble, _ ledger: Ledger, _ holder: String, _ settings: FeedSettings) {
        let tools = CompanionTools(
            holder: holder, ledger: ledger, publisher: sink, outboxWake: WakeSignal(), logger: Self.quiet)
        reader = StreamReader(
            stream: Self.stream, erp: erp, ledger: ledger, tools: tools, settings: settings, logger: Self.quiet)
        pulse = FeedPulse(logger: Self.quiet)
    }

    /// Lends a run over the directory's ledger. It rests for good once nothing is new, and looks back at nothing.
    static func with<Result>(
        _ directory: TemporaryDirectory, _ erp: PagedERP, _ sink: SinkDouble = SinkDouble(), holder: String = "f-1",
        pageSize: Int = 3, rate: Int = 5_000, isolation: isolated (any Actor)? = #isolation,
        _ body: (FeedRun) async throws -> Result
    ) async throws -> Result {
        let ledger = try Ledger.open(path: directory.file("ledger.db"))
        try await FleetTables.migrate(ledger)
        try await DatabaseStorefront.migrate(ledger)
        try await FeedTables.migrate(ledger)
        let settings = FeedSettings(interval: .seconds(3_600), pageSize: pageSize, rate: rate, lookBack: .zero)
        let result = try await body(FeedRun(erp, sink, ledger, holder, settings))
        await ledger.close()
        return result
    }

    /// Reads while the body does whatever it does, and stops as at the end of the process.
    func polling(_ body: () async throws -> Void) async throws {
        let running = Task { [reader, pulse] in await StreamPoller(reader, pulse: pulse).run() }
        do {
            try await body()
        } catch {
            pulse.stop()
            running.cancel()
            throw error
        }
        pulse.stop()
        let isDone = await withDeadline(.seconds(30)) { await running.value }
        guard isDone else { throw TestingError.timedOut("the end of a run") }
    }

    /// Reads the first page of all.
    func readFirstPage() async throws -> FeedCursor {
        let now = Timestamp.now().microseconds
        return try await reader.step(.beginning(Self.stream.description, .live, now: now))
    }

    /// Has everything told again, as `erp-feed resync` does.
    func resync() async throws {
        try await ledger.write { transaction in
            let (stream, now) = (Self.stream.description, Timestamp.now().microseconds)
            let before = try transaction.feedCursor(stream, .full)
            var full = FeedCursor.beginning(stream, .full, after: before, now: now)
            (full.isForced, full.movedAt) = (true, now)
            try transaction.save(full)
        }
    }

    /// Where a pass stands in the ledger; nil when it has not begun.
    func cursor(_ pass: FeedCursor.Pass) async throws -> FeedCursor? {
        try await ledger.read { try $0.feedCursor(Self.stream.description, pass) }
    }

    /// Which revision of each is noted as told in the ledger.
    func told(_ subjects: [String]) async throws -> [Int64] {
        try await ledger.read { snapshot in
            try subjects.map { try snapshot.toldRevision(family: Self.stream.kind.family, subject: $0) }
        }
    }

    /// What the journal says of that code, as `P-1: why`.
    func journal(_ code: String) async throws -> [String] {
        try await ledger.read { snapshot in
            try snapshot.query("SELECT subject || ': ' || detail FROM journal WHERE code = ? ORDER BY 1", .text(code)) {
                $0.text(0)
            }
        }
    }

    /// What the ledger says that the store is not told, as `P-1 incomplete 2: why`.
    func gaps() async throws -> [String] {
        try await ledger.read { snapshot in
            try snapshot.feedGaps().map { "\($0.key) \($0.kind.rawValue) \($0.parts): \($0.reason)" }
        }
    }

    /// Since when, by key.
    func gapsSince() async throws -> [String: Int64] {
        try await ledger.read { snapshot in
            Dictionary(uniqueKeysWithValues: try snapshot.feedGaps().map { ($0.key, $0.since) })
        }
    }

    /// What the ledger says that the stream waits for; nil when it does not.
    func wait() async throws -> FeedWait? {
        try await ledger.read { try FeedWait.all($0, now: Timestamp.now().microseconds).first }
    }

    /// Has all of it read again, to the end.
    func readAgain() async throws {
        try await resync()
        while let cursor = try await cursor(.full), cursor.finishedAt == nil { _ = try await reader.step(cursor) }
    }

    /// Returns once the ledger says that a pass has come to its end.
    func waitForEnd(of pass: FeedCursor.Pass) async throws {
        try await eventually("the end of the \(pass.rawValue) read") { try await cursor(pass)?.finishedAt != nil }
    }
}
