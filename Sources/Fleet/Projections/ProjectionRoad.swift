internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// The road of a group of messages that are written into tables: claim, project and journal in one transaction.
///
/// Each message has its own savepoint: a bad one costs only itself.
struct ProjectionRoad: Sendable {
    /// A decoded message of the group, or why it could not be decoded.
    struct Item: Sendable {
        let intake: Intake
        let names: ContractNames
        let content: Result<Received, Failure>
    }

    let queue: String
    let holder: String
    let handlers: [String: any ProjectionHandler]
    let ledger: Ledger
    let probation: Probation
    let detour: DetourRoad
    let metrics: FlowMetrics
    let logger: Logger

    /// Returns when every message of the group is applied or safe in another queue. A suspect comes as a group of one.
    /// - Throws: when the ledger or the broker cannot take it now; nothing is acknowledged then.
    func travel(_ group: [Item]) async throws {
        guard let first = group.first else { return }
        try await probation.watch(first.intake) {
            FaultPoint.afterReceive.pass()
            try await handle(group)
        } condemned: { failure in
            try await detour.take(first.intake, names: first.names, failure: failure)
        }
    }

    private func handle(_ group: [Item]) async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let failures = try await apply(group)
        FaultPoint.afterRecord.pass()
        metrics.processing.record(clock.now - start, count: group.count)
        for (index, failure) in failures {
            try await detour.take(group[index].intake, names: group[index].names, failure: failure)
        }
    }

    /// Commits what can be applied; returns the rest with the reasons.
    private func apply(_ group: [Item]) async throws -> [(Int, Failure)] {
        let (failures, counts) = try await ledger.write { transaction in
            var failures: [(Int, Failure)] = []
            var counts: [FlowMetrics.Ending: Int] = [:]
            let now = Timestamp.now().microseconds
            for (index, item) in group.enumerated() {
                do {
                    let ending = try apply(item, in: transaction, now: now)
                    counts[ending, default: 0] += 1
                } catch let failure as Failure {
                    failures.append((index, failure))
                } catch let LedgerError.sql(code, message) {
                    // This message's own statement failed; a full or lost disk would have been another error.
                    failures.append((index, .statement(code, message)))
                } catch let error where !(error is LedgerError) {
                    failures.append((index, .unexpected(error)))
                }
            }
            return (failures, counts)
        }
        for (ending, count) in counts { metrics.ended(ending, count: count) }
        return failures
    }

    private func apply(_ item: Item, in transaction: LedgerTransaction, now: Int64) throws -> FlowMetrics.Ending {
        let message = try item.content.get()
        guard let handler = handlers[message.type.name] else {
            throw Failure.noHandler(message.type.name, queue: queue)
        }
        return try transaction.savepoint {
            let claim = try transaction.claimAndComplete(message.claimKey, holder: holder, now: now)
            let stage = claim == .claimed(fence: 0) ? "applied" : claim.stage
            try transaction.journal(
                JournalEntry(
                    message, attempt: item.intake.attempt, stage: stage, detail: claim.detail, worker: holder, at: now))
            switch claim {
            case .claimed:
                try handler.project(message, in: transaction)
                return .applied
            case .duplicate: return .duplicate
            case .superseded: return .superseded
            case .conflict: throw Failure.conflict(message.envelope)
            case .busy: throw Failure.leased(message.envelope)
            }
        }
    }
}
