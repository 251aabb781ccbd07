import FleetTesting
import Models
import RabbitMQ
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// The examples that a store's engineer starts from, run as they are.
@Suite("The producers in Python", .needsBroker, .needsPython("pika"), .timeLimit(.minutes(5)))
struct ProducerExampleTests {
    private static let folder = BuiltProducts.checkout + "/Sources/OutboxRelay/Examples/python"

    /// An order of the simulator's goods, in a file.
    private static func write(_ number: String, in rig: Rig) throws -> String {
        let path = rig.directory.file("\(number).json")
        let file = try #require(fopen(path, "w"))
        defer { fclose(file) }
        let body = OrderMessages.message(try OrderMessages.order(number)).body
        #expect(fwrite(body, 1, body.count, file) == body.count)
        return path
    }

    private static func run(_ example: String, _ arguments: [String]) throws -> ChildProcess {
        try ChildProcess(ShopOutbox.python, arguments: ["\(folder)/\(example)"] + arguments)
    }

    @Test("an order that the shop writes into its outbox, and changes twice, is in the ERP at its newest revision")
    func outbox() async throws {
        try await Rig.with { rig in
            let shop = try await ShopOutbox.make(rig)
            let order = try Self.write("P-1", in: rig)
            let worker = try rig.startWorker()
            let relay = try shop.startRelay()
            for event in ["placed", "amended", "amended"] {
                let example = try Self.run("order_outbox.py", [shop.path, event, order])
                let status = try await example.waitForExit()
                #expect(status == .exited(0), "\(example.errors)")
            }
            try await rig.waitForOrders(["P-1"], revision: 3)
            let own = try await shop.texts("SELECT state || ' ' || revision FROM shop_order")
            #expect(own == ["amended 3"])
            try await rig.stop(relay)
            try await rig.stop(worker)
        }
    }

    @Test("the order and its row are written together or not at all")
    func together() async throws {
        try await Rig.with { rig in
            let shop = try await ShopOutbox.make(rig)
            let order = try Self.write("P-1", in: rig)
            try await shop.execute("DROP TABLE stevedore_outbox")
            let example = try Self.run("order_outbox.py", [shop.path, "placed", order])
            let status = try await example.waitForExit()
            #expect(status == .exited(1))
            let own = try await shop.texts("SELECT number FROM shop_order")
            #expect(own.isEmpty)
        }
    }

    @Test("an order that is published straight is accepted, and in the ERP")
    func publish() async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker()
            let order = try Self.write("P-2", in: rig)
            let example = try Self.run("publish_order.py", ["--url", rig.host.url, order])
            let status = try await example.waitForExit()
            #expect(status == .exited(0), "\(example.errors)")
            #expect(example.output.first?.hasPrefix("P-2 revision 1 is accepted as ") == true)
            try await rig.waitForOrders(["P-2"])
            try await rig.stop(worker)
        }
    }

    @Test("a broker that is away is 69, an exchange that is missing is 1, each with a sentence")
    func failures() async throws {
        try await Rig.with { rig in
            let order = try Self.write("P-3", in: rig)
            let away = try Self.run(
                "publish_order.py", ["--url", "amqp://guest:guest@127.0.0.1:1/", "--patience", "0.5", order])
            let unavailable = try await away.waitForExit()
            #expect(unavailable == .exited(69) && away.errors.first?.contains("the broker is away") == true)
            try await rig.host.deleteExchange("commerce")
            let missing = try Self.run("publish_order.py", ["--url", rig.host.url, order])
            let refused = try await missing.waitForExit()
            #expect(refused == .exited(1) && missing.errors.first?.contains("the broker refuses it") == true)
        }
    }
}
