import Fleet
import FleetTesting
import Ledger
import Models
import Testing

@Suite("A store that is told by posts alone", .needsBroker, .timeLimit(.minutes(10)))
struct WebhookAloneTests {
    private static let workers = ["orders-worker", "inventory-worker", "tracking-worker", "customers-worker"]

    @Test("is posted every kind of object as the ERP has it, and by `erp-feed resync --all` all of it under new ids")
    func everything() async throws {
        try await Rig.with(simulator: StoreFlow.company) { rig in
            let store = try await PostBox.start()
            let programs = try start(rig, store)
            try await trade(rig)
            let first = try await posts(to: store, rig)
            #expect(Set(first.map(\.type)) == Set(Catalogue.types.filter { $0.direction == .toStore }))
            try await waitForFirstRead(rig)
            try await resync(rig, store)
            let again = try await posts(to: store, after: first.count, rig)
            try expectSame(first, again)
            expectOrder(first + again)
            #expect(try await tables(rig) == ["store_webhook_pause", "store_webhook_post"])
            #expect(try await rig.allDeadLetters() == 0)
            for program in programs { try await rig.stop(program) }
            #expect(try await store.posts(after: first.count + again.count).isEmpty)
            try await store.process.kill()
        }
    }

    /// Nobody is killed here, so that no lease need end soon.
    private func start(_ rig: Rig, _ store: PostBox) throws -> [ChildProcess] {
        let settings = store.settings.merging(["WORKER_LEASE": "15s"]) { $1 }
        let workers = try Self.workers.map { try rig.start($0, settings) }
        let feed = try rig.start("erp-feed", settings.merging(Rig.quickFeed) { $1 })
        return workers + [feed]
    }

    /// What a new company does not have: an account's own prices, in a currency that it does not pay in; an order that
    /// was keyed in the ERP; and a store's order that has been shipped.
    private func trade(_ rig: Rig) async throws {
        let company = rig.simulator
        try await company.control(
            "changes/prices",
            #"""
            {"account":"C-10002","priceVersion":"2026-X","currency":"EUR","validFrom":"2026-01-01",
            "prices":[{"sku":"FST-0001","unit":"C62","price":"1.00"}]}
            """#)
        try await company.control(
            "offline-orders", #"{"account":"C-10001","lines":[{"sku":"FST-0001","quantity":"3"}]}"#)
        try await rig.place(["W-1"])
        let number = try await eventually(within: .seconds(60), "the ERP to have the order") {
            try await ERPModel.read(company).orders.first { $0["storeNumber"] == "W-1" }?["erpNumber"]
        }
        try await company.move(number, "ship")
    }

    // MARK: - What is posted

    /// All posts behind the first `count`, once every object has come as the ERP has it, and nothing is on its way.
    private func posts(to store: PostBox, after count: Int = 0, _ rig: Rig) async throws -> [Received] {
        let model = try await ERPModel.read(rig.simulator)
        var told: [Received] = []
        try await eventually(within: .seconds(120), "every object to be posted") {
            let fresh = try await news(of: store, after: count + told.count)
            told += fresh
            let lacking = Self.lacking(model, told)
            guard lacking.isEmpty else {
                throw RigError.unexpectedAnswer("\(lacking.count) not posted: \(lacking.prefix(5))")
            }
            return true
        }
        for flow in FleetTopology.flows { try await rig.waitUntilEmpty(flow) }
        try await eventually("nothing to wait") { try await waiting(rig) == 0 }
        let rest = try await news(of: store, after: count + told.count)
        told += rest
        let known = Set(model.toldRevisions.keys).union(model.toldStates.keys)
        #expect(Set(Self.newest(told).keys) == known)
        return told
    }

    private func news(of store: PostBox, after count: Int) async throws -> [Received] {
        let posts = try await store.posts(after: count)
        #expect(posts.filter { !$0.isGenuine }.isEmpty)
        return try posts.map { try $0.message }
    }

    /// What each object was said to be last, by its type and subject.
    private static func newest(_ told: [Received]) -> [String: Received] {
        Dictionary(told.map { (name($0), $0) }) { $1 }
    }

    private static func name(_ message: Received) -> String { "\(message.type) \(message.envelope.subject)" }

    /// The objects that the ERP has otherwise, or that have not come at all.
    private static func lacking(_ model: ERPModel, _ told: [Received]) -> [String] {
        let last = newest(told)
        let objects = model.toldRevisions.filter { last[$0.key]?.envelope.revision != $0.value }
        let orders = model.toldStates.filter { state(last[$0.key]) != $0.value }
        return (Array(objects.keys) + Array(orders.keys)).sorted()
    }

    private static func state(_ message: Received?) -> String? { (message?.payload as? OrderStatus)?.state.rawValue }

    private func waiting(_ rig: Rig) async throws -> Int64? {
        try await rig.ledger { snapshot in
            try snapshot.first("SELECT count(*) FROM store_webhook_post") { $0.integer(0) }
        }
    }

    // MARK: - What is posted again

    /// Five streams, and stock in three warehouses.
    private func waitForFirstRead(_ rig: Rig) async throws {
        try await eventually("every stream to be read") {
            try await rig.ledger { snapshot in
                try snapshot.first(
                    "SELECT count(*) FROM feed_cursor WHERE pass = 'live' AND finished_at IS NOT NULL"
                ) { $0.integer(0) }
            } == 8
        }
    }

    private func resync(_ rig: Rig, _ store: PostBox) async throws {
        var environment = rig.workerEnvironment
        for (name, value) in store.settings { environment["STEVEDORE_" + name] = value }
        let said = try await ChildProcess.run("erp-feed", arguments: ["resync", "--all"], environment: environment)
        for stream in ["orders", "products", "stock/EAST", "prices", "customers", "shipments"] {
            #expect(said.contains("\(stream): will be read from its beginning"), "\(said)")
        }
    }

    /// Each object says what it said before, at the revision of before; only how an order stands is told at a newer
    /// one. No id was used before: a store that remembers those it has seen takes nothing of it for a copy.
    private func expectSame(_ first: [Received], _ again: [Received]) throws {
        #expect(Set(first.map(\.envelope.id)).isDisjoint(with: again.map(\.envelope.id)))
        let last = Self.newest(again)
        for (name, old) in Self.newest(first) {
            let new = try #require(last[name], "\(name)")
            guard var status = old.payload as? OrderStatus else {
                #expect(new.envelope.revision == old.envelope.revision, "\(name)")
                #expect(new.contentHash == old.contentHash, "\(name)")
                continue
            }
            #expect(new.envelope.revision > status.revision, "\(name)")
            status.revision = new.envelope.revision
            #expect(new.payload as? OrderStatus == status, "\(name)")
        }
    }

    /// Never an older revision after a newer one.
    private func expectOrder(_ told: [Received]) {
        for (name, messages) in Dictionary(grouping: told, by: Self.name) {
            let revisions = messages.map(\.envelope.revision)
            #expect(revisions == revisions.sorted(), "\(name)")
        }
    }

    /// Those that are the store's.
    private func tables(_ rig: Rig) async throws -> [String] {
        try await rig.ledger { snapshot in
            try snapshot.query(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'store_*' ORDER BY name"
            ) { $0.text(0) }
        }
    }
}
