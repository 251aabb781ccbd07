import CSQLite
import Glibc
import Ledger
import Testing

@Suite("Faults of the file")
struct FileFaultTests {
    @Test("every commit is synced: the settings that this needs are asserted")
    func durability() async throws {
        try await withLedger { ledger, folder async throws in
            let settings = try await ledger.write { transaction throws in
                [
                    try transaction.first("PRAGMA journal_mode") { $0.text(0) },
                    try transaction.first("PRAGMA synchronous") { $0.text(0) },
                ]
            }
            #expect(settings == ["wal", "2"])
            #expect(fileSize(folder.file + "-wal") > 0)
        }
    }

    @Test("a file that cannot keep a write-ahead log is refused")
    func noLog() {
        let error = #expect(throws: LedgerError.self) { try Ledger.open(path: ":memory:") }
        #expect(error?.code == "ledger.unsafe-settings")
    }

    @Test("a folder, a missing folder and a place that takes no files are refused with a remedy")
    func places() {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        for path in [folder.path, folder.path + "/missing/ledger.db", "/proc/ledger.db"] {
            let error = #expect(throws: LedgerError.self) { try Ledger.open(path: path) }
            #expect(error?.code == "ledger.cannot-open")
            #expect(error?.sentence.contains(path) == true && error?.remedy.isEmpty == false)
        }
    }

    @Test("a file that this user may only read is refused, and opened once that is mended")
    func readOnlyFile() async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        await (try Ledger.open(path: folder.file)).close()
        chmod(folder.path, 0o555)
        chmod(folder.file, 0o444)
        let refused = try Probe("read-only", folder.file)
        #expect(await refused.line() == "ledger.not-writable")
        await refused.wait()
        chmod(folder.path, 0o777)
        chmod(folder.file, 0o666)
        let opened = try Probe("read-only", folder.file)
        #expect(await opened.line() == "opened")
        await opened.wait()
    }

    @Test("a ledger that becomes read-only refuses writes, and goes on when it is writable again")
    func becomesReadOnly() async throws {
        try await withLedger { ledger, _ async throws in
            let refused = await failure {
                try await ledger.write { transaction in
                    try transaction.execute(text: "PRAGMA query_only = ON")
                    defer { _ = try? transaction.execute(text: "PRAGMA query_only = OFF") }
                    _ = try transaction.nextRevision(family: "f", subject: "s")
                }
            }
            #expect(refused?.code == "ledger.not-writable")
            #expect(refused?.isRecoverable == true)
            try await ledger.checkWritable()
            let next = try await ledger.write { try $0.nextRevision(family: "f", subject: "s") }
            #expect(next == 1)
        }
    }

    @Test("a full disk refuses writes, loses nothing, and work goes on when there is room again")
    func diskFull() async throws {
        try await withLedger(.init(maximumPages: 100)) { ledger, folder async throws in
            var stored = 0
            var error: LedgerError?
            while error == nil, stored < 10_000 {
                let id = "p-\(stored)"
                error = await failure {
                    try await ledger.write {
                        try $0.storePayload(id: id, body: [UInt8](repeating: 1, count: 2000), at: 1)
                    }
                }
                if error == nil { stored += 1 }
            }
            #expect(error == .diskFull(path: folder.file))
            #expect(error?.isRecoverable == true)
            #expect(await failure { try await ledger.checkWritable() } == .diskFull(path: folder.file))
            try await ledger.write { _ = try $0.execute(text: "PRAGMA max_page_count = 100000") }
            try await ledger.checkWritable()
            let kept = try await ledger.read { try $0.first("SELECT count(*) FROM payload") { $0.integer(0) } }
            #expect(kept == Int64(stored))
        }
    }

    @Test("a commit that the operating system refuses half-way is reported, and the next one works")
    func writeFails() async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let probe = try Probe("limit", folder.file)
        let refusal = await probe.line()
        #expect(["ledger.input-output", "ledger.disk-full"].contains(refusal))
        #expect(await probe.line() == "recovered")
        #expect(await probe.wait() == 0)
    }

    @Test(
        "a file that is deleted or replaced while it is open is noticed before anything is written into the void",
        arguments: [false, true])
    func deleted(isReplaced: Bool) async throws {
        try await withLedger { ledger, folder async throws in
            let bytes = contents(of: folder.file)
            unlink(folder.file)
            if isReplaced { write(bytes, to: folder.file) }
            let error = await failure { try await ledger.write { _ in } }
            #expect(error?.code == "ledger.not-writable")
            #expect(error?.sentence.contains("deleted") == true)
        }
    }

    @Test("a file that is no database, a truncated one and a damaged one are refused and left as they are")
    func corrupt() async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let ledger = try Ledger.open(path: folder.file)
        try await ledger.write { transaction throws in
            for number in 0..<500 { _ = try transaction.claimAndComplete(key("S-\(number)"), holder: "a", now: 1) }
        }
        await ledger.close()
        let sound = contents(of: folder.file)
        var damaged = sound
        for page in stride(from: 4096 * 2, to: sound.count, by: 4096) {
            damaged.replaceSubrange(page..<page + 2000, with: repeatElement(0xFF, count: 2000))
        }
        let text = Array("This is not a database, but a text of some length. ".utf8)
        for bytes in [damaged, Array(sound.prefix(4096 * 3)), Array((0..<300).map { _ in text }.joined())] {
            write(bytes, to: folder.file)
            let error = #expect(throws: LedgerError.self) { try Ledger.open(path: folder.file) }
            #expect(error?.code == "ledger.corrupt")
            #expect(error?.remedy.contains("backup") == true)
            #expect(contents(of: folder.file) == bytes)
        }
        write(sound, to: folder.file)
        await (try Ledger.open(path: folder.file)).close()
    }

    @Test("the database of another program is refused and left alone")
    func foreign() {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        var handle: OpaquePointer?
        sqlite3_open(folder.file, &handle)
        sqlite3_exec(handle, "CREATE TABLE theirs (a)", nil, nil, nil)
        sqlite3_close(handle)
        let before = contents(of: folder.file)
        let error = #expect(throws: LedgerError.self) { try Ledger.open(path: folder.file) }
        #expect(error == .foreignFile(path: folder.file))
        #expect(contents(of: folder.file) == before)
    }

    @Test("the read-only opener reads, and refuses to write or to create")
    func readOnly() async throws {
        try await withLedger { ledger, folder async throws in
            _ = try await ledger.write { try $0.claimAndComplete(key(), holder: "a", now: 1) }
            let tool = try Ledger.openReadOnly(path: folder.file)
            #expect(try await tool.read { try $0.subjectState(family: "order", subject: "A-1") }?.revision == 1)
            #expect(await failure { try await tool.write { _ in } }?.code == "ledger.not-writable")
            await tool.close()
            #expect(throws: LedgerError.self) { try Ledger.openReadOnly(path: folder.path + "/none.db") }
            #expect(fileSize(folder.path + "/none.db") == 0)
        }
    }
}
