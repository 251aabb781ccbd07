import FleetTesting
import FoundationEssentials
import RabbitMQ
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Bindings, seen over the management plugin")
struct ManagementTests {
    private static func json(_ bindings: [Topology.Binding]) -> String {
        let items = bindings.map { binding in
            """
            {"source":"\(binding.exchange)","vhost":"v","destination":"\(binding.queue)","destination_type":"queue",
             "routing_key":"\(binding.routingKey)","arguments":{},"properties_key":"x"}
            """
        }
        // What every broker has beside: the default exchange's bindings, and those between exchanges.
        let others = """
            {"source":"","destination":"q","destination_type":"queue","routing_key":"q"},
            {"source":"a","destination":"q","destination_type":"exchange","routing_key":"k"}
            """
        return "[" + (items + [others]).joined(separator: ",") + "]"
    }

    @Test("bindings of queues are read, those between exchanges are not taken for them")
    func reading() throws {
        let plan = TopologyPlan.fleet().bindings
        let read = try ManagementBinding.read(Array(Self.json(plan).utf8))
        #expect(read.isSuperset(of: plan))
        #expect(!read.contains(.init(exchange: "a", queue: "q", routingKey: "k")))
        #expect(throws: (any Error).self) { try ManagementBinding.read(Array("{\"error\":\"x\"}".utf8)) }
    }

    @Test(
        "a lost binding is found with --management, and is not spoken of without",
        .needsBroker, .timeLimit(.minutes(3)))
    func lostBinding() async throws {
        let folder = try TemporaryDirectory()
        try await TestBroker.withVirtualHost { host in
            let environment = ["STEVEDORE_AMQP_URLS": host.url]
            try await ChildProcess.run("stevedore", arguments: ["topology", "apply"], environment: environment)
            let silent = try await ChildProcess.run(
                "stevedore", arguments: ["topology", "check"], environment: environment)
            #expect(silent.hasPrefix("The broker agrees with the plan: 5 exchanges, "))
            #expect(!silent.contains(" bindings.\n") && silent.contains("\nBindings were not compared"))
            let all = TopologyPlan.fleet().bindings
            try await Self.plugin(folder, "api/bindings", host.name, Self.json(Array(all.dropLast()))) { port in
                let check = try ChildProcess(
                    "stevedore", arguments: ["topology", "check", "--management", "http://u:s3cret@127.0.0.1:\(port)"],
                    environment: environment)
                #expect(try await check.waitForExit() == .exited(1))
                #expect(check.output.first == "The binding of unrouted to commerce.unrouted is missing.")
                #expect(check.errors.last == "Run `stevedore topology apply`.")
                let wrong = try ChildProcess(
                    "stevedore",
                    arguments: ["topology", "check", "--management", "http://u:s3cret@127.0.0.1:\(port)/x"],
                    environment: environment)
                #expect(try await wrong.waitForExit() == .exited(69))
                #expect(!(wrong.output + wrong.errors).joined().contains("s3cret"))
            }
        }
    }

    /// A web server with the plugin's answer stands for the plugin, which Debian's broker does not start by itself.
    private static func plugin(
        _ folder: TemporaryDirectory, _ path: String, _ name: String, _ answer: String,
        _ body: @escaping @Sendable (_ port: Int) async throws -> Void
    ) async throws {
        let answers = folder.file(path)
        try FileManager.default.createDirectory(atPath: answers, withIntermediateDirectories: true)
        try Data(answer.utf8).write(to: URL(filePath: answers + "/" + name))
        try await ChildProcess.with(
            "/usr/bin/env",
            arguments: ["python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder.path]
        ) { server in
            let line = try await server.waitForLine(containing: "Serving HTTP")
            try await body(try #require(line.split(separator: " ").compactMap { Int($0) }.first))
        }
    }

    @Test(
        "what the broker keeps because a queue is full is counted by status where the plugin tells",
        .needsBroker, .timeLimit(.minutes(3)))
    func keptByBroker() async throws {
        let folder = try TemporaryDirectory()
        try await TestBroker.withVirtualHost { host in
            var environment = [
                "STEVEDORE_AMQP_URLS": host.url, "STEVEDORE_LEDGER_PATH": folder.file("none.db"),
            ]
            try await ChildProcess.run("stevedore", arguments: ["topology", "apply"], environment: environment)
            let answer = """
                [{"name":"orders.to-erp.retry.5m","messages":3},{"name":"orders.to-erp.retry.5s"},
                 {"name":"orders.to-erp.dead","messages":9}]
                """
            let known = environment
            try await Self.plugin(folder, "api/queues", host.name, answer) { port in
                var environment = known
                environment["STEVEDORE_AMQP_MANAGEMENT"] = "http://127.0.0.1:\(port)"
                let said = try await ChildProcess.run("stevedore", arguments: ["status"], environment: environment)
                #expect(said.contains("The broker keeps 3 messages of orders.to-erp"))
                let json = try await ChildProcess.run(
                    "stevedore", arguments: ["status", "--json"], environment: environment)
                #expect(json.contains(#""heldByBroker": 3"#) && json.contains(#""retrying": 3"#))
            }
            // Nobody listens there any more: the rest is shown all the same.
            environment["STEVEDORE_AMQP_MANAGEMENT"] = "http://127.0.0.1:9"
            let said = try await ChildProcess.run("stevedore", arguments: ["status"], environment: environment)
            #expect(said.contains("orders.to-erp") && said.contains("What only it can count is left out."))
        }
    }
}
