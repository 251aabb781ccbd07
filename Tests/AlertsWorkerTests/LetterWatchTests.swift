import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("Dead letters become alerts")
struct LetterWatchTests {
    @Test("500 failures of one cause are one alert, with what they are worth")
    func burst() async throws {
        try await WatchDesk.with { desk in
            for number in 1...500 { try await desk.fail("W-\(number)") }
            let alerts = try await desk.look(at: 1)
            #expect(alerts.map(\.key) == ["dead-letter/ab12"])
            let alert = try #require(alerts.first)
            #expect(alert.count == 500 && alert.state == .open && alert.revision == 1)
            #expect(alert.severity == .error && alert.flow == "orders.to-erp" && alert.category == "rejected")
            #expect(alert.sentence.hasPrefix("500 orders wait for a person: "))
            #expect(alert.remedy == "Create the product." && alert.subjects.count == Alert.mostSubjects)
            #expect(alert.accounts == ["C-2044"] && alert.atStake.count == 1)
            #expect(try await desk.look(at: 100).isEmpty)
        }
    }

    @Test("one order is named, and of several every reason is told that differs, with how many more there are")
    func reasons() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1", sentence: "There is no product FST-1.")
            let one = try #require(try await desk.look(at: 0).first)
            #expect(one.sentence == "Order W-1 waits for a person: There is no product FST-1.")
            for number in 2...5 {
                let second = Int64(number)
                try await desk.fail("W-\(number)", at: second, sentence: "There is no product FST-\(number).")
            }
            try await desk.fail("W-6", at: 6, sentence: "There is no product FST-5.")
            let all = try #require(try await desk.look(at: 10).first)
            #expect(
                all.sentence == "6 orders wait for a person: There is no product FST-5. There is no product FST-4. "
                    + "There is no product FST-3. (and 2 more reasons)")
        }
    }

    @Test("of what breaks its contract the commands correct or discard, for a replay would leave it")
    func malformed() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1", code: "malformed.field", category: "malformed")
            let one = try #require(try await desk.look(at: 0).first)
            #expect(
                one.commands == [
                    "dead-letter groups show ab12", "dead-letter edit W-1 --reason '…'",
                    "dead-letter discard W-1 --reason '…'",
                ])
            try await desk.fail("W-2", code: "malformed.field", category: "malformed", at: 5)
            let two = try #require(try await desk.look(at: 10).first)
            #expect(
                two.commands == [
                    "dead-letter groups show ab12", "dead-letter edit W-2 --reason '…'",
                    "dead-letter discard --all --fingerprint ab12 --reason '…'",
                ])
        }
    }

    @Test("what contradicts what has arrived can only be discarded, whichever of the two came to be a letter first")
    func contradictions() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1", code: DeadLetterRecord.sameRevision, category: "malformed")
            try await desk.fail("W-2", "cd34")
            try await desk.fail("W-3", "ef56")
            try await desk.fail("W-4", "ef56", at: 1)
            try await desk.ledger.write { transaction in
                for id in ["W-2", "W-3"] {
                    _ = try transaction.annotateDeadLetter(id: id, note: DeadLetterRecord.contradiction + ": so")
                }
            }
            let alerts = try await desk.look(at: 2)
            #expect(alerts.map { Array($0.commands.dropFirst()) } == Self.ways)
            #expect(alerts.map { $0.remedy.contains("at a new revision") } == [false, true, false])
        }
    }

    private static let ways = [
        ["dead-letter discard W-1 --reason '…'"], ["dead-letter discard W-2 --reason '…'"],
        ["dead-letter replay --all --fingerprint ef56 --reason '…'", "dead-letter discard W-3 --reason '…'"],
    ]

    @Test("a message without a body is sent again by its producer, and discarded")
    func empty() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("body-cbf29ce484222325", code: "malformed.json", category: "malformed")
            let alert = try #require(try await desk.look(at: 0).first)
            #expect(alert.commands.last == "dead-letter discard body-cbf29ce484222325 --reason '…'")
            #expect(alert.commands.count == 2 && alert.remedy.contains("send the message again"))
        }
    }

    @Test("what comes soon after the first is said together, and nothing of it is left out")
    func together() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1")
            #expect(try await desk.look(at: 0).map(\.count) == [1])
            try await desk.fail("W-2", at: 1)
            #expect(try await desk.look(at: 1).isEmpty)
            try await desk.fail("W-3", at: 2)
            #expect(try await desk.look(at: 2).isEmpty)
            let later = try await desk.look(at: 6)
            #expect(later.map(\.count) == [3] && later.map(\.revision) == [2])
        }
    }

    @Test("an order at two revisions is at stake once, and causes are told apart")
    func causes() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1")
            try await desk.fail("W-2", "cd34", code: "poison", category: "poison")
            let alerts = try await desk.look(at: 0)
            #expect(alerts.map(\.key) == ["dead-letter/ab12", "dead-letter/cd34"])
            #expect(alerts.map(\.severity) == [.error, .critical])
        }
    }

    @Test("the end is said once, and what comes again is another episode")
    func ended() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1")
            let first = try #require(try await desk.look(at: 0).first)
            try await desk.move("W-1", from: .open, to: .replayed)
            #expect(try await desk.look(at: 10).isEmpty)
            try await desk.move("W-1", from: .replayed, to: .resolved)
            let end = try #require(try await desk.look(at: 20).first)
            #expect(end.state == .resolved && end.raisedAt == first.raisedAt && end.revision == 2)
            #expect(end.sentence.contains("1 message has arrived") && end.resolvedAt?.microseconds == WatchDesk.at(20))
            try await desk.fail("W-1", at: 30)
            let again = try #require(try await desk.look(at: 31).first)
            #expect(again.state == .open && again.raisedAt > first.raisedAt && again.revision == 3)
        }
    }

    @Test("a silenced cause is said when the silence is over; who looks after one is in its alert")
    func people() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1")
            try await desk.ledger.write { transaction in
                _ = try transaction.setGroupNote(
                    .silence(until: WatchDesk.at(60)), of: "ab12", by: "anna", reason: "known", at: WatchDesk.at(0))
            }
            #expect(try await desk.look(at: 1).isEmpty)
            #expect(try await desk.look(at: 61).map(\.count) == [1])
            try await desk.ledger.write { transaction in
                _ = try transaction.setGroupNote(
                    .assignee("anna"), of: "ab12", by: "anna", reason: "mine", at: WatchDesk.at(70))
            }
            #expect(try await desk.look(at: 70).map(\.owner) == ["anna"])
        }
    }

    @Test("whoever takes over says nothing twice and leaves nothing out")
    func heirs() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1")
            let heir = Watchman(
                ledger: desk.ledger, book: WatchDesk.book, posts: desk.watchman.posts, logger: desk.watchman.logger)
            async let one = desk.watchman.look(at: WatchDesk.at(0))
            async let two = heir.look(at: WatchDesk.at(0))
            let counts = try await [one, two]
            #expect(counts.reduce(0, +) == 1)
        }
    }

    @Test("an older look neither forgets nor says what has changed since")
    func stale() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1")
            let stale = try #require(try await desk.ledger.read { try $0.changedCauses(limit: 1) }.first)
            let first = try await desk.look(at: 0)
            #expect(first.map(\.count) == [1])
            let isGone = try await desk.ledger.read { try !$0.isUnseen("ab12", changes: stale.changes) }
            #expect(isGone)
            try await desk.fail("W-2", at: 7)
            let isStale = try await desk.ledger.write { transaction in
                let isStale = try !transaction.isUnseen("ab12", changes: stale.changes)
                try transaction.forgetChanges(of: "ab12", upTo: stale.changes)
                return isStale
            }
            #expect(isStale)
            let second = try await desk.look(at: 10)
            #expect(second.map(\.count) == [2])
        }
    }

    @Test("while something was said of a cause a moment ago, its letters are not even counted")
    func resting() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1")
            _ = try await desk.look(at: 0)
            try await desk.fail("W-2", at: 1)
            let standings = try await desk.ledger.read { snapshot in
                try DeadLetterPost().changes(snapshot, after: "", limit: 5, now: WatchDesk.at(1)) { _ in true }
                    .map(\.standing)
            }
            guard case .tooSoon? = standings.first else {
                Issue.record("counted")
                return
            }
        }
    }
}
