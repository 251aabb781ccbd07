internal import Fleet
internal import RabbitMQ

/// Looks at the broker: whether all that messages travel through is there, and whether any found no queue.
///
/// Bindings are seen only over the management plugin (`amqp.management`). A queue whose binding is gone holds what it should
/// pass on, and nothing else tells of that.
struct BrokerLook: Sendable {
    private let configuration: Configuration
    private let management: ManagementAPI?

    init(_ configuration: Configuration) throws(ProgramError) {
        self.configuration = configuration
        management = try ManagementAPI(configuration, address: nil)
    }

    @Sendable func look() async throws -> [BrokerFinding] {
        let plan = TopologyPlan.fleet()
        let (examined, unrouted) = try await BrokerDesk.withAdmin(configuration, "alerts-worker") {
            admin throws(BrokerError) in
            let findings = try await TopologyDoctor(admin: admin, plan: plan).examine().findings
            return (findings, try await admin.status(ofQueue: FleetTopology.unroutedQueue)?.messageCount ?? 0)
        }
        var findings = examined
        if let management {
            let there = try await management.bindings()
            findings += plan.bindings.filter { !there.contains($0) }.map { .missing($0) }
        }
        return findings.map {
            BrokerFinding(name: $0.name, kind: .topology, sentence: $0.sentence, remedy: $0.remedy)
        } + Self.unrouted(unrouted)
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
