import Dispatch
import Ledger
import Testing

@Suite("Group commit")
struct GroupCommitTests {
    private struct Refused: Error, Equatable { let number: Int }

    /// Holds the writer until `count` writes wait behind it, so that they become one group.
    private func grouped(
        _ ledger: Ledger, _ count: Int, _ body: @escaping @Sendable (Int, LedgerTransaction) throws -> Void
    ) async -> [Int: any Error] {
        let gate = DispatchSemaphore(value: 0)
        async let blocker: Void = try ledger.write { _ in gate.wait() }
        let failures = await withTaskGroup(of: (Int, (any Error)?).self) { group in
            for number in 0..<count {
                group.addTask {
                    do {
                        try await ledger.write { try body(number, $0) }
                        return (number, nil)
                    } catch { return (number, error) }
                }
            }
            group.addTask {
                gate.signal()
                return (-1, nil)
            }
            return await group.reduce(into: [Int: any Error]()) { $0[$1.0] = $1.1 }
        }
        try? await blocker
        return failures
    }

    @Test("a body that throws takes back only itself")
    func oneFails() async throws {
        try await withLedger { ledger, _ async throws in
            let failures = await grouped(ledger, 50) { number, transaction in
                _ = try transaction.claimAndComplete(key("G-\(number)"), holder: "a", now: 1)
                if number % 10 == 3 { throw Refused(number: number) }
            }
            #expect(failures.keys.sorted() == [3, 13, 23, 33, 43])
            #expect(failures[13] as? Refused == Refused(number: 13))
            let kept = try await ledger.read { try $0.first("SELECT count(*) FROM subject_state") { $0.integer(0) } }
            #expect(kept == 45)
        }
    }

    @Test("a statement that fails in one body leaves the others of the group alone")
    func statementFails() async throws {
        try await withLedger { ledger, _ async throws in
            let failures = await grouped(ledger, 20) { number, transaction in
                _ = try transaction.nextRevision(family: "f", subject: "s")
                if number == 7 { try transaction.execute("INSERT INTO probe (id, beats) VALUES (1, 1)") }
            }
            #expect(failures.keys.sorted() == [7])
            #expect((failures[7] as? LedgerError)?.code == "ledger.sql")
            #expect(try await ledger.write { try $0.nextRevision(family: "f", subject: "s") } == 20)
        }
    }

    @Test("a savepoint inside a body takes back only its own part")
    func savepoint() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                _ = try transaction.claimAndComplete(key("kept"), holder: "a", now: 1)
                #expect(throws: Refused(number: 1)) {
                    try transaction.savepoint {
                        _ = try transaction.claimAndComplete(key("gone"), holder: "a", now: 1)
                        throw Refused(number: 1)
                    }
                }
            }
            let kept = try await ledger.read { try $0.query("SELECT subject FROM subject_state") { $0.text(0) } }
            #expect(kept == ["kept"])
        }
    }

    @Test("a lone body that throws leaves nothing behind")
    func aloneFails() async throws {
        try await withLedger { ledger, _ async throws in
            await #expect(throws: Refused(number: 2)) {
                try await ledger.write { transaction throws in
                    _ = try transaction.claimAndComplete(key("gone"), holder: "a", now: 1)
                    throw Refused(number: 2)
                }
            }
            #expect(try await ledger.read { try $0.subjectState(family: "order", subject: "gone") } == nil)
        }
    }

    @Test("what has been asked for before closing is done, and what is asked after it is refused")
    func closing() async throws {
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let ledger = try Ledger.open(path: folder.file)
        _ = try await ledger.write { try $0.claimAndComplete(key(), holder: "a", now: 1) }
        await ledger.close()
        await ledger.close()
        #expect(await failure { try await ledger.write { _ in } } == .closed)
        #expect(await failure { try await ledger.read { _ in } } == .closed)
        #expect(fileSize(folder.file + "-wal") == 0)
    }

    @Test("ten writers of ten ledgers on one file lose no update", .timeLimit(.minutes(1)))
    func storm() async throws {
        try await withLedger { ledger, folder async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        let own = try Ledger.open(path: folder.file)
                        for _ in 0..<40 {
                            _ = try await own.write { try $0.nextRevision(family: "storm", subject: "s") }
                        }
                        await own.close()
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await ledger.write { try $0.nextRevision(family: "storm", subject: "s") } == 401)
        }
    }

    @Test("a writer that waits for another process longer than allowed says so and can try again")
    func busy() async throws {
        try await withLedger { ledger, folder async throws in
            let other = try Ledger.open(path: folder.file, options: .init(busyTimeout: .milliseconds(30)))
            let (held, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let holder: Void = try ledger.write { _ in
                held.signal()
                gate.wait()
            }
            let refused = await failure {
                await withCheckedContinuation { continuation in
                    DispatchQueue.global().async {
                        held.wait()
                        continuation.resume()
                    }
                }
                try await other.write { _ = try $0.nextRevision(family: "f", subject: "s") }
            }
            #expect(refused == .busy(path: folder.file, waited: .milliseconds(30)))
            #expect(refused?.isRecoverable == true)
            gate.signal()
            try await holder
            #expect(try await other.write { try $0.nextRevision(family: "f", subject: "s") } == 1)
            await other.close()
        }
    }
}
