import FleetTesting
import FoundationEssentials
import RabbitMQ
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

    @Test("while anything exists in another shape apply creates nothing, and says all of it")
    func drift() async throws {
        let folder = try TemporaryDirectory()
        try await TestBroker.withVirtualHost { host in
            let admin = try BrokerAdmin(configuration: try BrokerConfiguration(urls: [host.url]))
            try await admin.declare(Topology.Queue.quorum("orders.to-store.dead"))
            try await admin.declare(Topology.Exchange("commerce.requeue", kind: .topic))
            await admin.close()
            let apply = try await run(host, ["topology", "apply"], folder)
            #expect(apply.status == .exited(78))
            let said = apply.output.joined(separator: "\n")
            #expect(said.contains("The queue orders.to-store.dead exists in another shape"))
            #expect(said.contains("The exchange commerce.requeue exists in another shape"))
            #expect(try await host.queues() == ["orders.to-store.dead"])
        }
    }

    @Test("a user who may not compare shapes is told what was not compared")
    func restricted() async throws {
        let folder = try TemporaryDirectory()
        try await TestBroker.withVirtualHost { host in
            _ = try await run(host, ["topology", "apply"], folder)
            let user = try await host.addUser(configure: "^orders\\.to-erp$")
            let environment = ["STEVEDORE_AMQP_URLS": user]
            let check = try ChildProcess(
                "stevedore", arguments: ["topology", "check", "--json"], environment: environment)
            #expect(try await check.waitForExit() == .exited(0))
            let json = check.output.joined()
            #expect(json.contains("\"orders.to-store\"") && !json.contains("\"orders.to-erp\""))
            let apply = try ChildProcess("stevedore", arguments: ["topology", "apply"], environment: environment)
            #expect(try await apply.waitForExit() == .exited(78))
            #expect(apply.errors.first?.contains("refused access") == true)
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
            #expect(published.errors.first?.contains("order.placed.v1, of line 1") == true)
        }
    }

    @Test("a confirmed message that found no queue is not passed over: it is said, with its remedy")
    func unrouted() async throws {
        let folder = try TemporaryDirectory()
        try await TestBroker.withVirtualHost { host in
            _ = try await run(host, ["topology", "apply"], folder)
            let admin = try BrokerAdmin(configuration: try BrokerConfiguration(urls: [host.url]))
            try await admin.unbind(
                .init(exchange: "commerce", queue: "inventory.to-store", routingKey: "product.v1"))
            await admin.close()
            let file = folder.file("product.json")
            try write(try await example("product.v1"), to: file)
            let published = try await run(host, ["publish", file], folder)
            #expect(published.status == .exited(78))
            #expect(published.output.first?.hasPrefix("1 confirmed") == true)
            #expect(published.errors.first?.contains("1 message found no queue") == true)
            #expect(published.errors.last?.contains("dead-letter replay --all --queue unrouted") == true)
        }
    }

    @Test("a file that cannot be read comes after the sum of those before it", arguments: ["publish", "validate"])
    func laterFile(command: String) async throws {
        let folder = try TemporaryDirectory()
        try await TestBroker.withVirtualHost { host in
            _ = try await run(host, ["topology", "apply"], folder)
            let file = folder.file("order.json")
            try write(try await example(), to: file)
            let arguments = (command == "validate" ? ["contracts"] : []) + [command, file, folder.file("nothing.json")]
            let ended = try await run(host, arguments, folder)
            #expect(ended.status == .exited(64))
            #expect(ended.output.first?.hasPrefix(command == "publish" ? "1 confirmed" : "1 valid") == true)
        }
    }

    @Test("a refused line has its number in JSON, and a refused file has none")
    func refusedLine() async throws {
        let folder = try TemporaryDirectory()
        let file = folder.file("orders.ndjson")
        try write("\n{}\n", to: file)
        for (arguments, line) in [
            (["--json", file], "\"line\":2"), (["--json", folder.file("one.json")], "\"line\":null"),
        ] {
            try write("{}", to: folder.file("one.json"))
            let process = try ChildProcess("stevedore", arguments: ["contracts", "validate"] + arguments)
            #expect(try await process.waitForExit() == .exited(1))
            #expect(process.output.first?.contains(line) == true)
        }
    }

    @Test("config check says where no ledger could be written")
    func ledgerPath() async throws {
        let process = try ChildProcess(
            "stevedore", arguments: ["config", "check"],
            environment: ["STEVEDORE_LEDGER_PATH": "/nonexistent/folder/stevedore.db"])
        let status = try await process.waitForExit()
        #expect(status == .exited(78))
        let isNamed = process.errors.contains { $0.contains("/nonexistent/folder/stevedore.db cannot be written") }
        #expect(isNamed, "\(process.errors)")
    }

    @Test("a configuration file that is not there is exit code 78, and nothing stands in its place")
    func noConfiguration() async throws {
        for command in ["show", "check"] {
            let process = try ChildProcess("stevedore", arguments: ["config", command, "--config", "/nonexistent"])
            #expect(try await process.waitForExit() == .exited(78))
            #expect(process.output == [])
            #expect(process.errors.first?.contains("/nonexistent") == true)
        }
    }

    @Test("wrong settings are shown and named, and a password in the wrong place is not")
    func wrongConfiguration() async throws {
        for (url, command) in [("localhost:8090", "check"), ("http://u:s3cret@erp:80", "show"), ("x", "show")] {
            let process = try ChildProcess(
                "stevedore", arguments: ["config", command], environment: ["STEVEDORE_ERP_REST_URL": url])
            #expect(try await process.waitForExit() == .exited(78))
            #expect(process.output.isEmpty == (command == "check"))
            #expect(process.errors.joined().contains("`erp.rest.url`"))
            #expect(!(process.output + process.errors).joined().contains("s3cret"))
        }
    }

    private func example(_ type: String = "order.placed.v1") async throws -> String {
        try await ChildProcess.run("stevedore", arguments: ["contracts", "example", type])
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
