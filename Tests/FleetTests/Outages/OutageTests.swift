import Testing

@testable import Fleet

@Suite("An outage")
struct OutageTests {
    private static let second: Int64 = 1_000_000
    private static let start: Int64 = 1_700_000_000_000_000

    private static func failure(_ sentence: String = "Nothing listens there.") -> Failure {
        Failure(code: "erp.unavailable", category: .unavailable, sentence: sentence, remedy: "Start it.")
    }

    private static func begun() -> Outage { Outage(of: "erp", because: failure(), at: start) }

    /// The seconds after its beginning.
    private static func at(_ seconds: Int64) -> Int64 { start + seconds * second }

    @Test("elects one worker to ask, when it is time, and the others wait")
    func election() {
        var outage = Self.begun()
        #expect(outage.turn(for: "a", at: Self.start) == .wait)
        #expect(outage.turn(for: "a", at: Self.at(1)) == .probe)
        #expect(outage.turn(for: "b", at: Self.at(1)) == .wait)
        outage.probed(by: "a", Self.failure("Still not."), at: Self.at(2))
        #expect(outage.reason == "Still not." && outage.probes == 1 && outage.probedAt == Self.at(2))
        #expect(outage.turn(for: "b", at: Self.at(3)) == .wait)
        #expect(outage.turn(for: "b", at: Self.at(4)) == .probe)
    }

    @Test(
        "is asked about half as often after each miss: by a ping at least every 5 seconds, by real work every 15",
        arguments: [("erp", [2, 4, 5, 5, 5, 5]), ("mail", [2, 4, 8, 15, 15, 15])])
    func patience(destination: String, expected: [Int64]) {
        var outage = Outage(of: destination, because: Self.failure(), at: Self.start)
        var pauses: [Int64] = []
        var now = Self.at(1)
        for _ in 0..<6 {
            outage.probed(by: "a", Self.failure(), at: now)
            pauses.append((outage.nextProbeAt - now) / Self.second)
            now = outage.nextProbeAt
        }
        #expect(pauses == expected)
    }

    @Test("whose prober was killed is asked about by another one")
    func killedProber() {
        var outage = Self.begun()
        #expect(outage.turn(for: "a", at: Self.at(1)) == .probe)
        #expect(outage.turn(for: "b", at: Self.at(20)) == .wait)
        #expect(outage.turn(for: "b", at: Self.at(21)) == .probe)
    }

    @Test("is tried by the one that found the system back, and over when calls go well")
    func trial() {
        var outage = Self.begun()
        _ = outage.turn(for: "a", at: Self.at(1))
        outage.probed(by: "a", nil, at: Self.at(1))
        #expect(outage.phase == .halfOpen && outage.holder == "a")
        #expect(outage.turn(for: "b", at: Self.at(2)) == .wait)
        outage.ended(at: Self.at(3))
        #expect(outage.turn(for: "b", at: Self.at(3)) == .over)
        #expect(outage.endedAt == Self.at(3))
    }

    @Test("whose trier was killed is asked about anew")
    func killedTrier() {
        var outage = Self.begun()
        outage.probed(by: "a", nil, at: Self.at(1))
        #expect(outage.turn(for: "b", at: Self.at(22)) == .probe)
        #expect(outage.phase == .open)
        outage.probed(by: "b", nil, at: Self.at(23))
        outage.abandoned(by: "a", at: Self.at(24))
        #expect(outage.phase == .halfOpen, "somebody else's trial")
        outage.abandoned(by: "b", at: Self.at(24))
        #expect(outage.turn(for: "c", at: Self.at(24)) == .probe)
    }

    @Test("that comes back is the same one, and is believed ever less")
    func relapse() {
        var outage = Self.begun()
        for expected in [2, 4, 8, 16, 32, 32] {
            outage.probed(by: "a", nil, at: Self.at(1))
            outage.relapsed(because: Self.failure("It fails orders."), at: Self.at(2))
            #expect(outage.phase == .open && outage.wantedAnswers == expected)
        }
        #expect(outage.relapses == 6 && outage.reason == "It fails orders.")
        outage.ended(at: Self.at(100))
        #expect(outage.isRecent(at: Self.at(159)) && !outage.isRecent(at: Self.at(160)))
        outage.relapsed(because: Self.failure(), at: Self.at(150))
        #expect(outage.endedAt == nil && outage.beganAt == Self.start)
    }

    @Test("is still somebody's where another worker's clock is a little behind")
    func skew() {
        var outage = Self.begun()
        _ = outage.turn(for: "a", at: Self.at(1))
        // It looked at its clock before the first one's word was written.
        #expect(outage.turn(for: "b", at: Self.at(1) - 1) == .wait)
        outage.probed(by: "a", nil, at: Self.at(5))
        #expect(outage.turn(for: "b", at: Self.at(4)) == .wait && outage.phase == .halfOpen)
        outage.ended(at: Self.at(9))
        #expect(outage.isRecent(at: Self.at(8)))
    }

    @Test("does not wait for a clock that was set back")
    func clock() {
        var outage = Self.begun()
        _ = outage.turn(for: "a", at: Self.at(1))
        #expect(outage.turn(for: "b", at: Self.at(-3_600)) == .probe)
        outage.probed(by: "b", nil, at: Self.at(1))
        #expect(outage.turn(for: "c", at: Self.at(-3_600)) == .probe)
        outage.ended(at: Self.at(1))
        #expect(!outage.isRecent(at: Self.at(-3_600)))
    }
}
