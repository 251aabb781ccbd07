import Ledger
import Testing

@Suite("Claims")
struct ClaimTests {
    @Test("a new subject is claimed, completed, and then a duplicate")
    func newSubject() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                let claim = try transaction.claim(key(), holder: "a", lease: .seconds(5), now: 100)
                #expect(claim == .claimed(fence: 1))
                try transaction.complete(key(), fence: 1, state: "accepted", reference: "E-9", now: 150)
                #expect(
                    try transaction.claim(key(), holder: "a", lease: nil, now: 200) == .duplicate(appliedAt: 150))
                let state = try transaction.subjectState(family: "order", subject: "A-1")
                #expect(
                    [state?.family, state?.subject, state?.state, state?.reference] == [
                        "order", "A-1", "accepted", "E-9",
                    ])
                #expect([state?.revision, state?.appliedAt, state?.fence] == [1, 150, 2])
                #expect(state?.hash == key().hash && state?.leaseHolder == nil && state?.leaseUntil == nil)
            }
        }
    }

    @Test("an older revision is superseded, and the same one with other content a conflict")
    func olderAndConflicting() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                #expect(try transaction.claimAndComplete(key("A", 5), holder: "a", now: 1) == .claimed(fence: 0))
                #expect(
                    try transaction.claim(key("A", 4), holder: "a", lease: nil, now: 2)
                        == .superseded(appliedRevision: 5))
                #expect(
                    try transaction.claim(key("A", 5, hash: 2), holder: "a", lease: nil, now: 2)
                        == .conflict(appliedHash: key("A", 5).hash))
                #expect(
                    try transaction.claim(key("A", 6, hash: 2), holder: "a", lease: nil, now: 2)
                        == .claimed(fence: 3))
            }
        }
    }

    @Test("a live lease of another holder is busy; its end, its release and its own holder are not")
    func leases() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                let lease = Duration.microseconds(100)
                #expect(try transaction.claim(key(), holder: "a", lease: lease, now: 0) == .claimed(fence: 1))
                #expect(try transaction.claim(key(), holder: "b", lease: lease, now: 99) == .busy(until: 100))
                #expect(try transaction.claim(key(), holder: "a", lease: lease, now: 50) == .claimed(fence: 2))
                #expect(try transaction.claim(key(), holder: "b", lease: lease, now: 150) == .claimed(fence: 3))
                try transaction.release(family: "order", subject: "A-1", fence: 3)
                #expect(try transaction.claim(key(), holder: "c", lease: lease, now: 151) == .claimed(fence: 5))
                try transaction.extend(family: "order", subject: "A-1", fence: 5, lease: .seconds(1), now: 200)
                #expect(try transaction.claim(key(), holder: "a", lease: lease, now: 300) == .busy(until: 1_000_200))
            }
        }
    }

    @Test("a call that nobody knows the outcome of is remembered, whoever claims next, until a revision is applied")
    func uncertain() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                let isUncertain = { try transaction.subjectState(family: "order", subject: "A-1")?.isUncertain }
                _ = try transaction.claim(key(), holder: "a", lease: .seconds(1), now: 0)
                try transaction.release(family: "order", subject: "A-1", fence: 1)
                #expect(try isUncertain() == false)
                _ = try transaction.claim(key(), holder: "a", lease: .seconds(1), now: 0)
                try transaction.release(family: "order", subject: "A-1", fence: 3, isUncertain: true)
                _ = try transaction.claim(key(), holder: "b", lease: .seconds(1), now: 1)
                #expect(try isUncertain() == true)
                try transaction.release(family: "order", subject: "A-1", fence: 5)
                #expect(try isUncertain() == true)
                _ = try transaction.claim(key(), holder: "b", lease: .seconds(1), now: 2)
                try transaction.complete(key(), fence: 7, state: nil, reference: nil, now: 3)
                #expect(try isUncertain() == false)
            }
        }
    }

    @Test("a claim that nobody ended may have come to its call, also for who claims after its heir")
    func heirs() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                _ = try transaction.claim(key(), holder: "killed", lease: .microseconds(100), now: 0)
                #expect(
                    try transaction.claim(key(), holder: "heir", lease: .seconds(1), now: 100) == .claimed(fence: 2))
                try transaction.release(family: "order", subject: "A-1", fence: 2)
                _ = try transaction.claim(key(), holder: "third", lease: .seconds(1), now: 101)
                #expect(try transaction.subjectState(family: "order", subject: "A-1")?.isUncertain == true)
            }
        }
    }

    @Test("the one-step claim of projections answers like the claim in two steps")
    func oneStep() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                let first = try transaction.claimAndComplete(
                    key("A", 2), holder: "a", state: "shipped", reference: "E-1", now: 10)
                #expect(first == .claimed(fence: 0))
                #expect(
                    try transaction.claimAndComplete(key("A", 2), holder: "a", now: 11) == .duplicate(appliedAt: 10))
                #expect(
                    try transaction.claimAndComplete(key("A", 1), holder: "a", now: 11)
                        == .superseded(appliedRevision: 2))
                #expect(
                    try transaction.claimAndComplete(key("A", 2, hash: 9), holder: "a", now: 11)
                        == .conflict(appliedHash: key().hash))
                #expect(try transaction.claimAndComplete(key("A", 3), holder: "a", now: 12) == .claimed(fence: 0))
                let kept = try transaction.subjectState(family: "order", subject: "A")
                #expect(kept?.state == "shipped" && kept?.reference == "E-1" && kept?.revision == 3)
                _ = try transaction.claim(key("A", 4), holder: "b", lease: .seconds(1), now: 20)
                #expect(
                    try transaction.claimAndComplete(key("A", 5), holder: "a", now: 21) == .busy(until: 1_000_020))
                #expect(
                    try transaction.claimAndComplete(key("A", 5), holder: "a", now: 1_000_020) == .claimed(fence: 0))
            }
        }
    }

    @Test("a claim that ends later than any may is none: the clock was set back after it")
    func clockSetBack() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                let (hour, lease) = (3_600_000_000 as Int64, Duration.seconds(600))
                #expect(try transaction.claim(key(), holder: "a", lease: lease, now: hour) == .claimed(fence: 1))
                #expect(
                    try transaction.claim(key(), holder: "b", lease: lease, now: hour - 300_000_000)
                        == .busy(until: hour + 600_000_000))
                #expect(
                    try transaction.claimAndComplete(key(), holder: "b", now: hour - 300_000_000)
                        == .busy(until: hour + 600_000_000))
                #expect(try transaction.claim(key(), holder: "b", lease: lease, now: 0) == .claimed(fence: 2))
                #expect(try transaction.claim(key("B-1"), holder: "a", lease: lease, now: hour) == .claimed(fence: 1))
                #expect(try transaction.claimAndComplete(key("B-1"), holder: "b", now: 0) == .claimed(fence: 0))
            }
        }
    }

    @Test("a worker whose lease was taken over is fenced off, and what it wrote is taken back")
    func fencing() async throws {
        try await withLedger { ledger, _ async throws in
            _ = try await ledger.write { try $0.claim(key(), holder: "a", lease: .seconds(1), now: 0) }
            let second = try await ledger.write { try $0.claim(key(), holder: "b", lease: .seconds(1), now: 2_000_000) }
            #expect(second == .claimed(fence: 2))
            let late = await failure {
                try await ledger.write { transaction throws in
                    try transaction.journal(JournalEntry(at: 3, subject: "A-1", stage: "apply", code: "late"))
                    try transaction.complete(key(), fence: 1, state: nil, reference: nil, now: 3)
                }
            }
            #expect(late == .fenced(family: "order", subject: "A-1"))
            let extended = await failure {
                try await ledger.write {
                    try $0.extend(family: "order", subject: "A-1", fence: 1, lease: .seconds(1), now: 3)
                }
            }
            #expect(extended?.code == "ledger.fenced")
            try await ledger.write { transaction throws in
                try transaction.release(family: "order", subject: "A-1", fence: 1)
                try transaction.complete(key(), fence: 2, state: "done", reference: nil, now: 4)
                #expect(try transaction.journalEntries(subject: "A-1").isEmpty)
            }
            let twice = await failure {
                try await ledger.write { try $0.complete(key(), fence: 2, state: nil, reference: nil, now: 5) }
            }
            #expect(twice?.code == "ledger.fenced")
        }
    }

    @Test("an amendment that is applied while an older revision is worked on fences the older one off")
    func overtaken() async throws {
        try await withLedger { ledger, _ async throws in
            let first = try await ledger.write { try $0.claim(key("A", 1), holder: "a", lease: .seconds(1), now: 0) }
            #expect(first == .claimed(fence: 1))
            _ = try await ledger.write { try $0.claimAndComplete(key("A", 2), holder: "b", now: 5_000_000) }
            let late = await failure {
                try await ledger.write { try $0.complete(key("A", 1), fence: 1, state: nil, reference: nil, now: 6) }
            }
            #expect(late?.code == "ledger.fenced")
        }
    }

    @Test("of two ledgers on one file that race for 300 claims, exactly one wins each")
    func race() async throws {
        try await withLedger { first, folder async throws in
            let second = try Ledger.open(path: folder.file)
            let wins = try await withThrowingTaskGroup(of: [Int].self) { group in
                for (holder, ledger) in [("a", first), ("b", second)] {
                    group.addTask {
                        var won: [Int] = []
                        for number in 0..<300 {
                            let claim = try await ledger.write {
                                try $0.claim(key("R-\(number)"), holder: holder, lease: .seconds(60), now: 1)
                            }
                            if case .claimed = claim { won.append(number) }
                        }
                        return won
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(wins.sorted() == Array(0..<300))
            await second.close()
        }
    }

    @Test("the same subject in another family is another subject")
    func families() async throws {
        try await withLedger { ledger, _ async throws in
            try await ledger.write { transaction throws in
                _ = try transaction.claimAndComplete(key("A", 1), holder: "a", now: 1)
                let other = try transaction.claimAndComplete(key("A", 1, family: "order.status"), holder: "a", now: 1)
                #expect(other == .claimed(fence: 0))
            }
        }
    }
}
