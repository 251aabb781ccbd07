import Ledger
import Testing

@Suite("Tables")
struct TableTests {
    @Test("the journal gives back the newest steps of a subject or a message, oldest first")
    func journal() async throws {
        try await withLedger { ledger, _ async throws in
            let entries = (1...5).map { number in
                JournalEntry(
                    at: Int64(number), messageID: number < 4 ? "m" : "n", type: "order.placed.v1", subject: "A",
                    revision: 3, stage: "apply", code: "done", detail: "😀 '; DROP TABLE journal; --\u{0}after",
                    worker: "w", attempt: number, durationMicroseconds: 12, traceID: "t")
            }
            try await ledger.write { transaction in for entry in entries { try transaction.journal(entry) } }
            let bare = JournalEntry(at: 9, stage: "decode", code: "malformed.json")
            try await ledger.write { try $0.journal(bare) }
            #expect(try await ledger.read { try $0.journalEntries(subject: "A", limit: 2) } == Array(entries.suffix(2)))
            #expect(try await ledger.read { try $0.journalEntries(messageID: "m") } == Array(entries.prefix(3)))
            #expect(try await ledger.read { try $0.journalEntries(subject: "unknown") } == [])
        }
    }

    @Test("a long journal is searched through all chunks of its index, and only as far as asked")
    func longJournal() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction in
                for number in 1...20_000 {
                    let isAsked = number % 5_000 == 1
                    try transaction.journal(
                        JournalEntry(
                            at: Int64(number), messageID: isAsked ? "m" : "n\(number)", subject: isAsked ? "A" : "B",
                            stage: "apply", code: "done"))
                }
            }
            try await ledger.read { snapshot throws in
                #expect(try snapshot.journalEntries(subject: "A").map(\.at) == [1, 5_001, 10_001, 15_001])
                #expect(try snapshot.journalEntries(subject: "A", limit: 2).map(\.at) == [10_001, 15_001])
                #expect(try snapshot.journalEntries(messageID: "m", limit: 3).map(\.at) == [5_001, 10_001, 15_001])
                #expect(try snapshot.journalEntries(messageID: "n9").map(\.at) == [9])
            }
        }
    }

    @Test("a name leads to its subjects, once each")
    func aliases() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                for subject in ["A", "B", "A"] {
                    try transaction.addAlias(kind: "po", value: "PO-1", family: "order", subject: subject)
                }
                try transaction.addAlias(kind: "erp", value: "PO-1", family: "order", subject: "C")
            }
            let all = try await ledger.read { try $0.subjects(forAlias: "PO-1") }
            #expect(all.map(\.subject) == ["C", "A", "B"])
            let orders = try await ledger.read { try $0.subjects(forAlias: "PO-1", kind: "po") }
            #expect(orders.map(\.subject) == ["A", "B"])
        }
    }

    @Test("bodies come back byte for byte, compressed or not", arguments: [0, 1, 511, 2048, 5000, 300_000])
    func payloads(size: Int) async throws {
        try await withLedger { ledger, _ async throws in
            var random = SeededNumbers(seed: UInt64(size))
            let text = (0..<size).map { UInt8(ascii: "a") + UInt8($0 % 7) }
            let noise = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
            try await ledger.write { transaction throws in
                #expect(try transaction.storePayload(id: "text", body: text, properties: ["k": "v:1"], at: 4))
                #expect(try transaction.storePayload(id: "noise", body: noise, at: 5))
                #expect(try !transaction.storePayload(id: "text", body: noise, at: 6))
            }
            let stored = try await ledger.read { try $0.payload(id: "text") }
            #expect(stored?.body == text && stored?.properties == ["k": "v:1"] && stored?.storedAt == 4)
            #expect(try await ledger.read { try $0.payload(id: "noise") }?.body == noise)
            #expect(try await ledger.read { try $0.payload(id: "none") } == nil)
            let bytes = try await ledger.read {
                try $0.first("SELECT length(body) FROM payload WHERE id = 'text'") { $0.integer(0) }
            }
            #expect(size < 2048 ? bytes == Int64(size) : (bytes ?? 0) < Int64(size / 8))
        }
    }

    @Test("a body that is kept already is kept once, with what is said of it last")
    func properties() async throws {
        try await withLedger { ledger, _ async throws in
            let body = Array("{}".utf8)
            let kept = try await ledger.write { transaction throws in
                try [[:], ["k": "1"], ["k": "2"], [:]].map { properties in
                    try body.withUnsafeBytes {
                        try transaction.storeBody(id: "m", body: $0, properties: properties, at: 1)
                    }
                }
            }
            #expect(kept == ["m", "m", "m", "m"])
            #expect(try await ledger.read { try $0.payload(id: "m")?.properties } == ["k": "2"])
        }
    }

    @Test("a revision counter counts for each object from 1 and takes back what fails")
    func counters() async throws {
        try await withLedger { ledger, _ async throws in
            let first = try await ledger.write { transaction throws in
                [
                    try transaction.nextRevision(family: "f", subject: "a"),
                    try transaction.nextRevision(family: "f", subject: "a"),
                    try transaction.nextRevision(family: "f", subject: "b"),
                ]
            }
            #expect(first == [1, 2, 1])
            _ = await failure {
                try await ledger.write {
                    _ = try $0.nextRevision(family: "f", subject: "a")
                    throw LedgerError.closed
                }
            }
            #expect(try await ledger.write { try $0.nextRevision(family: "f", subject: "a") } == 3)
        }
    }

    @Test("statements of projections bind and read every kind of value")
    func projections() async throws {
        try await withLedger { ledger, _ async throws in
            let script = "CREATE TABLE item (a INTEGER, b REAL, c TEXT, d BLOB, e TEXT)"
            let migration = LedgerMigration(number: 1, name: "items", script: script)
            try await ledger.migrate(component: "store", [migration])
            try await ledger.migrate(component: "store", [migration])
            let long = String(repeating: "é", count: 100_000)
            try await ledger.write { transaction throws in
                let changed = try transaction.execute(
                    "INSERT INTO item VALUES (?, ?, ?, ?, ?)", .integer(.min), .real(0.5), .text(long), .blob([]), nil)
                #expect(changed == 1)
                try transaction.execute("INSERT INTO item VALUES (?, ?, ?, ?, ?)") { bind in
                    bind.integer(nil)
                    bind.real(1.5)
                    bind.text("literal" as StaticString)
                    bind.blob([UInt8](repeating: 3, count: 70_000))
                    bind.null()
                }
                #expect(try transaction.execute(text: "UPDATE item SET a = ? WHERE b = 1.5", [7]) == 1)
            }
            let rows = try await ledger.read { snapshot throws in
                try snapshot.query("SELECT a, b, c, length(d), e FROM item WHERE b < ? ORDER BY b", .real(9)) { row in
                    "\(row.integer(0)) \(row.real(1)) \(row.text(2).count) \(row.integer(3)) \(row.isNull(4))"
                }
            }
            #expect(rows == ["\(Int64.min) 0.5 100000 0 true", "7 1.5 7 70000 true"])
        }
    }

    @Test("a statement with too few values is refused instead of using old ones")
    func missingValues() async throws {
        try await withLedger { ledger, _ async throws in
            let refused = await failure {
                try await ledger.write { try $0.execute("UPDATE probe SET beats = ? WHERE id = ?", 1) }
            }
            #expect(refused?.sentence.contains("2 values are needed") == true)
        }
    }

    @Test("a statement can be run again while its own rows are being read")
    func nested() async throws {
        try await withLedger { ledger, _ async throws in
            @Sendable func pairs(_ snapshot: LedgerSnapshot, depth: Int) throws(LedgerError) -> [String] {
                try snapshot.query(
                    "SELECT value FROM (SELECT ? AS value UNION SELECT ?)", .text("x\(depth)"), .text("y\(depth)")
                ) {
                    (row) throws(LedgerError) in
                    let inner = depth == 0 ? [] : try pairs(snapshot, depth: depth - 1)
                    return row.text(0) + "(" + inner.joined(separator: ",") + ")"
                }
            }
            let found = try await ledger.read { try pairs($0, depth: 2) }
            #expect(found == ["x2(x1(x0(),y0()),y1(x0(),y0()))", "y2(x1(x0(),y0()),y1(x0(),y0()))"])
        }
    }
}
