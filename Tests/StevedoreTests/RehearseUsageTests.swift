import FleetTesting
import Testing

#if canImport(Glibc)
    import Glibc
#endif

@Suite("What rehearse is told wrongly, and what it works out without running anything")
struct RehearseUsageTests {
    private static func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> (status: FleetTesting.ExitStatus, output: String, errors: String) {
        let process = try ChildProcess("stevedore", arguments: ["rehearse"] + arguments, environment: environment)
        let status = try await process.waitForExit()
        return (status, process.output.joined(separator: "\n"), process.errors.joined(separator: "\n"))
    }

    private static func leftovers(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    @Test(
        "what makes no sense is a fault of usage, in a sentence",
        arguments: [
            ["--outage", "0h"], ["--outage", "tomorrow"], ["--speed", "0"], ["--speed=-5"], ["--orders-per-hour=-1"],
            ["--orders-per-hour", "1000000"], ["--amendments", "120%"], ["--erp-at-once", "0"], ["--workers", "0"],
            ["--erp-latency", "0ms"], ["--erp-calls-per-second", "0"], ["--kill-workers=-1"], ["--html", "-"],
            ["--restart-broker", "--amqp-url", "amqp://127.0.0.1/v"], ["--dry-run", "--keep"], ["--seed=-1"],
        ])
    func usage(arguments: [String]) async throws {
        let result = try await Self.run(arguments)
        #expect(result.status == .exited(64), "\(result.errors)")
        #expect(result.errors.contains("Error: "), "\(result.errors)")
    }

    @Test(
        "what is typed wrongly is answered with how it is meant",
        arguments: [
            (["--orders-per-hour", "-3"], "a number above 0, such as 2000"), (["--outage", "40"], "24h, 90m"),
            (["--speed", "fast"], "it is a number: 1440"), (["--amendments", "-5%"], "from 0% to 100%"),
            (["--workers", "0.5"], "it is a whole number: 2"), (["--kill-workers", "-1"], "from 0 to 1000"),
        ])
    func forms(arguments: [String], form: String) async throws {
        let result = try await Self.run(arguments)
        #expect(result.status == .exited(64) && result.errors.contains(form), "\(result.errors)")
    }

    @Test("programs get numbers as numbers")
    func numbers() async throws {
        let result = try await Self.run(["--dry-run", "--json", "--erp-calls-per-second", "2.5"])
        #expect(result.status == .exited(0), "\(result.errors)")
        for line in ["\"speedThousandths\": 1440000", "\"erpCallsPerHour\": 9000", "\"seed\": 1"] {
            #expect(result.output.contains(line), "\(line)")
        }
    }

    @Test("a dry run prints the arithmetic, and starts nothing")
    func dryRun() async throws {
        let arguments = ["--dry-run", "--outage", "24h", "--orders-per-hour", "7200", "--erp-calls-per-second", "12"]
        let result = try await Self.run(arguments + ["--amendments", "0", "--cancellations", "0"])
        #expect(result.status == .exited(0), "\(result.errors)")
        #expect(result.output.contains("172,800 ÷ (12 − 2) calls/s = 4 h 48 min"))
        #expect(result.output.contains("With your ERP at 12 calls/s, 24 h takes 4 h 48 min to drain."))
    }

    @Test("a backlog that never drains is exit code 1 of a dry run, in JSON a null")
    func never() async throws {
        let result = try await Self.run(["--dry-run", "--json", "--erp-calls-per-second", "0.5"])
        #expect(result.status == .exited(1), "\(result.errors)")
        #expect(result.output.contains("\"drainSeconds\": null"))
        #expect(result.errors.contains("never drain"))
    }

    @Test("a rehearsal that would never end is not begun")
    func neverBegun() async throws {
        let result = try await Self.run(["--erp-calls-per-second", "0.5"])
        #expect(result.status == .exited(64), "\(result.errors)")
        #expect(result.errors.contains("never drains"))
    }

    @Test("a report that cannot be written is found out before anything is started, and nothing is left")
    func unwritable() async throws {
        let folder = try TemporaryDirectory()
        let page = folder.file("none/outage.html")
        // Also where there is no RabbitMQ.
        let arguments = ["--html", page, "--amqp-url", "amqp://guest:guest@127.0.0.1:1/v", "--orders-per-hour", "100"]
        let result = try await Self.run(arguments, environment: ["TMPDIR": folder.path])
        #expect(result.status == .exited(64), "\(result.errors)")
        #expect(result.errors.contains("outage.html cannot be written"))
        #expect(Self.leftovers(in: folder.path).isEmpty)
    }

    @Test("a broker that is not there is exit code 69, and nothing is left, not even half of a report")
    func absent() async throws {
        let folder = try TemporaryDirectory()
        let arguments = ["--amqp-url", "amqp://guest:guest@127.0.0.1:1/v", "--orders-per-hour", "100"]
        let result = try await Self.run(
            arguments + ["--html", folder.file("outage.html")], environment: ["TMPDIR": folder.path])
        #expect(result.status == .exited(69), "\(result.errors)")
        #expect(Self.leftovers(in: folder.path).isEmpty)
    }

    @Test("a program that is missing is named, and nothing is started")
    func missingProgram() async throws {
        let folder = try TemporaryDirectory()
        let copy = folder.file("stevedore")
        try await ChildProcess.run("/bin/cp", arguments: [try BuiltProducts.executable("stevedore"), copy])
        let process = try ChildProcess(copy, arguments: ["rehearse"], environment: ["TMPDIR": folder.path])
        let status = try await process.waitForExit()
        #expect(status == .exited(78), "\(process.errors)")
        #expect(process.errors.first?.contains("There is no program \(folder.path)/erp-simulator.") == true)
        #expect(Self.leftovers(in: folder.path) == ["stevedore"])
    }

    @Test("questions without a program that answers them are refused by its name, or played")
    func questions() async throws {
        guard (try? BuiltProducts.executable("quotes-worker")) == nil else { return }
        let result = try await Self.run(["--quotes-per-hour", "10"])
        #expect(result.status == .exited(78), "\(result.errors)")
        #expect(result.errors.contains("quotes-worker"))
    }

    @Test("a virtual host that is not empty is refused, and stays as it was", .needsBroker)
    func notEmpty() async throws {
        try await TestBroker.withVirtualHost { host in
            try await ChildProcess.run(
                "stevedore", arguments: ["topology", "apply"], environment: ["STEVEDORE_AMQP_URLS": host.url])
            let before = try await host.queues()
            let result = try await Self.run(["--amqp-url", host.url, "--orders-per-hour", "100"])
            #expect(result.status == .exited(64), "\(result.errors)")
            #expect(Self.isOfEmptiness(result.errors), "\(result.errors)")
            let after = try await host.queues()
            #expect(after == before && !after.isEmpty)
        }
    }

    private static func isOfEmptiness(_ text: String) -> Bool { text.contains("is not empty") }
}
