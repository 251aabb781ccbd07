import Glibc
import Ledger
import Testing

@Suite("Crashes")
struct CrashTests {
    @Test("every commit that was reported survives kill -9", .timeLimit(.minutes(2)), arguments: 1...24)
    func killed(seed: Int) async throws {
        var random = SeededNumbers(seed: UInt64(seed))
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let probe = try Probe("commit", folder.file)
        #expect(probe.line() == "ready")
        var reported: [Int] = []
        for _ in 0..<Int.random(in: 1...400, using: &random) {
            if let number = probe.line().flatMap({ Int($0) }) { reported.append(number) }
        }
        probe.send(SIGKILL)
        while let number = probe.line().flatMap({ Int($0) }) { reported.append(number) }
        #expect(probe.wait() == SIGKILL)
        #expect(!reported.isEmpty)
        try await verify(folder.file, reported: reported)
    }

    @Test("a log whose tail was lost leaves a sound file with whole transactions", arguments: 1...20)
    func truncated(seed: Int) async throws {
        var random = SeededNumbers(seed: UInt64(seed))
        let folder = TemporaryFolder()
        defer { folder.remove() }
        let probe = try Probe("commit", folder.file)
        for _ in 0..<Int.random(in: 20...150, using: &random) { _ = probe.line() }
        probe.send(SIGKILL)
        probe.wait()
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

    @Test("of two processes that race for claims, exactly one wins each")
    func race() async throws {
        try await withLedger { _, folder async throws in
            let racers = [try Probe("race", folder.file, "a"), try Probe("race", folder.file, "b")]
            for racer in racers { #expect(racer.line() == "ready") }
            for racer in racers { racer.say("go") }
            var won: [Int] = []
            for racer in racers {
                while let number = racer.line().flatMap({ Int($0) }) { won.append(number) }
                #expect(racer.wait() == 0)
            }
            #expect(won.sorted() == Array(0..<200))
        }
    }

    @Test("a worker that was stopped while its lease ran out is fenced off when it wakes up")
    func zombie() async throws {
        try await withLedger { ledger, folder async throws in
            let probe = try Probe("zombie", folder.file)
            #expect(probe.line() == "claimed")
            probe.send(SIGSTOP)
            probe.waitUntilStopped()
            let key = ClaimKey(family: "order", subject: "Z", revision: 1, hash: ContentDigest(high: 1, low: 1))
            try await ledger.write { transaction throws in
                let claim = try transaction.claim(key, holder: "heir", lease: .seconds(1), now: 2_000_000)
                #expect(claim == .claimed(fence: 2))
                try transaction.complete(key, fence: 2, state: "heir", reference: nil, now: 2_000_001)
            }
            probe.send(SIGCONT)
            probe.say("go on")
            #expect(probe.line() == "ledger.fenced")
            probe.wait()
            let state = try await ledger.read { try $0.subjectState(family: "order", subject: "Z") }
            #expect(state?.state == "heir")
            #expect(try await ledger.read { try $0.journalEntries(subject: "Z") }.isEmpty)
        }
    }
}
