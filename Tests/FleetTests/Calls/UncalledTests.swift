import Ledger
import Models
import Testing

@testable import Fleet

@Suite("What a worker had in hand as an outage began, and was not called for")
struct UncalledTests {
    private static let number = "W-1"

    private static func key(_ revision: Int64 = 1) throws -> ClaimKey {
        try MessageReader().read(try Samples.orderBody(number, revision: revision)).claimKey
    }

    private static func state(_ ledger: Ledger) async throws -> SubjectState? {
        try await ledger.read { try $0.subjectState(family: Catalogue.orderPlaced.family, subject: number) }
    }

    /// One message of the order, with the gate shut as an outage shuts it.
    private static func turnAway(_ ledger: Ledger, revision: Int64 = 1) async throws -> Int {
        let calls = Shared(0)
        let rig = CallRig(ledger) { _, _ in
            calls.withLock { $0 += 1 }
            return CallRig.applied
        }
        rig.gate.close(CallRig.outage)
        let intake = Samples.intake(try Samples.orderBody(number, revision: revision))
        let ending = await rig.road.travel(CallWork(reading: intake, with: MessageReader()))
        guard case .detour = ending else {
            Issue.record("\(ending)")
            return -1
        }
        return calls.withLock { $0 }
    }

    @Test("of an order that never got as far as its call the ERP has certainly not heard, and no trace is left")
    func turnedAway() async throws {
        try await withLedger { ledger in
            let calls = try await Self.turnAway(ledger)
            let state = try await Self.state(ledger)
            #expect(calls == 0 && state == nil && state.isUnheard)
        }
    }

    @Test("what was withheld before, and was to be called for, is withheld again")
    func withheld() async throws {
        try await withLedger { ledger in
            let key = try Self.key()
            try await ledger.write { transaction in
                _ = try transaction.claimAndComplete(key, holder: "w-9", state: SubjectState.withheld, now: 1)
            }
            _ = try await Self.turnAway(ledger, revision: 2)
            let state = try await Self.state(ledger)
            #expect(state?.revision == 1 && state?.isWithheld == true && state?.leaseHolder == nil)
        }
    }

    @Test("an order that was called for is not certainly unknown to the ERP, whatever came of the call")
    func called() async throws {
        try await withLedger { ledger in
            let rig = CallRig(ledger, isReachable: false) { _, _ in
                .failure(Failure(code: "c", category: .transient, sentence: "s", remedy: "r"))
            }
            let intake = Samples.intake(try Samples.orderBody(Self.number))
            _ = await rig.road.travel(CallWork(reading: intake, with: MessageReader()))
            let first = try await Self.state(ledger)
            #expect(first?.isUncertain == true && first.isUnheard == false)
            // Nor is it after it was in another worker's hand that could not call.
            _ = try await Self.turnAway(ledger)
            let second = try await Self.state(ledger)
            #expect(second?.isUncertain == true && second.isUnheard == false)
        }
    }

    @Test("nor is one that a worker had in hand and never gave back")
    func died() async throws {
        try await withLedger { ledger in
            let key = try Self.key()
            try await ledger.write { transaction in
                _ = try transaction.claim(key, holder: "w-9", lease: .seconds(15), now: 1)
            }
            _ = try await Self.turnAway(ledger)
            let state = try await Self.state(ledger)
            #expect(state?.isUncertain == true && state.isUnheard == false)
        }
    }

    @Test("whoever wakes up when another one has the order takes nothing back")
    func takenOver() async throws {
        try await withLedger { ledger in
            let key = try Self.key()
            try await ledger.write { transaction in
                _ = try transaction.claim(key, holder: "w-9", lease: .seconds(15), now: 1)
                _ = try transaction.claim(key, holder: "w-8", lease: .seconds(15), now: 100_000_000)
                try transaction.releaseUncalled(key, fence: 1)
            }
            let state = try await Self.state(ledger)
            #expect(state?.fence == 2 && state?.leaseHolder == "w-8" && state?.isUncertain == true)
        }
    }

    @Test("an order that the ERP has a number for keeps it")
    func known() async throws {
        try await withLedger { ledger in
            let key = try Self.key()
            try await ledger.write { transaction in
                _ = try transaction.claimAndComplete(
                    key, holder: "w-9", state: "accepted", reference: "SO-1", now: 1)
            }
            _ = try await Self.turnAway(ledger, revision: 2)
            let state = try await Self.state(ledger)
            #expect(state?.state == "accepted" && state?.reference == "SO-1" && state?.leaseHolder == nil)
        }
    }
}
