import FleetTesting
import Glibc
import Ledger
import Models
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("What reconcile is told wrongly")
struct ReconcileUsageTests {
    private static func failure(_ desk: ReconcileDesk, _ warehouse: String) async -> ProgramError? {
        await #expect(throws: ProgramError.self) {
            _ = try await desk.reconcile { options in (options.kinds, options.warehouse) = ([.stock], warehouse) }
        }
    }

    @Test("a warehouse that neither side has is a fault of usage, and the ones there are are named")
    func warehouse() async throws {
        try await ReconcileDesk.with { desk in
            let failure = await Self.failure(desk, "NOWHERE")
            #expect(failure?.exit == .usage && failure?.code == "reconcile.no-warehouse")
            #expect(failure?.sentence == "Neither the ERP nor the store has a warehouse NOWHERE.")
            #expect(failure?.remedy == "There are EAST, WEST.")
        }
    }

    @Test("no more of them are named than fit")
    func warehouses() async throws {
        try await ReconcileDesk.with { desk in
            try await desk.tamper(
                """
                WITH RECURSIVE counter (n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM counter WHERE n < 29)
                INSERT INTO store_stock (sku, warehouse, unit, on_hand, reserved, available, available_micro, revision,
                    changed_at) SELECT 'P-1', 'A' || n, 'C62', '5', '0', '5', 5000000, 1, '' FROM counter
                """)
            let failure = await Self.failure(desk, "NOWHERE")
            #expect(failure?.remedy.hasSuffix(", A21, and 10 more.") == true)
        }
    }

    @Test(
        "files that make no sense are a fault of usage",
        arguments: [["--csv", "-"], ["--html", "-"], ["--csv", "a", "--html", "./a"], ["--csv", ""]])
    func files(arguments: [String]) async throws {
        let process = try ChildProcess("stevedore", arguments: ["reconcile"] + arguments)
        let status = try await process.waitForExit()
        #expect(status == .exited(64), "\(process.errors)")
    }

    @Test("what goes with a repair alone is refused without one")
    func only() async throws {
        let process = try ChildProcess("stevedore", arguments: ["reconcile", "--only", "W-1"])
        let status = try await process.waitForExit()
        #expect(status == .exited(64))
        #expect(process.errors.contains { $0.contains("--only") })
    }

    @Test("two ways to one file are the same place, also before it is there")
    func places() async throws {
        try await TemporaryDirectory.with { directory in
            let way = directory.file("way")
            #expect(symlink(directory.path, way) == 0)
            let (straight, around) = (directory.file("a.csv"), way + "/./a.csv")
            #expect(ReportFile.place(straight) == ReportFile.place(around))
            #expect(ReportFile.place(straight) != ReportFile.place(directory.file("b.csv")))
            #expect(ReportFile.place("a") == ReportFile.place("./a"))
        }
    }

    @Test("a file that cannot be made is a fault of usage")
    func unwritable() async throws {
        try await TemporaryDirectory.with { directory in
            let failure = #expect(throws: ProgramError.self) {
                _ = try ReportFile.open(directory.file("no/such"))
            }
            #expect(failure?.exit == .usage)
        }
    }

    @Test("a run that was stopped before everything was handed out is no whole one")
    func stopped() {
        var part = ReconcileReport.Part(stream: ReconcileStream(kind: .products))
        part.isComplete = true
        var report = ReconcileReport(startedAt: .epoch, endedAt: .epoch)
        (report.parts, report.isStopped) = ([part], true)
        #expect(!report.isWhole && report.concludes("what was not compared may have drifted"))
        report.isJudged = true
        #expect(report.isWhole)
    }
}
