import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet

@Suite("An outage of which a person says that it is over", .timeLimit(.minutes(2)))
struct ClosedOutageTests {
    private static let start: Int64 = 1_700_000_000_000_000

    private static func at(_ seconds: Int64) -> Int64 { start + seconds * 1_000_000 }

    /// One that has gone on for so long that it is asked about rarely, and somebody is asking.
    private static func begin(_ ledger: Ledger) async throws {
        try await ledger.write { transaction in
            var outage = try transaction.noteAbsence(of: "erp", because: CallRig.outage, at: at(0)).outage
            for _ in 0..<6 { outage.probed(by: "a", CallRig.outage, at: at(10)) }
            _ = outage.turn(for: "a", at: at(25))
            try transaction.save(outage)
        }
    }

    private static func close(_ ledger: Ledger, at now: Int64) async throws -> Outage? {
        try await ledger.write { try $0.closeOutage(number: 1, by: "anna", at: now) }
    }

    @Test("is asked about at once, by whoever looks first, and lets nobody call")
    func asked() async throws {
        try await withLedger { ledger in
            try await Self.begin(ledger)
            var outage = try #require(try await Self.close(ledger, at: Self.at(26)))
            #expect(outage.phase == .open && outage.endedAt == nil && outage.closedBy == "anna")
            #expect(outage.turn(for: "b", at: Self.at(26)) == .probe)
            outage.probed(by: "b", nil, at: Self.at(27))
            outage.ended(at: Self.at(28))
            #expect(outage.closedBy == "anna")
        }
    }

    @Test("goes on when it is not, is asked about often again, and nobody has closed it")
    func wrong() async throws {
        try await withLedger { ledger in
            try await Self.begin(ledger)
            var outage = try #require(try await Self.close(ledger, at: Self.at(26)))
            _ = outage.turn(for: "b", at: Self.at(26))
            outage.probed(by: "b", CallRig.outage, at: Self.at(27))
            #expect(outage.closedBy == nil && outage.nextProbeAt == Self.at(29))
        }
    }

    @Test("that is being tried goes on being tried by that one alone")
    func tried() async throws {
        try await withLedger { ledger in
            try await Self.begin(ledger)
            try await ledger.write { transaction in
                var outage = try #require(try transaction.standingOutage(of: "erp"))
                outage.probed(by: "a", nil, at: Self.at(26))
                try transaction.save(outage)
            }
            var outage = try #require(try await Self.close(ledger, at: Self.at(27)))
            #expect(outage.phase == .halfOpen && outage.holder == "a" && outage.closedBy == "anna")
            #expect(outage.turn(for: "b", at: Self.at(27)) == .wait)
        }
    }

    @Test("ends the window that stands for it, and not one that is to come")
    func planned() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                for (from, to) in [(0, 100), (200, 300)] as [(Int64, Int64)] {
                    try transaction.plan(
                        MaintenanceWindow(
                            destination: "erp", startsAt: Self.at(from), endsAt: Self.at(to), reason: "Update.",
                            plannedBy: "anna", plannedAt: Self.at(0)))
                }
                _ = try transaction.meetWindow(of: "erp", at: Self.at(1))
            }
            let outage = try #require(try await Self.close(ledger, at: Self.at(50)))
            #expect(outage.nextProbeAt == Self.at(50) && outage.closedBy == "anna" && outage.window == 1)
            let windows = try await ledger.read { try $0.maintenanceWindows(limit: 5) }
            #expect(windows.map(\.cancelledAt) == [nil, Self.at(50)])
        }
    }

    @Test("that is over, or never was, cannot be closed")
    func over() async throws {
        try await withLedger { ledger in
            #expect(try await Self.close(ledger, at: Self.at(1)) == nil)
            try await Self.begin(ledger)
            try await ledger.write { transaction in
                var outage = try #require(try transaction.outage(number: 1))
                outage.ended(at: Self.at(30))
                try transaction.save(outage)
            }
            #expect(try await Self.close(ledger, at: Self.at(31)) == nil)
            let outage = try await ledger.read { try $0.outage(number: 1) }
            #expect(outage?.closedBy == nil)
        }
    }

    @Test("is tried by a worker within seconds of that word")
    func worker() async throws {
        try await withLedger { ledger in
            let isThere = Shared(false)
            let rig = CallRig(
                ledger, limits: HoldLimits(trial: .milliseconds(300)),
                reach: { isThere.withLock { $0 } ? .reachable : .unreachable(CallRig.outage) },
                script: { _, _ in .failure(CallRig.outage) })
            await rig.feed.feed(try Samples.orders(["A"]))
            try await rig.running([]) {
                try await eventually { await rig.feed.pauses == 1 }
                try await eventually("the outage to be written down") {
                    try await ledger.read { try $0.standingOutage(of: "erp") } != nil
                }
                // As after many misses: nobody would ask for nine seconds.
                let late = Timestamp.now().microseconds + 9_000_000
                try await ledger.write { transaction in
                    var outage = try #require(try transaction.standingOutage(of: "erp"))
                    (outage.misses, outage.nextProbeAt) = (5, late)
                    try transaction.save(outage)
                }
                isThere.withLock { $0 = true }
                try await ledger.write { transaction in
                    _ = try transaction.closeOutage(number: 1, by: "anna", at: Timestamp.now().microseconds)
                }
                try await eventually { await rig.feed.resumes == 1 }
                let outage = try await ledger.read { try $0.outage(number: 1) }
                #expect((outage?.probedAt ?? .max) < late)
            }
        }
    }
}
