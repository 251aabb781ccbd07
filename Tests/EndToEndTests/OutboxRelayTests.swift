import Fleet
import FleetTesting
import Models
import RabbitMQ
import Testing

/// A store that writes into its own database, the relay as its process, and a real broker.
@Suite("The store's outbox", .needsBroker, .needsPython("sqlite3"), .timeLimit(.minutes(10)))
struct OutboxRelayTests {
    /// Five hundred rows of a hundred orders, their revisions mixed as they come in a store.
    private static func writeDay(_ shop: ShopOutbox) async throws {
        for revision in 1...5 {
            let type = revision == 1 ? Catalogue.orderPlaced : Catalogue.orderAmended
            let orders = try (1...100).map { try OrderMessages.order("R-\($0)", revision: Int64(revision)) }
            try await shop.write(orders, as: type)
        }
    }

    private static func expectAll(
        _ shop: ShopOutbox, copies: ClosedRange<Int>, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let ids = try await shop.ids()
        let queued = try await shop.queued()
        #expect(Set(queued.map(\.id)) == Set(ids), sourceLocation: sourceLocation)
        #expect(copies.contains(queued.count - ids.count), "\(queued.count)", sourceLocation: sourceLocation)
        let revisions = queued.firstRevisions
        #expect(revisions.count == 100, sourceLocation: sourceLocation)
        let wrong = revisions.filter { $0.value != [1, 2, 3, 4, 5] }
        #expect(wrong.isEmpty, sourceLocation: sourceLocation)
    }

    @Test("killed twice on its way, it publishes every row, each subject in its order, under ids that are all known")
    func killed() async throws {
        try await Rig.with { rig in
            let shop = try await ShopOutbox.make(rig)
            try await Self.writeDay(shop)
            for step in ["after-outbox-confirm:120", "after-outbox-mark:150"] {
                let relay = try shop.startRelay(["CRASH_AT": step])
                let status = try await relay.waitForExit()
                #expect(status == .signalled(9), "\(relay.errors.suffix(5))")
                let left = try await shop.waiting()
                #expect(left > 0, "it was killed too late")
            }
            let relay = try shop.startRelay()
            try await shop.waitUntilSent()
            try await rig.stop(relay)
            try await Self.expectAll(shop, copies: 1...1_000)
        }
    }

    @Test("killed from outside at any moment, it loses nothing", .reportsSeed)
    func killedAnywhere() async throws {
        try await Rig.with { rig in
            let shop = try await ShopOutbox.make(rig)
            try await Self.writeDay(shop)
            var random = SeededRandom(round: 17)
            for _ in 0..<4 {
                let relay = try shop.startRelay()
                try await relay.waitForLine(containing: "relaying")
                let goal = Int.random(in: 1...80, using: &random)
                let before = try await rig.backlog(of: "orders.to-erp")
                try await eventually("some more messages") {
                    let (left, there) = (try await shop.waiting(), try await rig.backlog(of: "orders.to-erp"))
                    return left == 0 || there >= before + goal
                }
                try await relay.kill()
            }
            let relay = try shop.startRelay()
            try await relay.waitForLine(containing: "relaying")
            try await shop.waitUntilSent()
            try await rig.stop(relay)
            try await Self.expectAll(shop, copies: 0...2_000)
        }
    }

    @Test("while the broker is down the store goes on; what it wrote follows when the broker is back")
    func brokerDown() async throws {
        try await TestBroker.withOwn { broker in
            try await Rig.with(broker: broker) { rig in
                let shop = try await ShopOutbox.make(rig)
                let relay = try shop.startRelay()
                try await shop.write([try OrderMessages.order("before")])
                try await shop.waitUntilSent()
                try await broker.stop()
                for number in 1...100 {
                    try await shop.write([try OrderMessages.order("down-\(number)")])
                    try await shop.write(
                        [try OrderMessages.order("down-\(number)", revision: 2)], as: Catalogue.orderAmended)
                }
                let waiting = try await shop.waiting()
                #expect(waiting == 200)
                let status = try await shop.relay("status")
                #expect(status.contains("200 rows wait, the oldest for") && status.contains("Relayed by outbox-relay@"))
                try await broker.start()
                try await shop.waitUntilSent(within: .seconds(120))
                let ids = try await shop.ids()
                let queued = try await shop.queued()
                #expect(Set(queued.map(\.id)) == Set(ids))
                let wrong = queued.firstRevisions.filter { $0.key != "before" && $0.value != [1, 2] }
                #expect(wrong.isEmpty)
                #expect(relay.isRunning)
                try await rig.stop(relay)
            }
        }
    }

    @Test("of two relays one sends; the other stands by, and takes over when the first is killed")
    func standby() async throws {
        try await Rig.with { rig in
            let shop = try await ShopOutbox.make(rig)
            let first = try shop.startRelay()
            try await first.waitForLine(containing: "relaying")
            let second = try shop.startRelay()
            try await second.waitForLine(containing: "standing by")
            try await shop.write([try OrderMessages.order("S-1")])
            try await shop.waitUntilSent()
            try await first.kill()
            try await second.waitForLine(containing: "relaying")
            try await shop.write([try OrderMessages.order("S-2")])
            try await shop.waitUntilSent()
            let queued = try await shop.queued()
            #expect(queued.map(\.subject) == ["S-1", "S-2"])
            try await rig.stop(second)
        }
    }

