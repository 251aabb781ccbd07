import FleetTesting
import Ledger
import Testing

/// All that brings the store what the ERP says, but for orders: three workers and the feed, on one ledger. What the ERP
/// had to say at first has been shown.
struct StoreScene {
    let rig: Rig
    let workers: [ChildProcess]
    let feed: ChildProcess
    private let healths: [WorkerHealth]
    private let path: String

    init(_ rig: Rig, ledger path: String) async throws {
        let settings = ["LEDGER_PATH": path]
        workers = try StoreFlow.workers.map { try rig.start($0, settings) }
        feed = try rig.start("erp-feed", settings.merging(["FEED_INTERVAL": "100ms"]) { $1 })
        var healths: [WorkerHealth] = []
        for program in workers + [feed] { healths.append(try await WorkerHealth(of: program)) }
        (self.rig, self.healths, self.path) = (rig, healths, path)
        for health in healths { try await health.waitUntilReady() }
        try await rig.showOrders([StoreFlow.order], ledger: path)
        try await waitForFirstRead()
    }

    /// Five streams, and stock in three warehouses.
    private func waitForFirstRead() async throws {
        try await eventually(within: .seconds(60), "every stream to be read") {
            try await read { snapshot in
                try snapshot.first(
                    "SELECT count(*) FROM feed_cursor WHERE pass = 'live' AND finished_at IS NOT NULL"
                ) { $0.integer(0) }
            } == 8
        }
        for queue in StoreFlow.queues { try await rig.waitUntilEmpty(queue) }
    }

    /// Looks into the ledger, wherever it is.
    func read<Value: Sendable>(_ body: @escaping @Sendable (LedgerSnapshot) throws -> Value) async throws -> Value {
        let ledger = try Ledger.openReadOnly(path: path)
        let result = try await ledger.read(body)
        await ledger.close()
        return result
    }

    /// Where the feed is in each stream.
    func cursors() async throws -> [String] {
        try await read { snapshot in
            try snapshot.query(
                "SELECT stream || ' ' || coalesce(cursor, '-') FROM feed_cursor WHERE pass = 'live' ORDER BY stream"
            ) { $0.text(0) }
        }
    }

    // MARK: - What is told

    /// Publishes an object of each queue for each number.
    func publish(_ prefix: String, _ numbers: Range<Int>) async throws {
        for flow in StoreFlow.ofEachQueue {
            try await rig.publish(numbers.map { try flow.message("\(prefix)-\($0)", value: Int64($0)) })
        }
    }

    /// Publishes until each worker has said that the ledger takes nothing any more; returns how many of each queue.
    func publishUntilBlocked(_ prefix: String) async throws -> Int {
        var count = 0
        try await eventually(within: .seconds(60), "every worker to be blocked") {
            try await publish(prefix, count..<count + 20)
            count += 20
            return workers.allSatisfy { Self.isBlocked($0) }
        }
        return count
    }

    static func isBlocked(_ worker: ChildProcess) -> Bool { worker.errors.contains { $0.contains("message=blocked") } }

    /// The ERP changes a product, its stock and an account.
    func changeERP(_ number: Int) async throws {
        let company = rig.simulator
        try await company.control("changes/stock", #"{"sku":"FST-0001","warehouse":"EAST","onHand":"\#(number)"}"#)
        try await company.control("changes/products", #"{"sku":"FST-0001","name":"Bolt \#(number)"}"#)
        try await company.control("changes/customers", #"{"account":"C-10001","name":"Company \#(number)"}"#)
    }

    private static let changedStreams = ["stock/EAST", "products", "customers"]

    /// Goes on changing them, from that number on, until the feed has said of each that the ledger is in its way.
    /// Returns the last number.
    func changeERPUntilFeedWaits(from first: Int) async throws -> Int {
        var last = first - 1
        try await eventually(within: .seconds(60), "the feed to wait for the ledger with each stream") {
            last += 1
            try await changeERP(last)
            let lines = feed.errors
            return Self.changedStreams.allSatisfy { Self.isWaiting($0, lines) }
        }
        return last
    }

    private static func isWaiting(_ stream: String, _ lines: [String]) -> Bool {
        lines.contains { $0.contains("stream waits") && $0.contains(" ledger ") && $0.contains("stream=\(stream)") }
    }

    // MARK: - How it goes

    /// Each program is live, and not ready for a reason that holds the text. They are asked together, since a ledger
    /// that is locked keeps each answer waiting.
    func waitUntilNotReady(because text: String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for health in healths {
                group.addTask {
                    try await health.waitUntilNotReady(because: text, within: .seconds(40))
                    guard try await health.isLive() else { throw RigError.unexpectedAnswer("not live") }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Of so many messages of each queue some are left, and what is acknowledged is in the ledger.
    func expectNothingLost(_ prefix: String, of count: Int) async throws {
        for flow in StoreFlow.ofEachQueue {
            let left = try #require(try await rig.host.depth(of: flow.queue)).messages
            let applied = try await read { try flow.appliedCount(prefix, $0) }
            #expect(left > 0, "\(flow.queue)")
            #expect(count - left <= Int(applied), "\(flow.queue): \(left) left of \(count), \(applied) applied")
        }
    }

    /// Each of these objects comes to be shown, and what the ERP has changed last; everything once, and nothing is a
    /// letter.
    func expectAll(_ prefix: String, _ count: Int, changed number: Int) async throws {
        for flow in StoreFlow.ofEachQueue {
            try await eventually(within: .seconds(90), "\(count) objects of the kind \(flow.rawValue)") {
                try await read { try Self.areShown(prefix, count, flow, $0) }
            }
        }
        let expected = "\(number) Bolt \(number) Company \(number)"
        try await eventually(within: .seconds(90), "the ERP's last change") {
            try await read { try Self.companyRow($0) } == expected
        }
        for health in healths { try await health.waitUntilReady() }
        for queue in StoreFlow.queues { try await rig.waitUntilEmpty(queue) }
        #expect(try await read { try StoreFlow.appliedTwice($0) } == [])
        #expect(try await rig.allDeadLetters() == 0)
    }

    private static func areShown(
        _ prefix: String, _ count: Int, _ flow: StoreFlow, _ snapshot: LedgerSnapshot
    ) throws -> Bool {
        let shown = try flow.shown(snapshot).filter { $0.key.hasPrefix(prefix) }
        return shown.count == count
            && (0..<count).allSatisfy { shown["\(prefix)-\($0)"] == flow.row(1, Int64($0)) }
    }

    private static func companyRow(_ snapshot: LedgerSnapshot) throws -> String? {
        try snapshot.first(
            """
            SELECT s.on_hand || ' ' || p.name || ' ' || c.name
            FROM store_stock AS s JOIN store_product AS p ON p.sku = s.sku JOIN store_customer AS c
            WHERE s.sku = 'FST-0001' AND s.warehouse = 'EAST' AND c.account = 'C-10001'
            """
        ) { $0.text(0) }
    }

    func stop() async throws {
        for program in workers + [feed] { try await rig.stop(program) }
    }
}
