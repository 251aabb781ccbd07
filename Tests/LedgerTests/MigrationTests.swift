import CSQLite
import Glibc
import Testing

@testable import Ledger

@Suite("Migrations")
struct MigrationTests {
    private func step(_ number: Int, _ script: String) -> LedgerMigration {
        LedgerMigration(number: number, name: "step \(number)", script: script)
    }

    @Test("a file of a newer version is refused, for writing and for reading")
    func newer() async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        await (try Ledger.open(path: folder.file)).close()
        let future = (1...9).map { step($0, "CREATE TABLE future\($0) (a)") }
        await (try Ledger.open(path: folder.file, options: .init(), migrations: future)).close()
        let error = LedgerError.newerSchema(component: "ledger", found: 9, known: 6)
        #expect(throws: error) { try Ledger.open(path: folder.file) }
        #expect(throws: error) { try Ledger.openReadOnly(path: folder.file) }
    }

    @Test("a file of an older version is refused for reading only, and brought up to date for writing")
    func older() async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let ledger = try Ledger.open(path: folder.file, options: .init(), migrations: [])
        try await ledger.migrate(component: "other", [step(1, "CREATE TABLE other (a)")])
        await ledger.close()
        #expect(throws: LedgerError.olderSchema(component: "ledger", found: 0, known: 6)) {
            try Ledger.openReadOnly(path: folder.file)
        }
        await (try Ledger.open(path: folder.file)).close()
        await (try Ledger.openReadOnly(path: folder.file)).close()
    }

    @Test("a step that fails leaves the steps before it done and itself undone, and can be repeated")
    func failing() async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let broken = [
            step(1, "CREATE TABLE a (x)"),
            step(2, "CREATE TABLE b (x); INSERT INTO a VALUES (1); INSERT INTO missing VALUES (1)"),
        ]
        let error = #expect(throws: LedgerError.self) {
            try Ledger.open(path: folder.file, options: .init(), migrations: broken)
        }
        #expect(error?.code == "ledger.sql")
        let mended = [broken[0], step(2, "CREATE TABLE b (x); INSERT INTO a VALUES (2)")]
        let ledger = try Ledger.open(path: folder.file, options: .init(), migrations: mended)
        #expect(try await ledger.read { try $0.query("SELECT x FROM a") { $0.integer(0) } } == [2])
        await ledger.close()
    }

    @Test("a process killed inside a step leaves a file that the next one finishes", arguments: 1...3)
    func killed(step number: Int) async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let victim = try Probe("migrate", folder.file, "\(number)")
        #expect(await victim.line() == nil)
        #expect(await victim.wait() == SIGKILL)
        let survivor = try Probe("migrate", folder.file)
        #expect(await survivor.line() == "done")
        await survivor.wait()
        let steps = (1...3).map { step($0, "") }
        let ledger = try Ledger.open(path: folder.file, options: .init(), migrations: steps)
        let rows = try await ledger.read {
            try $0.first("SELECT (SELECT sum(a) FROM t1) + (SELECT sum(a) FROM t2) + (SELECT sum(a) FROM t3)") {
                $0.integer(0)
            }
        }
        #expect(rows == 3)
        await ledger.close()
    }

    @Test("eight ledgers that create one file at the same moment all open it")
    func together() async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let ledger = try Ledger.open(path: folder.file)
                    try await ledger.migrate(
                        component: "store", [LedgerMigration(number: 1, name: "s", script: "CREATE TABLE s (a)")])
                    await ledger.close()
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("a file of which another process makes a ledger at this very moment is a ledger, not a stranger's file")
    func overtaken() throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let connection = try SQLiteConnection(path: folder.file, mode: .create, busyTimeout: .seconds(10))
        let other = Interjection { _ = try Ledger.open(path: folder.file) }
        other.wait(for: connection)
        #expect(try Migrator.identify(connection) == .ledger)
        #expect(try other.outcome?.get() != nil)
    }
}

/// Something that happens just as a connection is about to run its next `SELECT`.
private final class Interjection {
    private let body: () throws -> Void
    private(set) var outcome: Result<Void, any Error>?

    init(_ body: @escaping () throws -> Void) { self.body = body }

    /// The connection keeps no reference: it has to go before this value does.
    func wait(for connection: SQLiteConnection) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        sqlite3_set_authorizer(
            connection.handle,
            { context, action, _, _, _, _ in
                guard action == SQLITE_SELECT, let context else { return SQLITE_OK }
                Unmanaged<Interjection>.fromOpaque(context).takeUnretainedValue().happen()
                return SQLITE_OK
            }, context)
    }

    private func happen() {
        if outcome == nil { outcome = Result { try body() } }
    }
}
