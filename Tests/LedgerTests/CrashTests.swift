import Glibc
import Ledger
import Testing

/// One after the other: each has a program, or ten, that writes as fast as it can.
@Suite("Crashes", .serialized)
struct CrashTests {
    @Test("every commit that was reported survives kill -9", .timeLimit(.minutes(2)), arguments: 1...24)
    func killed(seed: Int) async throws {
        var random = SeededNumbers(seed: UInt64(seed))
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let probe = try Probe("commit", folder.file)
        #expect(await probe.line() == "ready")
        var reported: [Int] = []
        for _ in 0..<Int.random(in: 1...400, using: &random) {
            if let report = Self.report(await probe.line()) { reported.append(report.number) }
        }
        probe.send(SIGKILL)
        while let report = Self.report(await probe.line()) { reported.append(report.number) }
        #expect(await probe.wait() == SIGKILL)
        #expect(!reported.isEmpty)
        try await verify(folder.file, reported: reported)
    }

    @Test(
        "a log that lost its unsynced tail leaves a sound file with everything that was reported before",
        .timeLimit(.minutes(2)), arguments: 1...20)
    func truncated(seed: Int) async throws {
        var random = SeededNumbers(seed: UInt64(seed))
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let probe = try Probe("commit", folder.file)
        #expect(await probe.line() == "ready")
        var reports: [(number: Int, logSize: Int)] = []
        for _ in 0..<Int.random(in: 20...150, using: &random) {
            guard let report = Self.report(await probe.line()) else { break }
            reports.append(report)
        }
        probe.send(SIGKILL)
        await probe.wait()
        // A power cut keeps what was synced. What was reported lies within the size that the log had at that moment, so
        // wherever the cut is, the reports from before it must be true.
        let log = contents(of: folder.file + "-wal")
        let first = try #require(reports.first?.logSize)
        let cut = Int.random(in: first...max(first, log.count), using: &random)
        write(Array(log.prefix(cut)), to: folder.file + "-wal")
        unlink(folder.file + "-shm")
        let kept = reports.filter { $0.logSize <= cut }.map(\.number)
        #expect(!kept.isEmpty)
        try await verify(folder.file, reported: kept)
    }

    /// What the probe has committed, and how large the log was then.
    private static func report(_ line: String?) -> (number: Int, logSize: Int)? {
        let words = line?.split(separator: " ").compactMap { Int($0) } ?? []
        return words.count == 2 ? (words[0], words[1]) : nil
    }

    @Test("a log cut anywhere leaves a sound file with whole transactions", .timeLimit(.minutes(2)), arguments: 1...10)
    func damaged(seed: Int) async throws {
        var random = SeededNumbers(seed: UInt64(seed))
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let probe = try Probe("commit", folder.file)
        for _ in 0..<Int.random(in: 20...150, using: &random) { _ = await probe.line() }
        probe.send(SIGKILL)
        await probe.wait()
        let log = contents(of: folder.file + "-wal")
        write(Array(log.prefix(Int.random(in: 0...log.count, using: &random))), to: folder.file + "-wal")
        unlink(folder.file + "-shm")
        try await verify(folder.file, reported: [])
    }

    /// The file is sound, knows everything that was reported, and holds no half of a transaction.
    private func verify(_ path: String, reported: [Int]) async throws {
        let ledger = try Ledger.open(path: path)
        let subjects = try await ledger.read { snapshot throws in
            #expect(try snapshot.first("PRAGMA integrity_check") { $0.text(0) } == "ok")
            return Set(
                try snapshot.query("SELECT subject FROM subject_state WHERE revision = 1 AND state = 'accepted'") {
                    $0.text(0)
                })
        }
        let lost = reported.filter { !subjects.contains("S-\($0)") }
        #expect(lost == [])
        for table in ["journal", "outbox"] {
            let others = try await ledger.read { snapshot throws in
                Set(try snapshot.query(text: "SELECT subject FROM \(table)") { $0.text(0) })
            }
            #expect(others == subjects)
        }
        await ledger.close()
    }

    @Test("ten processes that write at once lose no update, and none waits without bound", .timeLimit(.minutes(3)))
    func storm() async throws {
        try await withLedger { ledger, folder async throws in
            let writers = try (0..<10).map { _ in try Probe("storm", folder.file) }
            for writer in writers { #expect(await writer.line() == "ready") }
            for writer in writers { writer.say("go") }
            var longest = 0
            for writer in writers {
                longest = max(longest, await writer.line().flatMap { Int($0) } ?? .max)
                #expect(await writer.wait() == 0)
            }
            // Each adds 50 to one counter and 50 rows of its own.
            let (next, rows) = try await ledger.write {
                (
                    try $0.nextRevision(family: "storm", subject: "all"),
                    try $0.first("SELECT count(*) FROM journal") { $0.integer(0) }
                )
            }
            #expect(next == 501 && rows == 500)
            // The patience of a write is ten seconds; nobody may come near to giving up.
            #expect(longest < 9_000, "the longest wait was \(longest) ms")
        }
    }

    @Test("of two processes that race for claims, exactly one wins each")
    func race() async throws {
        try await withLedger { _, folder async throws in
            let racers = [try Probe("race", folder.file, "a"), try Probe("race", folder.file, "b")]
            for racer in racers { #expect(await racer.line() == "ready") }
            for racer in racers { racer.say("go") }
            var won: [Int] = []
            for racer in racers {
                while let number = await racer.line().flatMap({ Int($0) }) { won.append(number) }
                #expect(await racer.wait() == 0)
            }
            #expect(won.sorted() == Array(0..<200))
        }
    }

    @Test("a worker that was stopped while its lease ran out is fenced off when it wakes up")
    func zombie() async throws {
        try await withLedger { ledger, folder async throws in
            let probe = try Probe("zombie", folder.file)
            #expect(await probe.line() == "claimed")
            probe.send(SIGSTOP)
            await probe.waitUntilStopped()
            let key = ClaimKey(family: "order", subject: "Z", revision: 1, hash: ContentDigest(high: 1, low: 1))
            try await ledger.write { transaction throws in
                let claim = try transaction.claim(key, holder: "heir", lease: .seconds(1), now: 2_000_000)
                #expect(claim == .claimed(fence: 2))
                try transaction.complete(key, fence: 2, state: "heir", reference: nil, now: 2_000_001)
            }
            probe.send(SIGCONT)
            probe.say("go on")
            #expect(await probe.line() == "ledger.fenced")
            await probe.wait()
            let state = try await ledger.read { try $0.subjectState(family: "order", subject: "Z") }
            #expect(state?.state == "heir")
            #expect(try await ledger.read { try $0.journalEntries(subject: "Z") }.isEmpty)
        }
    }
}
