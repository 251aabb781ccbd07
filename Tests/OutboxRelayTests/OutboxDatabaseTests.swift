import Fleet
import FleetTesting
import Glibc
import Ledger
import Testing

@testable import OutboxRelay

@Suite("The store's database")
struct OutboxDatabaseTests {
    /// What is wrong with the file, as a person is told; nil when nothing is.
    private static func fault(_ path: String) async -> ProgramError? {
        do throws(ProgramError) {
            try await OutboxDatabase.open(path).close()
            return nil
        } catch {
            return error
        }
    }

    @Test("a file that is not there is not made")
    func missing() async throws {
        try await TemporaryDirectory.with { directory in
            let fault = try #require(await Self.fault(directory.file("none.db")))
            #expect(fault.code == "outbox.cannot-open" && fault.exit == .configuration)
            #expect(fault.sentence.contains("none.db"))
            #expect(access(directory.file("none.db"), F_OK) != 0)
        }
    }

    @Test("a file of another kind, and a database without the table, are told apart")
    func otherFile() async throws {
        try await TemporaryDirectory.with { directory in
            let path = try ShopDatabase.makeEmptyFile(directory.file("shop.db"))
            let empty = try #require(await Self.fault(path))
            #expect(empty.code == "outbox.no-table" && empty.exit == .configuration)
            let file = try #require(fopen(path, "w"))
            fputs(String(repeating: "This is no database at all. ", count: 200), file)
            fclose(file)
            let text = try #require(await Self.fault(path))
            #expect(text.code == "outbox.corrupt" && text.exit == .configuration)
        }
    }

    @Test("a table of a newer version, and one that lacks a column, are refused by name")
    func otherTable() async throws {
        try await ShopDatabase.with { shop in
            let none = await Self.fault(shop.path)
            #expect(none == nil)
            try await shop.execute("UPDATE stevedore_outbox_schema SET version = 2")
            let newer = await Self.fault(shop.path)
            #expect(newer?.code == "outbox.newer-table")
            try await shop.execute("UPDATE stevedore_outbox_schema SET version = 1")
            try await shop.execute("ALTER TABLE stevedore_outbox RENAME COLUMN traceparent TO trace")
            let fault = try #require(await Self.fault(shop.path))
            #expect(fault.code == "outbox.other-table" && fault.sentence.contains("the column traceparent"))
        }
    }

    @Test("one insert of four columns is all that a store needs: everything else is there by itself")
    func defaults() async throws {
        try await ShopDatabase.with { shop in
            for _ in 0..<2 {
                try await shop.execute(
                    "INSERT INTO stevedore_outbox (type, subject, revision, data) VALUES ('t', 's', 1, '{}')")
            }
            let ids = try await shop.all()
            #expect(Set(ids).count == 2)
            #expect(ids.allSatisfy { $0.wholeMatch(of: Self.uuid) != nil })
            let database = try await OutboxDatabase.open(shop.path)
            let page = try await database.waiting(after: 0, rows: 10)
            await database.close()
            #expect(page.rows.map(\.id) == [1, 2] && page.isWhole && page.end == 2)
            #expect(page.rows.allSatisfy { OutboxRow.time(of: $0.createdAt) != nil })
        }
    }

    private static var uuid: Regex<Substring> {
        #/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/#
    }

    @Test("what no row may be is refused while the store's transaction is still open", arguments: ["''", "NULL"])
    func checks(subject: String) async throws {
        _ = try await ShopDatabase.with { shop in
            await #expect(throws: LedgerError.self) {
                try await shop.execute(
                    "INSERT INTO stevedore_outbox (type, subject, revision, data) VALUES ('t', \(subject), 1, '{}')")
            }
        }
    }

    @Test("rows are read in parts, by count and by size, and by the types that are wanted")
    func parts() async throws {
        try await ShopDatabase.with { shop in
            for number in 1...6 {
                try await shop.execute(
                    """
                    INSERT INTO stevedore_outbox (type, subject, revision, data)
                    VALUES ('\(number.isMultiple(of: 2) ? "even" : "odd")', 's', \(number), 'abcd')
                    """)
            }
            let database = try await OutboxDatabase.open(shop.path)
            let few = try await database.waiting(after: 1, rows: 2)
            #expect(few.rows.map(\.id) == [2, 3] && !few.isWhole && few.end == 3)
            let short = try await database.waiting(after: 0, rows: 9, bytes: 9)
            #expect(short.rows.map(\.id) == [1, 2, 3] && !short.isWhole)
            let even = try await database.waiting(after: 0, .only(["even"]), rows: 9)
            #expect(even.rows.map(\.id) == [2, 4, 6] && even.isWhole)
            let others = try await database.waiting(after: 0, .except(["even"]), rows: 9)
            #expect(others.rows.map(\.id) == [1, 3, 5] && others.end == 6)
            await database.close()
        }
    }

    @Test("only sent rows that are old enough are deleted, a few at a time")
    func prune() async throws {
        try await ShopDatabase.with { shop in
            for number in 1...8 {
                try await shop.execute(
                    "INSERT INTO stevedore_outbox (type, subject, revision, data) VALUES ('t', 's', \(number), '{}')")
            }
            try await shop.execute("UPDATE stevedore_outbox SET sent_at = '2020-01-01T00:00:00.000Z' WHERE id <= 5")
            try await shop.execute(
                "UPDATE stevedore_outbox SET sent_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE id = 6")
            try await shop.execute("UPDATE stevedore_outbox SET refused_code = 'c' WHERE id = 7")
            let database = try await OutboxDatabase.open(shop.path)
            var removed: [Int] = []
            for _ in 0..<3 {
                removed.append(try await database.prune(sentBefore: .seconds(7 * 86_400), limit: 3))
            }
            await database.close()
            #expect(removed == [3, 2, 0])
            let left = try await shop.texts("SELECT id FROM stevedore_outbox ORDER BY id")
            #expect(left == ["6", "7", "8"])
        }
    }

    @Test("only refused rows are let go again, those that are named or all")
    func retry() async throws {
        try await ShopDatabase.with { shop in
            for number in 1...4 {
                try await shop.execute(
                    "INSERT INTO stevedore_outbox (type, subject, revision, data) VALUES ('t', 's', \(number), '{}')")
            }
            try await shop.execute("UPDATE stevedore_outbox SET refused_code = 'c', refused_text = 't' WHERE id > 1")
            let database = try await OutboxDatabase.open(shop.path)
            let named = try await database.retry([1, 2, 99])
            let refused = try await database.refused(limit: 1).map(\.id)
            #expect(named == [2] && refused == [3])
            let before = try await database.counts()
            let all = try await database.retry(nil)
            let after = try await database.counts()
            #expect(before.refused == 2 && all == [3, 4] && after.waiting == 4)
            await database.close()
        }
    }
}
