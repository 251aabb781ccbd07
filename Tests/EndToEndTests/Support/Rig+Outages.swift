import Fleet
import Ledger

extension Rig {
    /// The fleet's outages, the newest first.
    func outages() async throws -> [Outage] {
        let ledger = try Ledger.openReadOnly(path: ledgerPath)
        do {
            let outages = try await ledger.read { try $0.outages(limit: 20) }
            await ledger.close()
            return outages
        } catch {
            await ledger.close()
            throw error
        }
    }
}
