internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ
internal import Storefront

/// How often everything was read.
struct Listings: Hashable, Sendable {
    /// How many readings of everything have ended.
    var count = 0
    /// When the first of them began, in microseconds since 1970.
    var since: Int64 = 0
    /// Whether what was read last was everything, and not what had changed.
    var isLastWhole = false
}

extension FleetStanding {
    /// Whether the fleet knows a newer state than the ERP has listed. Statuses are counted here, and not by the ERP.
    fileprivate func isAhead(of noted: NotedObject, _ kind: ShownKind) -> Bool {
        kind == .onlineOrder ? told > noted.version : max(told, applied) > noted.revision
    }
}

/// Tells what is on its way, or waits for a person, from drift.
struct Excuses: Sendable {
    let stream: ReconcileStream
    let real: Ledger
    let scratch: ScratchLedger
    /// The flows of which the broker says that nothing is in their queues.
    var emptyFlows: Set<String> = []
    let listings: Listings
    /// Nil where nobody has looked.
    var erasures: Erasures?
    /// Objects that a person has named to be repaired all the same.
    var named: Set<String> = []

    /// The finding, with why it is no drift, or what has to be read before that can be said.
    /// - Parameter before: How far the fleet had come when it was looked at before the ERP was read last.
    func excuse(_ finding: Finding, before: FleetStanding?) async throws -> Finding {
        guard finding.excuse == nil else { return finding }
        var finding = finding
        // First of all: whatever else is to be said of it, nobody is to bring it back by mistake.
        if !named.contains(finding.subject) { finding.excuse = erasures?.excuse(for: finding) }
        guard finding.excuse == nil else { return finding }
        let (kind, subject, what) = (finding.kind, finding.subject, finding.what)
        let noted = try await scratch.ledger.read { try $0.notedObject(kind, subject) }
        finding.excuse = try await known(finding, revision: noted?.revision ?? 0)
        guard finding.excuse == nil else { return finding }
        if let noted { return listed(finding, noted, before) }
        return what == .orphaned ? try await missed(finding) : finding
    }

    /// What the ledger and the broker know of messages that bring it together.
    private func known(_ finding: Finding, revision: Int64) async throws -> Excuse? {
        let (subject, isOwnPart) = (finding.subject, finding.isOwnPart)
        // Of what the store itself has said no feed tells.
        let isOurs = finding.what == .missingInERP || isOwnPart
        let types = isOurs ? Self.orderTypes : [finding.kind.type]
        let name = isOurs ? nil : stream.description
        return try await real.read { [emptyFlows] snapshot -> Excuse? in
            if let excuse = try snapshot.excuse(for: subject, types: types, revision: revision, stream: name) {
                return excuse
            }
            guard !isOwnPart else {
                let queue = Catalogue.takenOrders
                return emptyFlows.contains(queue) ? nil : .onItsWay("what the store said of it may be in \(queue)")
            }
            for type in types.prefix(1) where try snapshot.isUnderWay(subject, type) && !emptyFlows.contains(type.queue)
            {
                return .onItsWay("its message is in \(type.queue)")
            }
            return nil
        }
    }

    /// What the ERP lists may have changed since, and what the fleet knows is then newer than what was read.
    private func listed(_ finding: Finding, _ noted: NotedObject, _ before: FleetStanding?) -> Finding {
        var finding = finding
        guard !noted.isFresh else {
            (finding.excuse, finding.look) = (.onItsWay("the ERP changed it while it was compared"), .changes)
            return finding
        }
        guard noted.listing >= listings.count else {
            finding.excuse = .onItsWay("the ERP listed it at first, and does so no more")
            return finding
        }
        guard let standing = finding.standing, standing.isAhead(of: noted, finding.kind) else { return finding }
        // Only an ERP that still says so, when all of it is read once more, has gone back behind what the store was told.
        guard standing != before || !listings.isLastWhole else { return finding }
        finding.excuse = .onItsWay("the store was told a newer state than the ERP listed")
        finding.look = standing == before ? .everything : .changes
        return finding
    }

    /// A page may leave out a row by mistake: only two readings of everything without it say that it is gone.
    private func missed(_ finding: Finding) async throws -> Finding {
        // Orders are asked for one by one.
        guard finding.kind != .onlineOrder else { return finding }
        var finding = finding
        let (subject, name, start) = (finding.subject, stream.description, listings.since)
        let (isMissed, isSeen) = try await real.read { snapshot in
            (
                try snapshot.feedMisses(subject, in: name),
                try snapshot.feedHasSeen(subject, in: name, since: start)
            )
        }
        if isSeen {
            finding.excuse = .onItsWay("the feed has seen the ERP list it meanwhile")
        } else if listings.count < 2, !isMissed {
            (finding.excuse, finding.look) = (.onItsWay("the ERP's list has yet to lack it twice"), .everything)
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
