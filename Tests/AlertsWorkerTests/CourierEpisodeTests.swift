import FleetTesting
import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("Who hears of the end of an alert", .timeLimit(.minutes(1)))
struct CourierEpisodeTests {
    private static let later = Timestamp(microseconds: CourierDesk.began.microseconds + 3_600_000_000) ?? .epoch

    private static func told(_ carrier: ScriptedCarrier) -> [String] {
        carrier.carried.flatMap(\.items).map { "\($0.occasion.rawValue) \($0.record.alert.key)" }
    }

    /// The alert of the second episode, over or not.
    private static func second(isOver: Bool) -> Alert {
        var alert = isOver ? CourierDesk.resolved("one") : CourierDesk.alert("one")
        (alert.raisedAt, alert.lastAt, alert.revision) = (later, later, 3)
        return alert
    }

    private static func packed(_ desk: CourierDesk, at now: Int64) async throws -> [AlertLetter] {
        try await desk.ledger.write { transaction in
            try transaction.dueParcels(on: .mail, at: now, limit: 10).compactMap { parcel in
                try transaction.pack(parcel, as: AlertMessageID.next(domain: "example.com"), now: now)
            }
        }
    }

    @Test("whoever surely got no mail about an alert gets none about its end either")
    func neverTold() async throws {
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let down = ScriptedCarrier { _ in .down(ScriptedCarrier.trouble) }
            try await desk.working(desk.courier(mail: down)) {
                try await eventually("a try in vain") { try await desk.tries() > 0 }
            }
            let tried = try #require(try await desk.notice("one", for: "ann@example.com"))
            #expect(tried.copies == 0 && !tried.mayHaveArrived)
            try await desk.save(CourierDesk.resolved("one"))
            try await desk.tell("one", "ann@example.com", .resolved)
            let up = ScriptedCarrier { _ in .sent }
            try await desk.working(desk.courier(mail: up)) { try await desk.settled() }
            #expect(up.carried.isEmpty)
        }
    }

    @Test("whoever may have a mail whose answer was lost is told of the end, though later tries reached nobody")
    func perhapsTold() async throws {
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let lost = ScriptedCarrier { number in
                number == 0 ? .unanswered(ScriptedCarrier.trouble) : .down(ScriptedCarrier.trouble)
            }
            try await desk.working(desk.courier(mail: lost)) {
                try await eventually("a second try in vain") { try await desk.tries() > 1 }
            }
            try await desk.save(CourierDesk.resolved("one"))
            try await desk.tell("one", "ann@example.com", .resolved)
            let up = ScriptedCarrier { _ in .sent }
            try await desk.working(desk.courier(mail: up)) { try await desk.settled() }
            #expect(Self.told(up) == ["resolved one"])
        }
    }

    @Test("an end that waited is told although a second episode came and went untold meanwhile")
    func untoldEpisode() async throws {
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let carrier = ScriptedCarrier { _ in .sent }
            try await desk.working(desk.courier(mail: carrier)) { try await desk.settled() }
            // The end of the first waits for the end of quiet hours, say; of the second nothing was said.
            try await desk.tell("one", "ann@example.com", .resolved)
            try await desk.save(Self.second(isOver: true))
            try await desk.tell("one", "ann@example.com", episode: Self.later)
            try await desk.working(desk.courier(mail: carrier)) { try await desk.settled() }
            #expect(Self.told(carrier) == ["raised one", "resolved one"])
        }
    }

    @Test("an end waits while a second episode goes on, until its recipient is told of that one or it is over")
    func overtakenEnd() async throws {
        try await CourierDesk.with { desk in
            try await desk.raise("one", "ann@example.com")
            let carrier = ScriptedCarrier { _ in .sent }
            try await desk.working(desk.courier(mail: carrier)) { try await desk.settled() }
            try await desk.tell("one", "ann@example.com", .resolved)
            try await desk.save(Self.second(isOver: false))
            let now = Timestamp.now().microseconds
            let early = try await Self.packed(desk, at: now)
            let waiting = try #require(try await desk.notices("one").last)
            #expect(early.isEmpty)
            #expect(waiting.occasion == .resolved && waiting.state == .due && waiting.dueAt > now)
            try await desk.tell("one", "ann@example.com", episode: Self.later)
            try await desk.working(desk.courier(mail: carrier)) {
                try await eventually("the second mail") { carrier.carried.count == 2 }
            }
            let late = try await Self.packed(desk, at: now + 60_000_000)
            let dropped = try #require(try await desk.notices("one").last)
            #expect(late.isEmpty && dropped.state == .dropped)
            #expect(Self.told(carrier) == ["raised one", "raised one"])
        }
    }

    @Test("what was planned about a cause that is silenced waits until it is not")
    func silenced() async throws {
        try await CourierDesk.with { desk in
            try await desk.raise("dead-letter/5f1d", "ann@example.com")
            let now = Timestamp.now().microseconds
            try await desk.ledger.write { transaction in
                _ = try transaction.setGroupNote(
                    .silence(until: now + 30_000_000), of: "5f1d", by: "bob", reason: "known", at: now)
            }
            let silent = try await Self.packed(desk, at: now)
            let heard = try await Self.packed(desk, at: now + 60_000_000)
            #expect(silent.isEmpty)
            #expect(heard.map(\.recipient) == ["ann@example.com"])
        }
    }
}
