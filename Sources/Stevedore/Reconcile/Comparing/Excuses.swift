internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ
internal import Storefront

/// Tells what is on its way, or waits for a person, from drift.
struct Excuses: Sendable {
    let stream: ReconcileStream
    let real: Ledger
    let scratch: ScratchLedger
    /// The flows of which the broker says that nothing is in their queues.
    let emptyFlows: Set<String>

    /// The finding, with why it is no drift.
    func excuse(_ finding: Finding) async throws -> Finding {
        guard finding.excuse == nil else { return finding }
        var finding = finding
        let (kind, subject, what) = (finding.kind, finding.subject, finding.what)
        let noted = try await scratch.ledger.read { try $0.notedObject(kind, subject) }
        let types = what == .missingInERP ? Self.orderTypes : [kind.type]
        let name = what == .missingInERP ? nil : stream.description
        finding.excuse = try await real.read { [emptyFlows] snapshot -> Excuse? in
            if let excuse = try snapshot.excuse(
                for: subject, types: types, revision: noted?.revision ?? 0, stream: name)
            {
                return excuse
            }
            for type in types.prefix(1) where try snapshot.isUnderWay(subject, type) && !emptyFlows.contains(type.queue)
            {
                return .onItsWay("its message is in \(type.queue)")
            }
            return nil
        }
        if finding.excuse == nil, noted?.isFresh == true {
            finding.excuse = .onItsWay("the ERP changed it while it was compared")
        }
        return finding
    }

    private static let orderTypes = Catalogue.types.filter { $0.family == Catalogue.orderPlaced.family }

    /// The flows to the store of which nothing is in any queue. None where the broker does not say: what may be on its way
    /// then counts as such.
    static func emptyFlows(_ configuration: Configuration) async -> Set<String> {
        do throws(ProgramError) {
            return try await BrokerDesk.withAdmin(configuration, "stevedore-reconcile") { admin throws(BrokerError) in
                var empty: Set<String> = []
                for flow in FleetTopology.flows {
                    let queues = [flow] + RetryTier.allCases.map { FleetTopology.retryQueue(flow, $0) }
                    var count = 0
                    for queue in queues { count += try await admin.status(ofQueue: queue)?.messageCount ?? 0 }
                    if count == 0 { empty.insert(flow) }
                }
                return empty
            }
        } catch {
            return []
        }
    }
}
