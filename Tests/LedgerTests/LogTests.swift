import Dispatch
import Testing

@testable import Ledger

@Suite("Write-ahead log")
struct LogTests {
    private static let options = LedgerOptions(
        readTimeout: .milliseconds(50), logLimit: 1 << 20, checkpointEvery: 256 << 10)

    private func fill(_ ledger: Ledger, rounds: Range<Int>) async throws {
        for round in rounds {
            try await ledger.write { transaction throws in
                for number in 0..<20 {
                    try transaction.storePayload(
                        id: "\(round)-\(number)", body: [UInt8](repeating: UInt8(number), count: 2000), at: 1)
                }
            }
        }
    }

    @Test("without readers the log stays within its limit")
    func short() async throws {
        try await withLedger(Self.options) { ledger, folder async throws in
            try await fill(ledger, rounds: 0..<100)
            #expect(fileSize(folder.file + "-wal") <= 3 << 19)
        }
    }

    @Test(
        "the log is copied at a quarter of the free room, but neither more often than each 1 MiB nor later than configured",
        arguments: [(1 << 40, 32), (128 << 20, 32), (64 << 20, 16), (8 << 20, 2), (4 << 20, 1), (0, 1)])
    func bounds(room: Int, step: Int32) {
        var bounds = LogBounds(path: "/", options: .init())
        bounds.bound(byRoom: room)
        #expect(bounds.step == step * 256)
        #expect(bounds.limit == step * 4 * 256)
        var short = LogBounds(path: "/", options: Self.options)
        short.bound(byRoom: room)
        #expect(short.step == 64 && short.limit == 256)
    }

    @Test("a long reader makes the log grow only while it reads")
    func longReader() async throws {
        try await withLedger(Self.options) { ledger, folder async throws in
            let reader = try Ledger.open(path: folder.file)
            let (reading, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let counted: Int = try reader.read { snapshot throws in
                let before = try snapshot.outboxCount()
                reading.signal()
                gate.wait()
                return try snapshot.outboxCount() - before
            }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    reading.wait()
                    continuation.resume()
                }
            }
            try await fill(ledger, rounds: 0..<60)
            let grown = fileSize(folder.file + "-wal")
            #expect(grown > 2 << 20)
            gate.signal()
            #expect(try await counted == 0)
            try await fill(ledger, rounds: 60..<80)
            #expect(fileSize(folder.file + "-wal") <= 3 << 19)
            await reader.close()
        }
    }

    @Test(
        "the log of several processes stays bounded while they write, and shrinks after a long reader",
        .timeLimit(.minutes(1)))
    func severalWriters() async throws {
        try await withLedger(Self.options) { ledger, folder async throws in
            let other = try Ledger.open(path: folder.file, options: Self.options)
            for round in 0..<30 {
                try await fill(ledger, rounds: round * 2..<round * 2 + 1)
                try await fill(other, rounds: round * 2 + 1..<round * 2 + 2)
            }
            #expect(fileSize(folder.file + "-wal") <= 3 << 19)
            await other.close()
            #expect(try await ledger.read { try $0.first("PRAGMA integrity_check") { $0.text(0) } } == "ok")
        }
    }

    private func connection(_ folder: TemporaryFolder) throws -> SQLiteConnection { try .forCopying(folder.file) }

    /// How many frames are in the log after one small commit.
    private func frames(after connection: SQLiteConnection) throws -> Int32 {
        try connection.script("UPDATE probe SET beats = beats + 1")
        return connection.logFrames.pointee
    }

    @Test("while the log is copied nobody starts it from its beginning, where SQLite would lose track of the copy")
    func noRestart() throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let writer = try SQLiteConnection.openForWriting(path: folder.file, options: .init())
        try Migrator(component: LedgerSchema.component, migrations: LedgerSchema.migrations).migrate(writer)
        let other = try SQLiteConnection.openForWriting(path: folder.file, options: .init())
        let (copying, reading) = (try connection(folder), try connection(folder))
        let before = try frames(after: writer)
        try reading.beginReading()
        _ = try reading.first("SELECT 1 FROM sqlite_schema LIMIT 1", { _ in }, row: { $0.integer(0) })
        #expect(copying.copyLog()?.isWhole == true)
        #expect(try frames(after: other) > before)
        reading.rollback()
        _ = try LogCopier.copy(copying, whileReading: reading)
        // Everything is copied and nobody reads: the next commit starts the log anew.
        #expect(try frames(after: other) < before)
        for connection in [reading, copying, other, writer] { connection.close() }
    }

    @Test("a snapshot of the database alone does not keep the log from starting anew, but nothing is copied meanwhile")
    func nothingToCopy() throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let writer = try SQLiteConnection.openForWriting(path: folder.file, options: .init())
        try Migrator(component: LedgerSchema.component, migrations: LedgerSchema.migrations).migrate(writer)
        let (copying, reading) = (try connection(folder), try connection(folder))
        _ = try LogCopier.copy(copying, whileReading: reading)
        try reading.beginReading()
        _ = try reading.first("SELECT 1 FROM sqlite_schema LIMIT 1", { _ in }, row: { $0.integer(0) })
        #expect(try frames(after: writer) < 5)
        #expect(copying.copyLog()?.isWhole != true)
        reading.rollback()
        for connection in [reading, copying, writer] { connection.close() }
    }

    @Test("a read that takes too long is stopped, and the next one works")
    func deadline() async throws {
        try await withLedger(Self.options) { ledger, _ async throws in
            let error = await failure {
                try await ledger.read { snapshot throws in
                    try snapshot.first(
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
                    ) { $0.integer(0) }
                }
            }
            #expect(error == .readTooLong(limit: .milliseconds(50)))
            #expect(try await ledger.read { try $0.outboxCount() } == 0)
        }
    }
}
