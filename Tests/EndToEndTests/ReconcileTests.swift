import FleetTesting
import Foundation
import Glibc
import Ledger
import Testing

/// Whole programs: what the ordinary workers have shown is no drift, and what is planted is repaired by them.
@Suite("stevedore reconcile", .needsBroker, .timeLimit(.minutes(10)))
struct ReconcileTests {
    private static let company = ["--catalogue", "120", "--accounts", "20", "--price-lists", "3"]

    private static func reconcile(_ arguments: [String], _ rig: Rig) throws -> ChildProcess {
        try ChildProcess(
            "stevedore", arguments: ["reconcile", "--settle", "2s"] + arguments, environment: rig.workerEnvironment)
    }

    /// Runs it until nothing is on its way any more and it ends as expected.
    private func waitForExit(_ code: Int32, _ arguments: [String] = [], _ rig: Rig) async throws {
        try await eventually(within: .seconds(120), "stevedore reconcile to exit with \(code)") {
            let process = try Self.reconcile(arguments, rig)
            return try await process.waitForExit(within: .seconds(60)) == .exited(code)
        }
    }

    private func tamper(_ statements: [String], _ rig: Rig) async throws {
        let ledger = try Ledger.open(path: rig.ledgerPath)
        try await ledger.write { transaction in
            for statement in statements { try transaction.execute(text: statement) }
        }
        await ledger.close()
    }

    @Test("finds nothing where the workers have shown all, and repairs what somebody changed, by the workers")
    func repaired() async throws {
        try await Rig.with(simulator: Self.company) { rig in
            let processes = try rig.startFleet()
            try await rig.place(["R-1", "R-2"])
            try await rig.waitForOrders(["R-1", "R-2"])
            try await rig.waitUntilShown()
            try await waitForExit(0, [], rig)
            try await tamper(
                [
                    "DELETE FROM store_product WHERE sku = 'FST-0001'", "DELETE FROM store_price",
                    "UPDATE store_stock SET on_hand = '99999' WHERE sku = 'FST-0002' AND warehouse = 'EAST'",
                    "UPDATE store_customer SET active = 0 WHERE account = 'C-10001'",
                    "UPDATE store_order SET state = 'held' WHERE number = 'R-2'",
                ], rig)
            try await waitForExit(1, [], rig)
            let html = rig.directory.file("drift.html")
            try await waitForExit(
                0, ["--repair", "--reason", "planted by a test", "--rate", "1000", "--html", html], rig)
            try await rig.waitUntilShown()
            try await waitForExit(0, [], rig)
            let actions = try await rig.ledger { try $0.operatorActions() }
            #expect(actions.contains { $0.action.hasPrefix("reconcile") && $0.reason.hasPrefix("planted") })
            #expect(try await rig.allDeadLetters() == 0)
            for process in processes { try await rig.stop(process) }
        }
    }

    @Test("remembers what has drifted until it is equal again")
    func remembered() async throws {
        try await Rig.with(simulator: Self.company) { rig in
            let processes = try rig.startFleet()
            try await rig.waitUntilShown()
            try await waitForExit(0, ["--remember"], rig)
            try await tamper(["UPDATE store_product SET name = 'x' WHERE sku = 'FST-0003'"], rig)
            try await waitForExit(1, ["products", "--remember"], rig)
            let known = try await rig.ledger { try $0.query("SELECT subject FROM drift") { $0.text(0) } }
            #expect(known == ["FST-0003"])
            try await waitForExit(0, ["products", "--repair", "--reason", "planted"], rig)
            try await waitForExit(0, ["products", "--remember"], rig)
            let left = try await rig.ledger { try $0.query("SELECT subject FROM drift") { $0.text(0) } }
            #expect(left.isEmpty)
            for process in processes { try await rig.stop(process) }
        }
    }

    @Test("an order that was shipped, and that the ERP then purged, is neither drift nor entered again")
    func purged() async throws {
        try await Rig.with(simulator: Self.company) { rig in
            let processes = try rig.startFleet()
            try await rig.waitUntilShown()
            // As one of last year: the fleet knows of it, and the ERP does not.
            try await tamper(
                [
                    """
                    INSERT INTO subject_state (family, subject, revision, reference, state, fence, uncertain)
                    VALUES ('order', 'OLD-1', 1, 'E-OLD', 'shipped', 1, 0)
                    """,
                    """
                    INSERT INTO store_order (number, origin, erp_number, state, revision, changed_at)
                    VALUES ('OLD-1', 'online', 'E-OLD', 'shipped', 1, '')
                    """,
                ], rig)
            try await waitForExit(0, ["orders", "--repair", "--reason", "nothing to do"], rig)
            let entries = try await rig.ledger { try $0.journalEntries(subject: "OLD-1") }
            #expect(entries.isEmpty)
            for process in processes { try await rig.stop(process) }
        }
    }

    @Test("an ERP that is away is said to be, with its own exit code")
    func away() async throws {
        try await Rig.with(simulator: Self.company) { rig in
            let processes = try rig.startFleet()
            try await rig.waitUntilShown()
            try await rig.simulator.process.kill()
            let table = rig.directory.file("drift.csv")
            try "of the night before".write(toFile: table, atomically: true, encoding: .utf8)
            let process = try Self.reconcile(["products", "--csv", table], rig)
            #expect(try await process.waitForExit(within: .seconds(90)) == .exited(69))
            let kept = try String(contentsOfFile: table, encoding: .utf8)
            #expect(kept == "of the night before")
            for process in processes { try await process.kill() }
        }
    }

    private static func reads(_ rig: Rig) async throws -> Int {
        try await rig.simulator.requests().filter { $0.path.contains("/changes/products") }.count
    }

    @Test("stopped half-way it says so, and leaves the reports of the night before as they were")
    func interrupted() async throws {
        try await Rig.with(simulator: Self.company) { rig in
            let processes = try rig.startFleet()
            try await rig.waitUntilShown()
            // From here on nobody else reads the ERP.
            for process in processes { try await rig.stop(process) }
            try await tamper(["UPDATE store_product SET name = 'x' WHERE sku = 'FST-0003'"], rig)
            let (reports, scratch) = (rig.directory.file("reports"), rig.directory.file("scratch"))
            for folder in [reports, scratch] {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            }
            let files = ["\(reports)/drift.csv", "\(reports)/drift.html"]
            for file in files { try "of the night before".write(toFile: file, atomically: true, encoding: .utf8) }
            let before = try await Self.reads(rig)
            // It finds what was planted, and then waits for ten minutes.
            let process = try ChildProcess(
                "stevedore",
                arguments: ["reconcile", "products", "--settle", "10m", "--csv", files[0], "--html", files[1]],
                environment: rig.workerEnvironment.merging(["TMPDIR": scratch]) { $1 })
            try await eventually(within: .seconds(60), "the ERP to be read") { try await Self.reads(rig) > before }
            process.signal(SIGINT)
            #expect(try await process.waitForExit(within: .seconds(30)) == .exited(1))
            let (said, complained) = (process.output.joined(separator: "\n"), process.errors.joined(separator: "\n"))
            #expect(said.contains("Stopped before the end") && !said.contains("No drift was found"))
            #expect(complained.contains("Stopped before everything was compared."))
            for file in files {
                let kept = try String(contentsOfFile: file, encoding: .utf8)
                #expect(kept == "of the night before")
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: reports).sorted()
            #expect(names == ["drift.csv", "drift.html"])
            let left = try FileManager.default.contentsOfDirectory(atPath: scratch)
            #expect(left.isEmpty)
        }
    }
}
