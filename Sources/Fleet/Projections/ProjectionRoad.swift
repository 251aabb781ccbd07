internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// The road of a group of messages that are written into tables: claim, project and journal in one transaction.
///
/// A bad message costs only itself: if one fails, the group is written again with a savepoint for each.
struct ProjectionRoad: Sendable {
    /// A decoded message of the group, or why it could not be decoded. A class, because it is handed around and has many
    /// parts to be retained.
    final class Item: Sendable {
        let intake: Intake
        let content: Result<Received, Failure>
        private let knownNames: ContractNames?

        init(_ intake: Intake, _ message: Received) {
            self.intake = intake
            content = .success(message)
            knownNames = nil
        }

        init(_ intake: Intake, _ names: ContractNames, _ failure: Failure) {
            self.intake = intake
            content = .failure(failure)
            knownNames = names
        }

        var names: ContractNames {
            if case .success(let message) = content { return ContractNames(message.envelope) }
            return knownNames ?? ContractNames()
        }
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
        var failures: [(Int, Failure)] = []
        var sound: [Projectable] = []
        sound.reserveCapacity(group.count)
        for (index, item) in group.enumerated() {
            do throws(Failure) {
                sound.append(try projectable(item, at: index))
            } catch {
                failures.append((index, error))
            }
        }
        return try await failures + project(sound)
    }

    private func projectable(_ item: Item, at index: Int) throws(Failure) -> Projectable {
        let message = try item.content.get()
        guard let handler = handlers[message.type.name] else {
            throw .noHandler(message.type.name, queue: queue)
        }
        return Projectable(index: index, item: item, message: message, handler: handler)
    }

    /// All together first, and one by one only when one of them fails: a savepoint copies every page that its message
    /// touches, and hardly a group needs any.
    private func project(_ sound: [Projectable]) async throws -> [(Int, Failure)] {
        guard !sound.isEmpty else { return [] }
        let failures: [(Int, Failure)]
        let endings: [FlowMetrics.Ending]
        do {
            endings = try await ledger.write { try projectTogether(sound, in: $0) }
            failures = []
        } catch LedgerError.sql {
            (failures, endings) = try await ledger.write { try projectOneByOne(sound, in: $0) }
        } catch let error where !(error is LedgerError) {
            (failures, endings) = try await ledger.write { try projectOneByOne(sound, in: $0) }
        }
        metrics.ended(endings)
        return failures
    }

    private func projectTogether(
        _ sound: [Projectable], in transaction: LedgerTransaction
    ) throws -> [FlowMetrics.Ending] {
        let now = Timestamp.now().microseconds
        return try sound.map { try project($0, in: transaction, now: now) }
    }

    private func projectOneByOne(
        _ sound: [Projectable], in transaction: LedgerTransaction
    ) throws -> ([(Int, Failure)], [FlowMetrics.Ending]) {
        var failures: [(Int, Failure)] = []
        var endings: [FlowMetrics.Ending] = []
        let now = Timestamp.now().microseconds
        for one in sound {
            do {
                endings.append(try transaction.savepoint { try project(one, in: transaction, now: now) })
            } catch let failure as Failure {
                failures.append((one.index, failure))
            } catch let LedgerError.sql(code, message) {
                // This message's own statement failed; a full or lost disk would have been another error.
                failures.append((one.index, .statement(code, message)))
            } catch let error where !(error is LedgerError) {
                failures.append((one.index, .unexpected(error)))
            }
        }
        return (failures, endings)
    }

    private func project(
        _ one: Projectable, in transaction: LedgerTransaction, now: Int64
    ) throws -> FlowMetrics.Ending {
        let message = one.message
        let claim = try transaction.claimAndComplete(message.claimKey, holder: holder, now: now)
        let stage = claim == .claimed(fence: 0) ? "applied" : claim.stage
        try transaction.journal(
            JournalEntry(
                message, attempt: one.item.intake.attempt, stage: stage, detail: claim.detail, worker: holder, at: now))
        switch claim {
        case .claimed:
            try one.handler.project(message, in: transaction)
            return .applied
        case .duplicate: return .duplicate
        case .superseded: return .superseded
        case .conflict: throw Failure.conflict(message.envelope)
        case .busy: throw Failure.leased(message.envelope)
        }
    }
}

/// A message that could be read, with the one who writes it into tables.
private struct Projectable: Sendable {
    /// Its place in the group.
    let index: Int
    let item: ProjectionRoad.Item
    let message: Received
    let handler: any ProjectionHandler
}
