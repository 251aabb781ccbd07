internal import ERP
internal import Fleet

/// Asks the ERP with a ping whether it is there.
struct ERPReachability: Reachability {
    let erp: any ERP
    let name = "erp"

    func isReachable() async -> Bool {
        do throws(ERPError) {
            try await erp.ping()
            return true
        } catch {
            // A full ERP is there all the same.
            if case .slowDown = error { return true }
            return false
        }
    }
}
