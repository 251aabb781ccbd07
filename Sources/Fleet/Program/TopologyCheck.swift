internal import Logging
internal import RabbitMQ

/// The look at the broker with which a process starts: a queue in another shape, without its dead-letter target say,
/// would lose messages.
struct TopologyCheck: Sendable {
    /// The program's.
    let name: String
    let configuration: Configuration
    /// Of the flows; each is looked at with all that belongs to it.
    let queues: [String]
    let logger: Logger

    /// Looks once, over a connection of its own.
    /// - Throws: ``ProgramError`` when something is missing or in another shape, and what the broker throws.
    func run() async throws {
        let broker = try BrokerConfiguration(configuration, connectionName: "\(name) check")
        let admin = try BrokerAdmin(configuration: broker)
        let examination: TopologyDoctor.Examination
        do {
            examination = try await examine(admin)
        } catch {
            await admin.close()
            throw error
        }
        await admin.close()
        report(uncompared: Set(examination.uncompared))
        try Self.refuse(examination.findings)
    }

    private func examine(_ admin: BrokerAdmin) async throws -> TopologyDoctor.Examination {
        var result = TopologyDoctor.Examination()
        for queue in queues {
            let part = try await TopologyDoctor(admin: admin, plan: .flow(queue)).examine()
            result.findings += part.findings
            result.uncompared += part.uncompared
        }
        return result
    }

    private func report(uncompared: Set<String>) {
        guard !uncompared.isEmpty else { return }
        logger.notice(
            "topology partly compared",
            metadata: [
                "uncompared": "\(uncompared.sorted().joined(separator: ","))",
                "reason": "this user may not; `stevedore topology check` as one who may configure does",
            ])
    }

    private static func refuse(_ findings: [TopologyDoctor.Finding]) throws(ProgramError) {
        guard !findings.isEmpty else { return }
        throw ProgramError(
            code: "topology", sentence: findings.map(\.sentence).joined(separator: "\n"),
            remedy: Set(findings.map(\.remedy)).sorted().joined(separator: "\n"), exit: .configuration)
    }
}
