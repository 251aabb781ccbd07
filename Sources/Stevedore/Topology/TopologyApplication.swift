internal import Fleet
internal import RabbitMQ

/// Brings a plan onto the broker, and says everything that stands in the way, not only the first thing.
enum TopologyApplication {
    /// What became of it.
    struct Result {
        /// What stands in the way; empty when the plan is in place.
        var findings: [TopologyDoctor.Finding] = []
        /// Set when this user may not declare: everything was found to be there, and nothing was done.
        var refusal: BrokerError?
    }

    /// Nothing is declared while anything exists in another shape.
    ///
    /// A user who may not declare gets a look instead: `refusal` when nothing is missing.
    static func apply(_ plan: TopologyPlan, _ configuration: Configuration) async throws(ProgramError) -> Result {
        try await BrokerDesk.withAdmin(configuration, "stevedore") { admin throws(BrokerError) in
            let doctor = TopologyDoctor(admin: admin, plan: plan)
            let before = try await doctor.examine().findings
            guard before.allSatisfy(\.isMissing) else { return Result(findings: before) }
            do throws(BrokerError) {
                try await doctor.apply()
                return Result()
            } catch {
                switch error {
                // Somebody else declared it meanwhile.
                case .preconditionFailed: return Result(findings: try await doctor.examine().findings)
                case .accessRefused: return Result(findings: before, refusal: error)
                default: throw error
                }
            }
        }
    }
}
