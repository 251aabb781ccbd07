internal import Fleet
internal import RabbitMQ

/// What one look at the broker brought.
struct BrokerSight: Sendable {
    var findings: [BrokerFinding] = []
    /// Why the bindings were not seen, although they should have been; nil when they were, or nobody asks for them.
    var blindness: String?
}

/// Looks at the broker: whether all that messages travel through is there, and whether any found no queue.
///
/// Bindings are seen only over the management plugin (`amqp.management`). A queue whose binding is gone holds what it should
/// pass on, and nothing else tells of that. A plugin that does not answer hides the bindings alone.
struct BrokerLook: Sendable {
    private let configuration: Configuration
    private let management: ManagementAPI?

    init(_ configuration: Configuration) throws(ProgramError) {
        self.configuration = configuration
        management = try ManagementAPI(configuration, address: nil)
    }

    @Sendable func look() async throws -> BrokerSight {
        let plan = TopologyPlan.fleet()
        let (examined, unrouted) = try await BrokerDesk.withAdmin(configuration, "alerts-worker") {
            admin throws(BrokerError) in
            let findings = try await TopologyDoctor(admin: admin, plan: plan).examine().findings
            return (findings, try await admin.status(ofQueue: FleetTopology.unroutedQueue)?.messageCount ?? 0)
        }
        var sight = BrokerSight(findings: examined.map { BrokerFinding($0, .topology) } + Self.unrouted(unrouted))
        guard let management else { return sight }
        do throws(ProgramError) {
            let there = try await management.bindings()
            let missing = plan.bindings.filter { !there.contains($0) }
            sight.findings += missing.map { BrokerFinding(.missing($0), .binding) }
        } catch {
            sight.blindness = error.sentence
        }
        return sight
    }

    private static func unrouted(_ count: Int) -> [BrokerFinding] {
        guard count > 0 else { return [] }
        return [
            BrokerFinding(
                name: FleetTopology.unroutedQueue, kind: .unrouted,
                sentence: "\(Count.text(count, "message")) found no queue and \(count == 1 ? "is" : "are") kept.",
                remedy: "Run `stevedore topology apply`, then send them on their way.", count: Int64(count))
        ]
    }
}

extension BrokerFinding {
    fileprivate init(_ finding: TopologyDoctor.Finding, _ kind: Kind) {
        self.init(name: finding.name, kind: kind, sentence: finding.sentence, remedy: finding.remedy)
    }
}
