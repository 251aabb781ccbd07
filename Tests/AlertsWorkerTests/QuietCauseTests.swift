import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("A known cause in the quiet time")
struct QuietCauseTests {
    private static let key = "dead-letter/ab12"
    private static let day: Int64 = 86_400

    /// One order has failed, and anna was told after a minute.
    private static func tell(_ desk: WatchDesk) async throws {
        try await desk.fail("W-1")
        _ = try await desk.look(at: 0)
        try await desk.ledger.write { transaction in
            for notice in try transaction.dueNotices(at: WatchDesk.at(60), limit: 10) {
                try transaction.end(notice, as: .sent, message: "m", now: WatchDesk.at(60))
            }
        }
    }

    /// When the next mail is due, in seconds; nil when none is planned.
    private static func due(_ desk: WatchDesk) async throws -> Int64? {
        let notices = try await desk.ledger.read { try $0.notices(of: Self.key) }
        return notices.first { $0.state == .due }.map { ($0.dueAt - WatchDesk.at(0)) / 1_000_000 }
    }

    @Test("a note on it, or somebody who looks after it, sends no mail")
    func annotated() async throws {
        try await WatchDesk.with { desk in
            try await Self.tell(desk)
            for change in [DeadLetterGroupChange.note("FST-1 is called Anchor bolt now"), .assignee("anna")] {
                try await desk.ledger.write { transaction in
                    _ = try transaction.setGroupNote(
                        change, of: "ab12", by: "anna", reason: "renamed", at: WatchDesk.at(100))
                }
                _ = try await desk.look(at: 120)
                let due = try await Self.due(desk)
                #expect(due == nil)
            }
        }
    }

    @Test("another letter of it, whose words have another name, is told when the quiet time is over")
    func renamed() async throws {
        try await WatchDesk.with { desk in
            try await Self.tell(desk)
            try await desk.fail("W-2", at: 100, sentence: "The ERP knows no Anchor bolt.")
            let said = try #require(try await desk.look(at: 120).first)
            #expect(said.sentence.contains("Anchor bolt") && said.count == 2)
            let due = try await Self.due(desk)
            #expect(due == 60 + Self.day)
        }
    }

    @Test("that it has become worse is told at once")
    func worse() async throws {
        try await WatchDesk.with { desk in
            try await Self.tell(desk)
            try await desk.fail("W-2", category: "poison", at: 100)
            let said = try #require(try await desk.look(at: 120).first)
            #expect(said.severity == .critical)
            let due = try await Self.due(desk)
            let expected: Int64 = 180
            #expect(due == expected)
        }
    }
}
