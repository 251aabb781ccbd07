import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet

@Suite("An outage of what is tried by real work", .timeLimit(.minutes(1)))
struct SharedAbsenceTests {
    private static let away = Failure(
        code: "http.not-sent.refused", category: .unavailable, sentence: "Nobody listens.", remedy: "Start it.")

    private static func absence(_ worker: String, _ ledger: Ledger) -> SharedAbsence {
        SharedAbsence(destination: .storeWebhook, worker: worker, ledger: ledger, logger: Samples.quiet)
    }

    private static func outages(_ ledger: Ledger) async throws -> [Outage] {
        try await ledger.read { try $0.outages(limit: 10) }
    }

    /// The one of them that is let through to try, once it is time.
    private static func trier(of absences: [SharedAbsence]) async throws -> SharedAbsence {
        try await eventually("one that tries") { () async throws -> SharedAbsence? in
            for absence in absences {
                if await absence.mayTry() == .trial { return absence }
            }
            return nil
        }
    }

    @Test("is one for all: the others wait before they have tried, one tries, and when it is answered all go on")
    func shared() async throws {
        try await withLedger { ledger in
            let (one, two) = (Self.absence("w-1", ledger), Self.absence("w-2", ledger))
            #expect(await one.mayTry() == .yes)
            #expect(await one.failed(Self.away))
            #expect(await two.mayTry() == .wait(Self.away))
            let trier = try await Self.trier(of: [one, two])
            let other = trier === one ? two : one
            #expect(await trier.mayTry() == .wait(Self.away), "one call at a time")
            #expect(await other.mayTry() == .wait(Self.away))
            await trier.answered()
            #expect(await trier.mayTry() == .yes)
            try await eventually("the other to go on") { await other.mayTry() == .yes }
            let outage = try #require(try await Self.outages(ledger).first)
            #expect(outage.destination == "store.webhook" && outage.endedAt != nil && outage.probes == 1)
        }
    }

    @Test("goes on when what was tried fails, as the same one, and its reason is the newest")
    func goesOn() async throws {
        try await withLedger { ledger in
            let one = Self.absence("w-1", ledger)
            await one.failed(Self.away)
            var worse = Self.away
            worse.sentence = "It answers nonsense."
            let trier = try await Self.trier(of: [one])
            #expect(await trier.failed(worse))
            #expect(await one.mayTry() == .wait(worse))
            let outages = try await Self.outages(ledger)
            let isOne = outages.count == 1 && outages.first?.endedAt == nil
            #expect(isOne && outages.first?.probes == 1 && outages.first?.reason == worse.sentence)
        }
    }

    @Test("is known to a process that starts, before it has tried anything")
    func restart() async throws {
        try await withLedger { ledger in
            await Self.absence("w-1", ledger).failed(Self.away)
            let heir = Self.absence("w-2", ledger)
            #expect(await heir.mayTry() == .wait(Self.away))
            #expect(heir.known == Self.away)
        }
    }

    @Test("that came back is believed less: two answers end it, one call after the other")
    func relapse() async throws {
        try await withLedger { ledger in
            let one = Self.absence("w-1", ledger)
            await one.failed(Self.away)
            try await Self.trier(of: [one]).answered()
            await one.failed(Self.away)
            _ = try await Self.trier(of: [one])
            await one.answered()
            let halfway = try #require(try await Self.outages(ledger).first)
            #expect(halfway.phase == .halfOpen && halfway.relapses == 1)
            #expect(await one.mayTry() == .trial)
            await one.answered()
            #expect(await one.mayTry() == .yes)
            #expect(try await Self.outages(ledger).count == 1)
        }
    }

    @Test("that came back is over as well when nothing is left to try it with")
    func nothingLeft() async throws {
        try await withLedger { ledger in
            let one = Self.absence("w-1", ledger)
            await one.failed(Self.away)
            try await Self.trier(of: [one]).answered()
            await one.failed(Self.away)
            try await Self.trier(of: [one]).answered()
            await one.nothingWaits()
            #expect(try await Self.outages(ledger).first?.endedAt != nil)
            #expect(await one.mayTry() == .yes)
        }
    }

    @Test("is tried at once by another one when the one whose turn it was cannot")
    func handedOver() async throws {
        try await withLedger { ledger in
            let (one, two) = (Self.absence("w-1", ledger), Self.absence("w-2", ledger))
            await one.failed(Self.away)
            _ = try await Self.trier(of: [one])
            await one.gaveUp()
            _ = try await Self.trier(of: [two])
            #expect(try await Self.outages(ledger).first?.holder == "w-2")
        }
    }

    @Test("does not elect who could not do the work")
    func unable() async throws {
        try await withLedger { ledger in
            let (one, two) = (Self.absence("w-1", ledger), Self.absence("w-2", ledger))
            await one.failed(Self.away)
            let asked = Shared(0)
            try await eventually("it to be asked whether it can") {
                let turn = await one.mayTry {
                    asked.withLock { $0 += 1 }
                    return false
                }
                #expect(turn == .wait(Self.away))
                return asked.withLock { $0 } > 0
            }
            #expect(try await Self.outages(ledger).first?.holder == nil)
            _ = try await Self.trier(of: [two])
        }
    }

    @Test("costs nothing while there is none: between two looks the ledger is neither read nor written")
    func free() async throws {
        try await withLedger { ledger in
            let one = Self.absence("w-1", ledger)
            #expect(await one.mayTry() == .yes)
            for _ in 0..<1_000 {
                _ = await one.mayTry()
                await one.answered()
                await one.nothingWaits()
                await one.gaveUp()
            }
            let none = try await Self.outages(ledger)
            #expect(none.isEmpty)
            await ledger.close()
            #expect(await one.mayTry() == .yes)
            #expect(await !one.failed(Self.away), "that could not be written down")
        }
    }
}
