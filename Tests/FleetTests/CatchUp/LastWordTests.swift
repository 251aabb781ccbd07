import Ledger
import Models
import Testing

@testable import Fleet

@Suite struct LastWordTests {
    private static func message(_ revision: Int64, _ number: String = "W-1") throws -> Received {
        try MessageReader().read(try Samples.orderBody(number, revision: revision))
    }

    private static func note(
        _ ledger: Ledger, _ message: Received, isCancelled: Bool = false, at now: Int64
    ) async throws {
        try await ledger.write { try $0.noteLastWord(message, isCancelled: isCancelled, at: now) }
    }

    private static func word(_ ledger: Ledger, _ number: String = "W-1") async throws -> LastWord? {
        let message = try message(1, number)
        return try await ledger.read { try $0.lastWord(of: message) }
    }

    private static func apply(_ ledger: Ledger, _ message: Received) async throws {
        let key = message.claimKey
        try await ledger.write { _ = try $0.claimAndComplete(key, holder: "w", now: 1) }
    }

    @Test("the newest is kept with its message, and when and with what the story began")
    func newest() async throws {
        try await withLedger { ledger in
            let messages = try [2, 4, 3].map { try Self.message($0) }
            for (index, message) in messages.enumerated() {
                try await Self.note(ledger, message, isCancelled: index == 1, at: Int64(index) + 10)
            }
            let word = try await Self.word(ledger)
            #expect(
                word
                    == LastWord(
                        firstRevision: 2, revision: 4, isCancelled: true, messageID: messages[1].envelope.id,
                        firstNotedAt: 10, notedAt: 11))
            #expect(try await Self.word(ledger, "W-2") == nil)
        }
    }

    @Test("what has been applied already is not noted, and takes an older word with it")
    func applied() async throws {
        try await withLedger { ledger in
            try await Self.note(ledger, try Self.message(1), at: 10)
            try await Self.apply(ledger, try Self.message(2))
            try await Self.note(ledger, try Self.message(2), at: 11)
            #expect(try await Self.word(ledger) == nil)
        }
    }

    @Test("only what has been applied is forgotten")
    func forgetting() async throws {
        try await withLedger { ledger in
            for revision in 1...3 { try await Self.note(ledger, try Self.message(Int64(revision)), at: 10) }
            try await ledger.write { try $0.forgetLastWord(family: "order", subject: "W-1", upTo: 2) }
            #expect(try await Self.word(ledger)?.revision == 3)
            try await ledger.write { try $0.forgetLastWord(family: "order", subject: "W-1", upTo: 3) }
            #expect(try await Self.word(ledger) == nil)
        }
    }

    @Test(
        "it is a person's no only when that very revision, of a message to the same end, was set aside",
        arguments: [
            (type: "order.placed.v1", revision: 2, state: DeadLetterState.discarded, isDiscarded: true),
            (type: "order.cancelled.v1", revision: 2, state: DeadLetterState.discarded, isDiscarded: true),
            (type: "order.placed.v1", revision: 2, state: DeadLetterState.open, isDiscarded: false),
            (type: "order.placed.v1", revision: 1, state: DeadLetterState.discarded, isDiscarded: false),
            (type: "order.status.v1", revision: 2, state: DeadLetterState.discarded, isDiscarded: false),
        ])
    func discarded(type: String, revision: Int64, state: DeadLetterState, isDiscarded: Bool) async throws {
        try await withLedger { ledger in
            let message = try Self.message(1)
            try await Self.note(ledger, message, at: 10)
            try await Self.note(ledger, try Self.message(2), at: 11)
            let letter = DeadLetterRecord(
                id: "m-2", queue: "orders.to-erp.dead", flow: "orders.to-erp", type: type, subject: "W-1",
                revision: revision, code: "x", category: "rejected", sentence: "No.", fingerprint: "f", attempts: 1,
                firstFailedAt: 1, lastFailedAt: 1, state: state)
            try await ledger.write { try $0.recordDeadLetter(letter) }
            let word = try #require(try await Self.word(ledger))
            let found = try await ledger.read { try $0.isDiscarded(word, ofObjectOf: message) }
            #expect(found == isDiscarded)
        }
    }

    private static func takeBack(_ ledger: Ledger, _ revision: Int64?, from flow: String = "orders.to-erp") async throws
    {
        try await ledger.write {
            try $0.takeBackLastWord(
                ofLetterFrom: flow, type: "order.placed.v1", subject: "W-1", revision: revision)
        }
    }

    @Test("a letter that is discarded takes back its own word, not a newer one, and none where its flow only looks on")
    func takenBack() async throws {
        try await withLedger { ledger in
            for revision: Int64 in [1, 2] { try await Self.note(ledger, try Self.message(revision), at: 10) }
            try await Self.takeBack(ledger, 1)
            try await Self.takeBack(ledger, nil)
            try await Self.takeBack(ledger, 2, from: "orders.taken")
            #expect(try await Self.word(ledger)?.revision == 2)
            try await Self.takeBack(ledger, 2)
            #expect(try await Self.word(ledger) == nil)
        }
    }

    @Test("a ledger that has no last words has none to take back")
    func olderLedger() async throws {
        try await withLedger { ledger in
            try await ledger.write { _ = try $0.execute("DROP TABLE last_word") }
            await #expect(throws: Never.self) { try await Self.takeBack(ledger, 1) }
        }
    }

    @Test("what was set aside before the flow that looks on has come to it is not noted")
    func discardedBefore() async throws {
        try await withLedger { ledger in
            let letter = DeadLetterRecord(
                id: "m-2", queue: "orders.to-erp.dead", flow: "orders.to-erp", type: "order.placed.v1", subject: "W-1",
                revision: 2, code: "x", category: "rejected", sentence: "No.", fingerprint: "f", attempts: 1,
                firstFailedAt: 1, lastFailedAt: 1, state: .discarded)
            try await ledger.write { try $0.recordDeadLetter(letter) }
            for revision: Int64 in [1, 2] { try await Self.note(ledger, try Self.message(revision), at: 10) }
            #expect(try await Self.word(ledger)?.revision == 1)
        }
    }

    @Test("the claim's look is one search by the key, and so is what an application forgets")
    func plans() async throws {
        try await withLedger { ledger in
            let statements = [
                "SELECT revision FROM last_word WHERE family = 'order' AND subject = 'W-1'",
                "DELETE FROM last_word WHERE family = 'order' AND subject = 'W-1' AND revision <= 2",
            ]
            for statement in statements {
                let plan = try await ledger.read { snapshot in
                    try snapshot.query(text: "EXPLAIN QUERY PLAN \(statement)") { $0.text(3) }
                }
                #expect(plan == ["SEARCH last_word USING PRIMARY KEY (family=? AND subject=?)"])
            }
        }
    }

    private static func isUnheard(_ ledger: Ledger) async throws -> Bool {
        try await ledger.read { try $0.subjectState(family: "order", subject: "W-1").isUnheard }
    }

    @Test("the other system has certainly not heard of what nobody ever claimed, and of what was only withheld")
    func unheard() async throws {
        try await withLedger { ledger in
            #expect(try await Self.isUnheard(ledger))
            let (first, second) = (try Self.message(1).claimKey, try Self.message(2).claimKey)
            try await ledger.write {
                _ = try $0.claimAndComplete(first, holder: "w", state: SubjectState.withheld, now: 1)
            }
            #expect(try await Self.isUnheard(ledger))
            let claim = try await ledger.write { try $0.claim(second, holder: "w", lease: .seconds(15), now: 2) }
            guard case .claimed(let fence) = claim else {
                Issue.record("\(claim)")
                return
            }
            #expect(try await Self.isUnheard(ledger) == false)
            try await ledger.write {
                try $0.release(family: "order", subject: "W-1", fence: fence, isUncertain: true)
            }
            #expect(try await Self.isUnheard(ledger) == false)
        }
    }

    @Test("nor is that certain any more of what was claimed and given back, or was withheld and is to be called for")
    func heard() async throws {
        try await withLedger { ledger in
            let key = try Self.message(1).claimKey
            try await ledger.write { transaction in
                let claim = try transaction.claim(key, holder: "w", lease: .seconds(15), now: 1)
                guard case .claimed(let fence) = claim else { return }
                try transaction.release(family: "order", subject: "W-1", fence: fence)
            }
            #expect(try await Self.isUnheard(ledger) == false)
            try await ledger.write { transaction in
                _ = try transaction.claimAndComplete(key, holder: "w", state: SubjectState.withheld, now: 1)
            }
            #expect(try await Self.isUnheard(ledger))
            try await ledger.write { try $0.endWithholding(family: "order", subject: "W-1") }
            #expect(try await Self.isUnheard(ledger) == false)
        }
    }
}
