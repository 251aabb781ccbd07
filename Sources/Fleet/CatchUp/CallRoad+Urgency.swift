internal import Ledger
internal import Models

extension CallRoad {
    /// How urgent each of these is, as their handlers say; 0 where nobody does, or the ledger cannot be asked: then first
    /// come is first served.
    func urgencies(of works: [CallWork]) async -> [Int] {
        let none = [Int](repeating: 0, count: works.count)
        guard handlers.values.contains(where: { $0.knowsUrgency }) else { return none }
        let urgencies = try? await ledger.read { snapshot in works.map { urgency(of: $0, in: snapshot) } }
        return urgencies ?? none
    }

    private func urgency(of work: CallWork, in snapshot: LedgerSnapshot) -> Int {
        guard case .call(let job) = work, let handler = handlers[job.message.type.name], handler.knowsUrgency else {
            return 0
        }
        return (try? handler.urgency(of: job.message, in: snapshot)) ?? 0
    }
}
