import Ledger
import Testing

/// What it takes to get somebody out of the ledger's file.
@Suite("Erasure")
struct ErasureTests {
    private static let canary = "Canary Ruiz of 17 Feather Lane"

    /// Whether the canary is anywhere in the ledger's files.
    private func isThere(_ folder: TemporaryFolder) -> Bool {
        ["", "-wal"].contains { end in
            Self.contains(contents(of: folder.file + end), Array(Self.canary.utf8))
        }
    }

    private static func contains(_ bytes: [UInt8], _ word: [UInt8]) -> Bool {
        guard bytes.count >= word.count else { return false }
        return bytes.indices.dropLast(word.count - 1).contains { start in
            bytes[start] == word[0] && bytes[start..<(start + word.count)].elementsEqual(word)
        }
    }

    private func fill(_ ledger: Ledger) async throws {
        // One commit each, so that the log has old states of the same pages, and pages that come to be split.
        for number in 0..<300 {
            try await ledger.write { transaction in
                let detail = "\(number) \(Self.canary)"
                try transaction.journal(
                    JournalEntry(at: 1, messageID: "m-\(number)", stage: "s", code: "c", detail: detail))
                try transaction.storePayload(
                    id: "m-\(number)", body: Array("{\"name\":\"\(Self.canary)\"}".utf8),
                    properties: ["headers.x": Self.canary], at: 1)
            }
        }
    }

    private func erase(_ ledger: Ledger) async throws {
        try await ledger.overwriteDeleted()
        var last: Int64 = 0
        while true {
            let page = try await ledger.read { [last] in try $0.payloads(behind: last, limit: 50) }
            guard let end = page.last else { break }
            last = end.number
            try await ledger.write { transaction in
                for var kept in page {
                    (kept.payload.body, kept.payload.properties) = ([1, 2, 3], ["headers.x": "erased"])
                    try transaction.replacePayload(kept)
                }
                try transaction.execute("UPDATE journal SET detail = 'erased'")
            }
        }
    }

    @Test("what was erased is in no byte of the file and its log")
    func files() async throws {
        try await withLedger { ledger, folder in
            try await fill(ledger)
            #expect(isThere(folder))
            try await erase(ledger)
            #expect(isThere(folder))
            try await ledger.rewriteFile()
            #expect(try await ledger.scrubLog() == .done)
            #expect(!isThere(folder))
        }
    }

    @Test("a reader of an old state keeps the log, which is said, and the rest goes when it is through")
    func reader() async throws {
        try await withLedger { ledger, folder in
            try await fill(ledger)
            let other = try Ledger.openReadOnly(path: folder.file)
            let (began, hasBegun) = AsyncStream<Void>.makeStream()
            let (ended, mayEnd) = AsyncStream<Void>.makeStream()
            let gate = ReadGate()
            let reading = Task {
                try await other.read { snapshot in
                    _ = try snapshot.outboxCount()
                    hasBegun.yield()
                    gate.wait()
                }
                mayEnd.yield()
            }
            for await _ in began { break }
            try await erase(ledger)
            #expect(try await ledger.scrubLog(patience: .milliseconds(100)) == .logInUse)
            gate.open()
            for await _ in ended { break }
            try await reading.value
            #expect(try await ledger.scrubLog() == .done)
            await other.close()
        }
    }

    @Test("bodies come in pages, each once, and come back as they were replaced, compressed or not")
    func pages() async throws {
        try await withLedger(LedgerOptions(compressFrom: 100)) { ledger, _ in
            try await ledger.write { transaction in
                for number in 0..<7 { try transaction.storePayload(id: "p-\(number)", body: [UInt8(number)], at: 5) }
            }
            let first = try await ledger.read { try $0.payloads(behind: 0, limit: 4) }
            let second = try await ledger.read { [first] in try $0.payloads(behind: first[3].number, limit: 4) }
            #expect((first + second).map(\.payload.id) == (0..<7).map { "p-\($0)" })
            var kept = first[2]
            kept.payload.body = [UInt8](repeating: 7, count: 5_000)
            try await ledger.write { [kept] in try $0.replacePayload(kept) }
            let stored = try await ledger.read { try $0.payload(id: "p-2") }
            #expect(stored?.body.count == 5_000)
            #expect(stored?.storedAt == 5)
        }
    }

    @Test("an e-mail address goes a year after the last change of its order, other names and open orders stay")
    func addresses() async throws {
        let day: Int64 = 86_400_000_000
        let now = 1_000 * day
        let retention = LedgerRetention(journal: .seconds(1), payload: .seconds(1), deadLetter: .seconds(1))
        try await withLedger { ledger, _ in
            try await ledger.write { transaction in
                for (number, days) in [("old", 400), ("young", 300)] as [(String, Int64)] {
                    _ = try transaction.claimAndComplete(key(number), holder: "w", now: now - days * day)
                    try transaction.addAlias(
                        kind: "email", value: "\(number)@B.example", family: "order", subject: number, folding: true)
                    try transaction.addAlias(kind: "po-number", value: number, family: "order", subject: number)
                }
                try transaction.addAlias(kind: "email", value: "new@b", family: "order", subject: "never applied")
            }
            var sweep: RetentionSweep? = RetentionSweep()
            while let current = sweep {
                sweep = try await ledger.write { try $0.prune(current, keeping: retention, limit: 2, now: now).next }
            }
            let left = try await ledger.read { snapshot in
                try snapshot.query(text: "SELECT value FROM alias ORDER BY value") { $0.text(0) }
            }
            #expect(left == ["new@b", "old", "young", "young@B.example", "young@b.example"])
        }
    }
}
