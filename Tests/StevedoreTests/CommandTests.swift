import FleetTesting
import FoundationEssentials
import Testing

/// Real processes on a real broker; `scripts/test` starts one.
@Suite("Commands on a broker", .enabled(if: (try? TestBroker.shared.get()) != nil), .timeLimit(.minutes(3)))
struct CommandTests {
    private func run(
        _ host: VirtualHost, _ arguments: [String], _ folder: TemporaryDirectory
    ) async throws -> (status: FleetTesting.ExitStatus, output: [String], errors: [String]) {
        let process = try ChildProcess(
            "stevedore", arguments: arguments,
            environment: ["STEVEDORE_AMQP_URLS": host.url, "STEVEDORE_LEDGER_PATH": folder.file("ledger.db")])
        let status = try await process.waitForExit(within: .seconds(60))
        return (status, process.output, process.errors)
    }

    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    @Test("apply creates everything, and check then agrees")
    func topology() async throws {
        let folder = try TemporaryDirectory()
        try await TestBroker.withVirtualHost { host in
            #expect(try await run(host, ["topology", "check"], folder).status == .exited(1))
            #expect(try await run(host, ["topology", "apply"], folder).status == .exited(0))
            #expect(try await run(host, ["topology", "apply"], folder).status == .exited(0))
            #expect(try await run(host, ["topology", "check"], folder).status == .exited(0))
            try await host.deleteQueue("orders.to-erp.retry.5s")
            let check = try await run(host, ["topology", "check"], folder)
            #expect(check.status == .exited(1))
            #expect(check.output.first == "The queue orders.to-erp.retry.5s is missing.")
        }
    }

    @Test("valid messages are published, the others are shown with their line, and the exit code says so")
    func publish() async throws {
        let folder = try TemporaryDirectory()
        try await TestBroker.withVirtualHost { host in
            _ = try await run(host, ["topology", "apply"], folder)
            let example = try await ChildProcess.run(
                "stevedore", arguments: ["contracts", "example", "order.placed.v1"])
            let line = example.split(separator: "\n").joined()
            let file = folder.file("orders.ndjson")
            try write("\(line)\r\n\n{}\n\(line)\n", to: file)
            let published = try await run(host, ["publish", file], folder)
            #expect(published.status == .exited(1))
            #expect(published.output.first?.hasPrefix("2 confirmed, 1 refused") == true)
            #expect(published.errors.first?.hasPrefix("\(file):3: malformed.") == true)
            try await host.waitForDepth(of: "orders.to-erp") { $0.ready == 2 }
        }
    }

    @Test("without a queue for it a message is not called published")
    func unroutable() async throws {
        let folder = try TemporaryDirectory()
        try await TestBroker.withVirtualHost { host in
            let file = folder.file("order.json")
            let example = try await ChildProcess.run(
                "stevedore", arguments: ["contracts", "example", "order.placed.v1"])
            try write(example, to: file)
            let published = try await run(host, ["publish", file], folder)
            #expect(published.status == .exited(78))
            #expect(published.output.first?.hasPrefix("0 confirmed") == true)
        }
    }

    @Test(
        "an absent broker is one sentence, a remedy and exit code 69",
        arguments: [["status"], ["topology", "check"], ["up"]])
    func absent(arguments: [String]) async throws {
        let process = try ChildProcess(
            "stevedore", arguments: arguments, environment: ["STEVEDORE_AMQP_URLS": "amqp://127.0.0.1:1"])
        #expect(try await process.waitForExit(within: .seconds(30)) == .exited(69))
        #expect(process.errors.count == 2)
    }
}
