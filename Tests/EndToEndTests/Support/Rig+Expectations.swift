import Fleet
import FleetTesting
import Ledger

extension Rig {
    /// Waits until an alerts-worker has looked once: of what was before, it does not know since when it waits.
    func waitUntilWatched() async throws {
        try await eventually(within: .seconds(120), "the first look") {
            try await ledger { try ExpectationTables.areThere($0) && $0.expectationTail() != nil }
        }
    }

    /// Where all that is, or was, expected of an object stands; what came in time has left nothing.
    func expectations(of subject: String) async throws -> [ExpectationRow.State] {
        try await ledger { try $0.expectations(of: subject).map(\.state) }
    }

    /// As if the minute were over for which an alerts-worker that was killed keeps its watch from every other.
    func endWatchLease() async throws {
        let ledger = try Ledger.open(path: ledgerPath)
        do {
            _ = try await ledger.write { transaction in
                try transaction.execute("UPDATE maintenance SET lease_until = 0 WHERE task = 'expectations'")
            }
            await ledger.close()
        } catch {
            await ledger.close()
            throw error
        }
    }
}
