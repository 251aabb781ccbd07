import FleetTesting
import Ledger
import Models
import Testing

@testable import Fleet

@Suite("A planned window")
struct MaintenanceWindowTests {
    private static let start: Int64 = 1_700_000_000_000_000

    /// The seconds after an arbitrary moment.
    private static func at(_ seconds: Int64) -> Int64 { start + seconds * 1_000_000 }

    private static func window(
        _ destination: String, from: Int64, to: Int64, planned: Int64 = -1_000
    ) -> MaintenanceWindow {
        MaintenanceWindow(
            destination: destination, startsAt: at(from), endsAt: at(to), reason: "Update of the ERP",
            plannedBy: "anna", plannedAt: at(planned))
    }

    private static func turn(_ ledger: Ledger, _ seconds: Int64) async throws -> (absence: Absence, isNew: Bool) {
        try await ledger.write { try $0.meetWindow(of: "erp", at: at(seconds)) }
    }

    private static func outages(_ ledger: Ledger) async throws -> [Outage] {
        try await ledger.read { try $0.outages(limit: 10) }
    }

    @Test("covers what it names and all below it, and nothing else")
    func covering() {
        let window = Self.window("erp", from: 0, to: 10)
        #expect(window.covers("erp") && window.covers("erp.changes"))
        #expect(!window.covers("erpx") && !window.covers("store.webhook") && !window.covers(""))
        #expect(!Self.window("erp.changes", from: 0, to: 10).covers("erp"))
    }

    @Test("stands from its start until before its end, unless it was cancelled")
    func standing() async throws {
        try await withLedger { ledger in
            let planned = try await ledger.write { try $0.plan(Self.window("erp", from: 0, to: 10)) }
            #expect(planned.number == 1)
            for (second, stands) in [(-1, false), (0, true), (9, true), (10, false)] as [(Int64, Bool)] {
                let found = try await ledger.read {
                    try $0.maintenanceWindow(standingFor: "erp.changes", at: Self.at(second))
                }
                #expect((found == planned) == stands && planned.stands(at: Self.at(second)) == stands, "\(second)")
            }
            let isCancelled = try await ledger.write { try $0.cancelWindow(number: 1, at: Self.at(5)) }
            let again = try await ledger.write { try $0.cancelWindow(number: 1, at: Self.at(6)) }
            let known = try await ledger.read { try $0.maintenanceWindow(number: 1) }
            let found = try await ledger.read { try $0.maintenanceWindow(standingFor: "erp", at: Self.at(5)) }
            #expect(isCancelled && !again && found == nil)
            #expect(known?.cancelledAt == Self.at(5) && known?.overAt == Self.at(5))
        }
    }

    @Test("of several that stand, the one that lasts longest counts")
    func several() async throws {
        try await withLedger { ledger in
            for end: Int64 in [10, 30, 20] {
                try await ledger.write { _ = try $0.plan(Self.window("erp", from: 0, to: end)) }
            }
            let found = try await ledger.read { try $0.maintenanceWindow(standingFor: "erp", at: Self.at(1)) }
            #expect(found?.number == 2)
            let all = try await ledger.read { try $0.maintenanceWindows(limit: 2) }
            #expect(all.map(\.number) == [3, 2])
        }
    }

