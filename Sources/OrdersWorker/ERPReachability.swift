internal import ERP
internal import Fleet

/// Asks the ERP with a ping whether it is there.
struct ERPReachability: Reachability {
    let erp: any ERP
    let name = "erp"

    func reach() async -> Reach {
        do throws(ERPError) {
            try await erp.ping()
            return .reachable
        } catch {
            // A full ERP is there all the same.
            if case .slowDown = error { return .reachable }
            return .unreachable(Failure(error, category: .unavailable))
        }
    }
}
