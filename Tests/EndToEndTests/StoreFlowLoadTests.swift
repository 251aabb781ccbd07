import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("Many messages to the store", .serialized, .needsBroker, .timeLimit(.minutes(10)))
struct StoreFlowLoadTests {
    // MARK: - Ten processes

    private static let crew = ["inventory-worker": 4, "tracking-worker": 3, "customers-worker": 3]

    @Test(
        "shown by ten processes while somebody reads for long are all there once, and the log gets short afterwards",
        .reportsSeed)
    func tenWriters() async throws {
        try await Rig.with(simulator: StoreFlow.company) { rig in
            let workers = try await startCrew(rig)
            try await rig.showOrders([StoreFlow.order])
            var random = SeededRandom()
            let messages = try Self.messages().shuffled(using: &random)
            try await rig.readingLedger {
                try await rig.publish(messages)
                for flow in StoreFlow.allCases {
                    try await rig.waitForStore(flow, Self.rows(flow), within: .seconds(90))
                }
                for queue in StoreFlow.queues { try await rig.waitUntilEmpty(queue) }
                let grown = rig.logSize
                #expect(grown > Self.shortLog, "the log is too short to prove anything")
            }
            try await waitForShortLog(rig)
            try await rig.expectAppliedOnce()
            #expect(try await rig.ledger { try Self.writers($0) } == 10)
            #expect(try await rig.storeLetterCount() == 0)
            // Each waited for the others, and none so long that it gave up.
            for worker in workers { #expect(!StoreScene.isBlocked(worker)) }
            for worker in workers { try await rig.stop(worker) }
        }
    }

    /// With few messages in hand each, so that every one of them has something to do.
    private func startCrew(_ rig: Rig) async throws -> [ChildProcess] {
        var workers: [ChildProcess] = []
        for (program, count) in Self.crew {
            for _ in 0..<count { workers.append(try rig.start(program, ["WORKER_PREFETCH": "20"])) }
        }
        for worker in workers { try await worker.waitForLine(containing: "message=ready") }
        return workers
    }

    private static let revisions: ClosedRange<Int64> = 1...3

    /// Three revisions of a hundred objects of each kind.
    private static func messages() throws -> [OutgoingMessage] {
        var messages: [OutgoingMessage] = []
        for flow in StoreFlow.allCases {
            for (number, revision) in (0..<100).flatMap({ number in revisions.map { (number, $0) } }) {
                messages.append(try flow.message("K-\(number)", revision: revision, value: revision * 10))
            }
        }
        return messages
    }

    private static func rows(_ flow: StoreFlow) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<100).map { ("K-\($0)", flow.row(3, 30)) })
    }

    private static func writers(_ snapshot: LedgerSnapshot) throws -> Int64? {
        try snapshot.first("SELECT count(DISTINCT worker) FROM journal WHERE stage = 'applied'") { $0.integer(0) }
    }

    // MARK: - The log

    /// What a log has at most that is to have 1 MiB, see `LogTests`.
    private static let shortLog = 3 << 19

    /// Writes through a ledger whose log is to be far shorter than a worker's, so that few writes show whether any
    /// process still keeps it from starting anew.
    private func waitForShortLog(_ rig: Rig) async throws {
        let options = LedgerOptions(logLimit: 1 << 20, checkpointEvery: 256 << 10)
        let ledger = try Ledger.open(path: rig.ledgerPath, options: options)
        try await eventually("the log to be short") {
            try await ledger.write { try Self.fill($0) }
            let size = rig.logSize
            guard size <= Self.shortLog else { throw RigError.unexpectedAnswer("\(size) bytes") }
            return true
        }
        await ledger.close()
    }

    private static func fill(_ transaction: LedgerTransaction) throws {
        for number in UInt8(0)..<20 {
            try transaction.storePayload(
                id: MessageID.next(), body: [UInt8](repeating: number, count: 2_000), at: 1)
        }
    }

    // MARK: - Twenty thousand

    @Test(
        "on connections that are lost now and then cost a worker neither memory nor open files",
        arguments: [StoreFlow.stock, .customer])
    func soak(_ flow: StoreFlow) async throws {
        try await Rig.with(simulator: StoreFlow.company) { rig in
            let proxy = try rig.proxy()
            let worker = try await rig.startReady(
                flow.worker, ["AMQP_URLS": proxy.url(insteadOf: rig.host.url)])
            try await rig.publish(try Self.soakMessages(flow, 0..<1_000))
            try await rig.waitUntilEmpty(flow.queue)
            let files = try OpenFiles(of: worker, ledger: rig.ledgerPath)
            let memory = try #require(worker.residentMemory)
            let connections = proxy.acceptedConnections
            for start in stride(from: 1_000, to: 20_000, by: 1_000) {
                try await rig.publish(try Self.soakMessages(flow, start..<start + 1_000))
                if start.isMultiple(of: 4_000) { proxy.resetConnections() }
            }
            try await rig.waitForStore(flow, Self.soakRows(flow), within: .seconds(180))
            try await rig.waitUntilEmpty(flow.queue)
            #expect(proxy.acceptedConnections >= connections + 4)
            try await expectNoMore(than: files, memory, worker, rig)
            try await rig.expectAppliedOnce()
            #expect(try await rig.deadLetters(of: flow.queue) == 0)
            try await rig.stop(worker)
        }
    }

    /// Forty revisions of five hundred objects in all.
    private static func soakMessages(_ flow: StoreFlow, _ numbers: Range<Int>) throws -> [OutgoingMessage] {
        try numbers.map { number in
            try flow.message("K-\(number % 500)", revision: Int64(number / 500 + 1), value: Int64(number))
        }
    }

    private static func soakRows(_ flow: StoreFlow) -> [String: String] {
        Dictionary(uniqueKeysWithValues: (0..<500).map { ("K-\($0)", flow.row(40, Int64(19_500 + $0))) })
    }

    /// Besides the ledger's files, which five connections have open at most, each with its log, and once their index.
    private func expectNoMore(
        than files: OpenFiles, _ memory: Int, _ worker: ChildProcess, _ rig: Rig
    ) async throws {
        try await eventually("as few open files as before, \(files)") {
            let now = try OpenFiles(of: worker, ledger: rig.ledgerPath)
            guard now.others <= files.others + 2, now.ofLedger <= 11 else {
                throw RigError.unexpectedAnswer("\(now)")
            }
            return true
        }
        let more = try #require(worker.residentMemory) - memory
        #expect(more < 10 << 20, "\(more >> 10) KiB more")
    }
}
