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
            // A web server with the plugin's answer stands for the plugin, which Debian's broker does not start by itself.
            let answers = folder.file("api/bindings")
            try FileManager.default.createDirectory(atPath: answers, withIntermediateDirectories: true)
            let all = TopologyPlan.fleet().bindings
            try Data(Self.json(Array(all.dropLast())).utf8).write(to: URL(filePath: answers + "/" + host.name))
            try await ChildProcess.with(
                "/usr/bin/env",
                arguments: [
                    "python3", "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder.path,
                ]
            ) { server in
                let line = try await server.waitForLine(containing: "Serving HTTP")
                let port = try #require(line.split(separator: " ").compactMap { Int($0) }.first)
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
}
