import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

extension Rig {
    /// A proxy between a worker and the broker: give the worker ``FaultProxy/url(insteadOf:)`` as its `AMQP_URLS`.
    func proxy() throws -> FaultProxy {
        try FaultProxy(toPort: try #require(UInt16(exactly: try BrokerURL(host.url).port)))
    }

    /// Lends a connection for administration.
    func withAdmin<Value: Sendable>(_ body: (BrokerAdmin) async throws -> Value) async throws -> Value {
        let admin = try BrokerAdmin(
            configuration: try BrokerConfiguration(urls: [host.url], connectionName: "test admin"))
        do {
            let value = try await body(admin)
            await admin.close()
            return value
        } catch {
            await admin.close()
            throw error
        }
    }

    /// What `stevedore topology apply` does.
    func applyTopology() async throws {
        try await withAdmin { try await TopologyDoctor(admin: $0, plan: .fleet()).apply() }
    }

    /// Lets every retry queue hand its messages back this soon: the order of the tiers stays, the waiting goes.
    func shortenRetries(to milliseconds: Int = 200) async throws {
        try await host.setPolicy(
            "short", pattern: "\\.retry\\.", definition: #"{"message-ttl":\#(milliseconds)}"#)
    }

    /// Every message of a queue, which stays there.
    func peek(_ queue: String) async throws -> [Delivery] {
        try await withAdmin { admin in
            var found: [Delivery] = []
            while let delivery = try await admin.get(queue: queue) { found.append(delivery) }
            return found
        }
    }

    /// The dead letters of a flow, which stay where they are.
    func letters(of flow: String = "orders.to-erp") async throws -> [Delivery] {
        try await peek(FleetTopology.deadQueue(flow))
    }

    /// What happened to an order on its way; that it was noted beside it may come at any time.
    func journal(_ number: String) async throws -> [JournalEntry] {
        try await ledger { try $0.journalEntries(subject: number).filter { !$0.stage.hasPrefix("noted") } }
    }

    /// The order's state as the store shows it.
    func shownState(_ number: String) async throws -> String? {
        try await ledger { snapshot in
            try snapshot.first("SELECT state FROM store_order WHERE number = ?", .text(number)) { $0.text(0) }
        }
    }

    /// Publishes an order each, and returns their numbers.
    @discardableResult
    func place(_ numbers: [String]) async throws -> [String] {
        try await publish(numbers.map { OrderMessages.message(try OrderMessages.order($0)) })
        return numbers
    }

    /// Asks the worker to stop, which has to end well.
    func stop(_ worker: ChildProcess, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        worker.terminate()
        let status = try await worker.waitForExit()
        #expect(status == .exited(0), "\(worker.errors.suffix(5))", sourceLocation: sourceLocation)
    }
}

extension ChildProcess {
    /// When the program wrote the first line with that text into its log.
    func time(ofLineContaining text: String) -> Timestamp? {
        let line = errors.first { $0.contains(text) && $0.hasPrefix("time=") }
        return line?.dropFirst("time=".count).split(separator: " ").first.flatMap { Timestamp(rfc3339: $0) }
    }
}

extension Rig {
    /// A consumer that never manages: takes every message of a queue and gives it back.
    func returnAll(of queue: String, times: Int) async throws {
        try await withAdmin { admin in
            for _ in 0..<times {
                var taken: [Settlement] = []
                while let delivery = try await admin.get(queue: queue) { taken.append(.requeue(delivery.tag)) }
                try await admin.settle(taken)
                let count = taken.count
                try await host.waitForDepth(of: queue) { $0.ready == count && $0.unacknowledged == 0 }
            }
        }
    }
}
