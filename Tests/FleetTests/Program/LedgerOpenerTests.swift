import Dispatch
import FleetTesting
import Ledger
import Logging
import Testing

@testable import Fleet

@Suite struct LedgerOpenerTests {
    private static let step = LedgerMigration(number: 1, name: "s", script: "CREATE TABLE s (a)")

    /// Opens the file at `path` as a worker does, waiting only for moments.
    private func open(_ path: String, patience: Duration, said: Shared<[String]>) async throws -> Ledger {
        let logger = Logger(label: "test") { _ in LineCatcher(lines: said) }
        let opener = LedgerOpener(
            path: path, logger: logger, options: .init(busyTimeout: .milliseconds(20)), patience: patience)
        return try await opener.open { try await $0.migrate(component: "store", [Self.step]) }
    }

    /// Runs `body` while another connection holds the write lock, until `body` calls what it is given.
    private func whileHeld(
        _ path: String, _ body: (_ release: @escaping @Sendable () -> Void) async throws -> Void
    ) async throws {
        let holder = try Ledger.open(path: path)
        let isOver = DispatchSemaphore(value: 0)
        let isHeld = Latch<Void>()
        let holding = Task {
            try await holder.write { _ in
                isHeld.open()
                isOver.wait()
            }
        }
        try await inTime { await isHeld.wait() }
        defer { isOver.signal() }
        try await body { isOver.signal() }
        isOver.signal()
        try await holding.value
        await holder.close()
    }

    @Test("a file that another program holds is waited for, and the log says so; then its tables are made")
    func waiting() async throws {
        try await TemporaryDirectory.with { directory in
            let (path, said) = (directory.file("ledger.db"), Shared<[String]>([]))
            try await whileHeld(path) { release in
                let opening = Task { try await open(path, patience: .seconds(60), said: said) }
                try await eventually { said.withLock { $0.count >= 2 } }
                release()
                let ledger = try await opening.value
                #expect(try await ledger.read { try $0.first("SELECT count(*) FROM s") { $0.integer(0) } } == 0)
                await ledger.close()
            }
            #expect(said.withLock { $0.allSatisfy { $0.contains("waiting for the ledger") && $0.contains(path) } })
        }
    }

    @Test("a file that is held for too long is given up with the reason")
    func patienceEnds() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("ledger.db")
            try await whileHeld(path) { _ in
                let error = await #expect(throws: LedgerError.self) {
                    try await open(path, patience: .zero, said: Shared([]))
                }
                #expect(error?.isBusy == true)
            }
        }
    }

    @Test("a file that is up to date is opened at once, whoever writes")
    func upToDate() async throws {
        try await TemporaryDirectory.with { directory in
            let (path, said) = (directory.file("ledger.db"), Shared<[String]>([]))
            await (try await open(path, patience: .zero, said: said)).close()
            try await whileHeld(path) { _ in
                await (try await open(path, patience: .zero, said: said)).close()
            }
            #expect(said.withLock { $0.isEmpty })
        }
    }

    @Test("what a person has to mend is not waited for")
    func otherFaults() async throws {
        let said = Shared<[String]>([])
        await #expect(throws: LedgerError.self) {
            try await open("/proc/ledger.db", patience: .seconds(60), said: said)
        }
        #expect(said.withLock { $0.isEmpty })
    }
}

/// Keeps what is logged.
private struct LineCatcher: LogHandler {
    let lines: Shared<[String]>
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