    @Test("a wrong row says in itself what is wrong and where; corrected and let go, the order reaches the ERP")
    func refused() async throws {
        try await Rig.with { rig in
            let shop = try await ShopOutbox.make(rig)
            let worker = try rig.startWorker()
            let relay = try shop.startRelay()
            try await shop.write(try ["X-1", "X-2"].map { try OrderMessages.order($0) })
            try await shop.write([try OrderMessages.order("X-3")])
            try await rig.waitForOrders(["X-1", "X-2", "X-3"])
            try await shop.execute(
                """
                INSERT INTO stevedore_outbox (type, subject, revision, data)
                SELECT 'order.placed.v1', 'X-4', 1,
                    json_set(data, '$.number', 'X-4', '$.lines[0].quantity', 'many') FROM stevedore_outbox LIMIT 1
                """)
            let line = try await relay.waitForLine(containing: "row refused")
            #expect(line.contains("level=error") && line.contains("/data/lines/0/quantity") && line.contains("X-4"))
            try await eventually("the row to say so itself") {
                let status = try await shop.relay("status")
                return status.contains("1 row refused") && status.contains("malformed.field")
                    && status.contains("/data/lines/0/quantity")
            }
            try await shop.execute(
                "UPDATE stevedore_outbox SET data = json_set(data, '$.lines[0].quantity', '2') WHERE subject = 'X-4'")
            let retried = try await shop.relay("retry", "4")
            #expect(retried == "1 row waits to be published again.")
            try await rig.waitForOrders(["X-4"])
            try await rig.stop(relay)
            try await rig.stop(worker)
        }
    }

    /// What ends a start, and what a person is told.
    enum BadStart: String, CaseIterable, Sendable {
        case missing, text, noTable, newer, locked

        var code: Int32 { self == .locked ? 69 : 78 }

        var word: String {
            switch self {
            case .missing: "cannot be opened"
            case .text: "no SQLite database"
            case .noTable: "has no table stevedore_outbox"
            case .newer: "is of version 99, newer"
            case .locked: "was locked by others"
            }
        }

        /// Python that makes it so, and keeps it so while it runs.
        var program: String {
            switch self {
            case .missing: "import os; os.remove(path)"
            case .text: "import os; os.remove(path); open(path, 'w').write('This is no database at all. ' * 200)"
            case .noTable: "shop.execute('DROP TABLE stevedore_outbox')"
            case .newer: "shop.execute('UPDATE stevedore_outbox_schema SET version = 99')"
            // A rollback journal locks readers out, too.
            case .locked: "shop.execute('PRAGMA journal_mode = DELETE'); shop.execute('BEGIN EXCLUSIVE')"
            }
        }
    }

    @Test("what is wrong with the database at the start is one sentence and an exit code", arguments: BadStart.allCases)
    func badStart(_ bad: BadStart) async throws {
        try await Rig.with { rig in
            let shop = try await ShopOutbox.make(rig)
            let program = """
                import sqlite3, sys, time
                path = sys.argv[1]
                shop = sqlite3.connect(path, isolation_level=None)
                \(bad.program)
                print("done", flush=True)
                time.sleep(60)
                """
            let spoiler = try ChildProcess(ShopOutbox.python, arguments: ["-c", program, shop.path])
            try await spoiler.waitForLine(containing: "done")
            let relay = try shop.startRelay()
            let status = try await relay.waitForExit(within: .seconds(60))
            #expect(status == .exited(bad.code), "\(relay.errors)")
            let said = relay.errors.filter { $0.hasPrefix("outbox-relay: ") }
            #expect(said.count == 1 && said[0].contains(bad.word), "\(relay.errors)")
            try await spoiler.kill()
        }
    }

    @Test("a full queue is waited for, and the row is confirmed once there is room")
    func fullQueue() async throws {
        try await Rig.with { rig in
            let shop = try await ShopOutbox.make(rig)
            try await rig.host.setPolicy("small", pattern: "^orders\\.to-erp$", definition: #"{"max-length":1}"#)
            let relay = try shop.startRelay()
            // A queue learns how full it is only with the next message.
            try await shop.write(try (1...3).map { try OrderMessages.order("F-\($0)") })
            try await shop.waitUntilSent()
            try await shop.write(try (4...8).map { try OrderMessages.order("F-\($0)") })
            try await relay.waitForLine(containing: "outbox waits")
            let waiting = try await shop.waiting()
            #expect(waiting > 0)
            try await rig.host.setPolicy("small", pattern: "^orders\\.to-erp$", definition: #"{"max-length":1000}"#)
            try await relay.waitForLine(within: .seconds(60)) { $0.contains("outbox goes on") }
            try await shop.waitUntilSent()
            let subjects = Set(try await shop.queued().map(\.subject))
            #expect(subjects == Set((1...8).map { "F-\($0)" }))
            try await rig.stop(relay)
        }
    }
}