    @Test("says when it was over, to whoever was away in it")
    func over() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                try transaction.plan(Self.window("erp", from: 10, to: 20))
                try transaction.plan(Self.window("erp", from: 30, to: 60))
                try transaction.cancelWindow(number: 2, at: Self.at(40))
            }
            let cases: [(since: Int64, now: Int64, end: Int64?)] = [
                (0, 5, nil), (0, 15, nil), (0, 25, 20), (22, 25, nil), (0, 50, 40), (45, 100, nil),
            ]
            for one in cases {
                let end = try await ledger.read {
                    try $0.maintenanceEnd(of: "erp.changes", since: Self.at(one.since), at: Self.at(one.now))
                }
                #expect(end == one.end.map { Self.at($0) }, "since \(one.since) at \(one.now)")
            }
        }
    }

    @Test("makes one outage of its own, which begins with it, says why, and is not asked about before its end")
    func outage() async throws {
        try await withLedger { ledger in
            try await ledger.write { _ = try $0.plan(Self.window("erp", from: 0, to: 3_600)) }
            let first = try await Self.turn(ledger, 5)
            let second = try await Self.turn(ledger, 6)
            let outage = try #require(first.absence.outage)
            #expect(first.isNew && !second.isNew && second.absence.outage == outage)
            #expect(outage.window == 1 && outage.beganAt == Self.at(0) && outage.nextProbeAt == Self.at(3_600))
            #expect(outage.code == "maintenance.planned" && outage.reason.hasSuffix(": Update of the ERP."))
            let after = try await Self.turn(ledger, 3_600)
            #expect(after.absence.window == nil && after.absence.outage == outage)
            var due = outage
            #expect(due.turn(for: "a", at: Self.at(3_600)) == .probe)
        }
    }

    @Test("that was planned after its start begins when it was planned")
    func late() async throws {
        try await withLedger { ledger in
            try await ledger.write { _ = try $0.plan(Self.window("erp", from: 0, to: 60, planned: 20)) }
            let outage = try await Self.turn(ledger, 21).absence.outage
            #expect(outage?.beganAt == Self.at(20))
        }
    }

    @Test("keeps the fleet from asking about an outage that stood before, and leaves its cause alone")
    func before() async throws {
        try await withLedger { ledger in
            try await ledger.write { _ = try $0.noteAbsence(of: "erp", because: CallRig.outage, at: Self.at(0)) }
            try await ledger.write { _ = try $0.plan(Self.window("erp", from: 10, to: 100)) }
            let met = try await Self.turn(ledger, 11)
            #expect(!met.isNew && met.absence.outage?.nextProbeAt == Self.at(100))
            #expect(met.absence.outage?.window == nil && met.absence.outage?.code == "erp.unavailable")
            #expect(try await Self.outages(ledger).count == 1)
        }
    }

    @Test("stops a trial that is under way")
    func trial() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                var outage = try transaction.noteAbsence(of: "erp", because: CallRig.outage, at: Self.at(0)).outage
                _ = outage.turn(for: "a", at: Self.at(1))
                outage.probed(by: "a", nil, at: Self.at(1))
                try transaction.save(outage)
                try transaction.plan(Self.window("erp", from: 2, to: 100))
            }
            let outage = try await Self.turn(ledger, 3).absence.outage
            #expect(outage?.phase == .open && outage?.holder == nil)
        }
    }

    @Test("a call that fails in it begins no outage that nobody has planned")
    func failing() async throws {
        try await withLedger { ledger in
            try await ledger.write { _ = try $0.plan(Self.window("erp", from: 0, to: 100)) }
            let noted = try await ledger.write {
                try $0.noteAbsence(of: "erp", because: CallRig.outage, at: Self.at(1))
            }
            #expect(noted.isNew && noted.outage.window == 1 && noted.outage.code == "maintenance.planned")
            let store = try await ledger.write {
                try $0.noteAbsence(of: "store.webhook", because: CallRig.outage, at: Self.at(1))
            }
            #expect(store.outage.window == nil, "another system")
        }
    }

    @Test("that is cancelled has the fleet ask at once, and one that is to come does not")
    func cancelled() async throws {
        try await withLedger { ledger in
            try await ledger.write { transaction in
                try transaction.plan(Self.window("erp", from: 0, to: 1_000))
                try transaction.plan(Self.window("erp", from: 500, to: 2_000))
            }
            _ = try await Self.turn(ledger, 1)
            try await ledger.write { _ = try $0.cancelWindow(number: 2, at: Self.at(2)) }
            #expect(try await Self.turn(ledger, 3).absence.outage?.nextProbeAt == Self.at(1_000))
            try await ledger.write { _ = try $0.cancelWindow(number: 1, at: Self.at(4)) }
            let after = try await Self.turn(ledger, 5).absence
            #expect(after.window == nil && after.outage?.nextProbeAt == Self.at(4))
        }
    }

    @Test("stops the time of what the ERP has to do, though nobody runs who would say so")
    func expectations() async throws {
        try await withLedger { ledger in
            try await ledger.write { _ = try $0.plan(Self.window("erp", from: 0, to: 100)) }
            let within = try await ledger.read { try $0.erpAbsence(now: Self.at(50)) }
            let after = try await ledger.read { try $0.erpAbsence(now: Self.at(100)) }
            #expect(within?.since == Self.at(0) && after == nil)
        }
    }

    @Test("is unknown to a ledger of an earlier version, of which the outages are read all the same")
    func earlier() async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            let none = try await ledger.read { try $0.outages(limit: 1) }
            try await ledger.migrate(component: FleetTables.component, Array(FleetTables.migrations.prefix(7)))
            _ = try await ledger.write { transaction in
                try transaction.execute(
                    """
                    INSERT INTO outage (number, destination, phase, began_at, code, reason, remedy, probes, relapses,
                        next_probe_at, misses, lease_until)
                    VALUES (1, 'erp', 'open', 1, 'c', 'r', 'm', 0, 0, 2, 0, 0)
                    """)
            }
            let known = try await ledger.read { try ($0.outages(limit: 5), $0.standingOutage(of: "erp")) }
            let windows = try await ledger.read { try $0.maintenanceWindows(limit: 5) }
            let samples = try await ledger.read { try $0.samples(of: 1) }
            #expect(none.isEmpty && windows.isEmpty && samples.isEmpty)
            #expect(known.0.map(\.number) == [1] && known.1?.window == nil && known.1?.drainedAt == nil)
            await ledger.close()
        }
    }
}
