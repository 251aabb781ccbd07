import FleetTesting
import Testing

@Suite("The shared broker", .needsBroker, .timeLimit(.minutes(1)))
struct SharedBrokerTests {
    @Test("virtual hosts are each test's own and go afterwards")
    func virtualHosts() async throws {
        let broker = try TestBroker.shared.get()
        let name = try await TestBroker.withVirtualHost { host in
            let queues = try await host.queues()
            #expect(queues.isEmpty)
            let depth = try await host.depth(of: "orders.to-erp")
            #expect(depth == nil)
            #expect(host.url.hasSuffix("/\(host.name)"))
            let exists = try await broker.evaluate("rabbit_vhost:exists(<<\"\(host.name)\">>).")
            #expect(exists == "true")
            return host.name
        }
        #expect(try await broker.evaluate("rabbit_vhost:exists(<<\"\(name)\">>).") == "false")
    }

    @Test("a queue's depth is told while a message waits", arguments: ["quorum", "classic"])
    func depth(type: String) async throws {
        try await TestBroker.withVirtualHost { host in
            try await host.declareAndPublish(queue: "orders.to-erp", type: type)
            let depth = try await host.waitForDepth(of: "orders.to-erp") { $0.messages == 1 }
            #expect(depth == QueueDepth(ready: 1, unacknowledged: 0, consumers: 0))
            #expect(try await host.queues() == ["orders.to-erp"])
            try await host.setPolicy("limit", pattern: "^orders", definition: #"{"max-length": 5}"#)
            try await host.deleteQueue("orders.to-erp")
            #expect(try await host.queues().isEmpty)
        }
    }

    @Test("a user of a virtual host is there and goes with it")
    func users() async throws {
        let broker = try TestBroker.shared.get()
        let before = try await broker.evaluate("length(rabbit_auth_backend_internal:list_users()).")
        try await TestBroker.withVirtualHost { host in
            let url = try await host.addUser(read: "^orders")
            #expect(url.hasPrefix("amqp://\(host.name)-"))
            try await host.setPermissions(user: url, configure: "", write: "", read: "")
            try await host.closeConnections()
        }
        let names = try await broker.control("list_users")
        #expect(names.contains("guest"))
        #expect(Int(before) != nil)
    }

    @Test("an Erlang error is a test's error")
    func errors() async throws {
        let broker = try TestBroker.shared.get()
        await #expect(throws: TestingError.self) { try await broker.evaluate("1 = 2.") }
    }
}

@Suite("A broker of a test's own", .needsBroker, .serialized, .timeLimit(.minutes(3)))
struct OwnBrokerTests {
    @Test("it is killed, started again with its data, alarmed, and gone in the end")
    func lifecycle() async throws {
        let directory = try await TestBroker.withOwn { broker in
            try await broker.withVirtualHost { host in
                try await host.declareAndPublish(queue: "kept", type: "quorum")
                try await broker.kill()
                await #expect(throws: TestingError.self) { try await broker.evaluate("1.") }
                try await broker.start()
                try await host.waitForDepth(of: "kept") { $0.ready == 1 }
                try await broker.setMemoryAlarm(true)
                try await broker.setMemoryAlarm(false)
                try await broker.setDiskAlarm(true)
                try await broker.setDiskAlarm(false)
                try await broker.stop()
                try await broker.start()
                try await host.waitForDepth(of: "kept") { $0.ready == 1 }
            }
            return broker.directory
        }
        try await ChildProcess.run("/bin/sh", arguments: ["-c", "test ! -e \(directory)"])
    }
}

extension VirtualHost {
    /// From inside the broker, since this target knows no client library.
    func declareAndPublish(queue: String, type: String) async throws {
        try await broker.evaluate(
            """
            Q = rabbit_misc:r(<<"\(name)">>, queue, <<"\(queue)">>),
            {new, _} = rabbit_amqqueue:declare(Q, true, false, [{<<"x-queue-type">>, longstr, <<"\(type)">>}], none,
              <<"tests">>),
            ok = rabbit_basic:publish(rabbit_misc:r(<<"\(name)">>, exchange, <<>>), <<"\(queue)">>, [], <<"one">>), ok.
            """)
    }
}
