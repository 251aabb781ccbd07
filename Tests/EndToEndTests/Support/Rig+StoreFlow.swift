import Dispatch
import Fleet
import FleetTesting
import Glibc
import Ledger
import Models
import RabbitMQ
import Storefront
import Testing

extension Rig {
    // MARK: - Programs

    /// Starts a worker, and returns when it takes messages.
    func startReady(_ program: String, _ settings: [String: String] = [:]) async throws -> ChildProcess {
        let worker = try start(program, settings)
        try await worker.waitForLine(containing: "message=ready")
        return worker
    }

    /// One of each worker that shows the store what the ERP says, but for orders.
    func startStoreWorkers() async throws -> [ChildProcess] {
        let workers = try StoreFlow.workers.map { try start($0) }
        for worker in workers { try await worker.waitForLine(containing: "message=ready") }
        return workers
    }

    // MARK: - The store

    /// Shows the store that the ERP has these orders, as the orders worker does: no shipment of theirs has to wait.
    func showOrders(_ numbers: [String], ledger path: String? = nil) async throws {
        let ledger = try Ledger.open(path: path ?? ledgerPath)
        do {
            try await DatabaseStorefront.migrate(ledger)
            try await ledger.write { transaction in
                for number in numbers {
                    try DatabaseStorefront().show(Self.accepted(number), at: .now(), in: transaction)
                }
            }
            await ledger.close()
        } catch {
            await ledger.close()
            throw error
        }
    }

    /// The ERP's answer to an order of which nothing more is said.
    static func accepted(_ number: String) -> OrderStatus {
        OrderStatus(number: number, revision: 1, answeredRevision: 1, state: .accepted, lines: [])
    }

    /// What the store shows of one kind, by key.
    func shown(_ flow: StoreFlow) async throws -> [String: String] { try await ledger { try flow.shown($0) } }

    /// Waits until the store shows these objects of one kind and no others.
    func waitForStore(
        _ flow: StoreFlow, _ expected: [String: String], within limit: Duration = .seconds(60)
    ) async throws {
        try await eventually(within: limit, "\(expected.count) objects of the kind \(flow.rawValue)") {
            let shown = try await shown(flow)
            let wrong = shown.filter { expected[$0.key] != $0.value }
            guard wrong.isEmpty, shown.count == expected.count else {
                throw RigError.unexpectedAnswer("\(shown.count) shown, not as expected: \(wrong.prefix(5))")
            }
            return true
        }
    }

    /// Nothing was applied twice at the same revision.
    func expectAppliedOnce(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let twice = try await ledger { try StoreFlow.appliedTwice($0) }
        #expect(twice == [], sourceLocation: sourceLocation)
    }

    // MARK: - Dead letters

    /// The dead letters of every flow to the store but orders, by message id.
    func storeLetters() async throws -> [String: [Delivery]] {
        var found: [Delivery] = []
        for queue in StoreFlow.queues { found += try await letters(of: queue) }
        return Dictionary(grouping: found) { $0.properties.messageID ?? "" }
    }

    func storeLetterCount() async throws -> Int {
        try await host.depths(of: StoreFlow.queues.map { FleetTopology.deadQueue($0) })
            .reduce(0) { $0 + ($1?.messages ?? 0) }
    }

    // MARK: - The ledger's file

    /// How many bytes its write-ahead log has.
    var logSize: Int {
        var status = stat()
        return stat(ledgerPath + "-wal", &status) == 0 ? Int(status.st_size) : 0
    }

    /// Runs the body while another program reads from one snapshot of the ledger.
    func readingLedger<Value>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
    ) async throws -> Value {
        let reader = try Ledger.openReadOnly(path: ledgerPath)
        let isOver = DispatchSemaphore(value: 0)
        let (isHeld, held) = AsyncStream<Void>.makeStream()
        async let growth: Int64 = reader.read { snapshot in
            let before = try Self.journalLength(snapshot)
            held.finish()
            isOver.wait()
            return try Self.journalLength(snapshot) - before
        }
        for await _ in isHeld {}
        let result: Value
        do {
            defer { isOver.signal() }
            result = try await body()
        }
        // Had it seen what was written meanwhile, it would have kept nobody from cutting the log.
        guard try await growth == 0 else { throw RigError.unexpectedAnswer("the snapshot has changed") }
        await reader.close()
        return result
    }

    private static func journalLength(_ snapshot: LedgerSnapshot) throws -> Int64 {
        try snapshot.first("SELECT count(*) FROM journal") { $0.integer(0) } ?? 0
    }
}
