import Fleet
import FleetTesting
import Ledger

extension Rig {
    /// A feed that reads as often as a test wants it to.
    static let quickFeed = ["FEED_INTERVAL": "100ms", "FEED_LOOK_BACK": "1s"]

    private static let workers = ["orders-worker", "inventory-worker", "tracking-worker", "customers-worker"]

    /// Every program of a fleet; the feed, with these settings, is the last.
    func startFleet(_ settings: [String: String] = [:]) throws -> [ChildProcess] {
        try (0...Self.workers.count).map { try startProgram($0, settings) }
    }

    /// The program at that place of a fleet.
    func startProgram(_ index: Int, _ settings: [String: String] = [:]) throws -> ChildProcess {
        // The ERP's books are to have every order.
        guard index == Self.workers.count else {
            return try start(Self.workers[index], ["ERP_CANCELLED_ORDERS": "send"])
        }
        return try start("erp-feed", Self.quickFeed.merging(settings) { $1 })
    }

    /// As if the minute were over for which a feed that was killed keeps its streams from every other.
    func endFeedLeases() async throws {
        let ledger = try Ledger.open(path: ledgerPath)
        do {
            _ = try await ledger.write { transaction in
                try transaction.execute("UPDATE maintenance SET lease_until = 0 WHERE task GLOB 'feed *'")
            }
            await ledger.close()
        } catch {
            await ledger.close()
            throw error
        }
    }

    /// The dead letters of every flow.
    func allDeadLetters() async throws -> Int {
        try await host.depths(of: FleetTopology.flows.map { FleetTopology.deadQueue($0) })
            .reduce(0) { $0 + ($1?.messages ?? 0) }
    }
}
