internal import Ledger
internal import Models

extension CallRoad {
    /// How urgent each of these is, as their handlers say; 0 where nobody does, or the ledger cannot be asked: then first
    /// come is first served.
    func urgencies(of works: [CallWork]) async -> [Int] {
        let none = [Int](repeating: 0, count: works.count)
        guard knowsUrgency else { return none }
        let now = Timestamp.now().microseconds
        let urgencies = try? await ledger.read { snapshot in
            works.map { urgency(of: $0, in: snapshot).value(at: now) }
        }
        return urgencies ?? none
    }

    /// Whether some messages go before others here.
    var knowsUrgency: Bool { handlers.values.contains { $0.knowsUrgency } }

    private func urgency(of work: CallWork, in snapshot: LedgerSnapshot) -> Urgency {
        guard case .call(let job) = work, let handler = handlers[job.message.type.name], handler.knowsUrgency else {
            return .none
        }
        return (try? handler.urgency(of: job.message, in: snapshot)) ?? .none
    }
}
