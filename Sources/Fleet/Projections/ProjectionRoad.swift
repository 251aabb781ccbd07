internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// The road of a group of messages that are written into tables: claim, project and journal in one transaction.
///
/// A bad message costs only itself: if one fails, the group is written again with a savepoint for each; and what must
/// leave by another road is handed back, so that nobody waits for it.
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

        /// Reads the message.
        convenience init(reading intake: Intake, with reader: MessageReader) {
            FaultPoint.beforeDecode.pass(intake.announcedSubject)
            do throws(ContractError) {
                self.init(intake, try reader.read(intake))
            } catch {
                self.init(intake, ContractNames(error, properties: intake.properties), Failure(error))
            }
        }

        var subject: String? {
            if case .success(let message) = content { message.envelope.subject } else { knownNames?.subject }
        }

        var names: ContractNames {
            if case .success(let message) = content { return ContractNames(message.envelope) }
            return knownNames ?? ContractNames()
        }
    }

    /// A message that was not applied: it leaves by the detour.
    struct Stray: Sendable {
        let intake: Intake
        let names: ContractNames
        let failure: Failure
    }

    let queue: String
    let holder: String
    let handlers: [String: any ProjectionHandler]
    let ledger: Ledger
    let probation: Probation
    let detour: DetourRoad
    let metrics: FlowMetrics
    let logger: Logger
    /// Whether every message of the queue is handled elsewhere: there it is said what is wrong with one, here it is only
    /// left out.
    var isObserver = false

    /// The messages that are written in one transaction, in their order: others wait for the ledger meanwhile, so large
    /// bodies are written fewer at a time.
    static func groups(of items: [Item], bytes limit: Int = 2 << 20) -> [[Item]] {
        var groups: [[Item]] = []
        var (start, bytes) = (0, 0)
        for (index, item) in items.enumerated() {
            bytes += item.intake.delivery.body.count
            guard bytes > limit, index > start else { continue }
            groups.append(Array(items[start..<index]))
            (start, bytes) = (index, item.intake.delivery.body.count)
        }
        if start < items.count { groups.append(Array(items[start...])) }
        return groups
    }

    /// Applies what can be applied; returns the rest. All others are durable then.
    /// - Throws: when the ledger cannot take it now; nothing may be acknowledged then.
    func travel(_ group: [Item]) async throws -> [Stray] {
        guard let first = group.first else { return [] }
        return try await probation.watch(first.intake) {
            try await handle(group)
        } condemned: { failure in
            [Stray(intake: first.intake, names: first.names, failure: failure)]
        }
    }

    /// The same for a message that may be what crashes workers. Nothing of it has been looked at: it is decoded alone and
    /// under its mark, too.
    func travel(suspect intake: Intake) async throws -> [Stray] {
        try await probation.watch(intake) {
            try await handle([Item(reading: intake, with: MessageReader())])
        } condemned: { failure in
            [Stray(intake: intake, names: ContractNames(announcedBy: intake), failure: failure)]
        }
    }

    private func handle(_ group: [Item]) async throws -> [Stray] {
        for item in group { FaultPoint.afterReceive.pass(item.subject) }
        let clock = ContinuousClock()
        let start = clock.now
        let failures = try await apply(group)
        for item in group { FaultPoint.afterRecord.pass(item.subject) }
        metrics.processing.record(clock.now - start, count: group.count)
        return failures.filter { !isObserver || $1.mayPass }.map {
            Stray(intake: group[$0].intake, names: group[$0].names, failure: $1)
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
        let hasLetters = try transaction.hasUnsettledDeadLetters()
        return try sound.map { try project($0, in: transaction, now: now, hasLetters: hasLetters) }
    }

    private func projectOneByOne(
        _ sound: [Projectable], in transaction: LedgerTransaction
    ) throws -> ([(Int, Failure)], [FlowMetrics.Ending]) {
        var failures: [(Int, Failure)] = []
        var endings: [FlowMetrics.Ending] = []
        let now = Timestamp.now().microseconds
        let hasLetters = try transaction.hasUnsettledDeadLetters()
        for one in sound {
            do {
                endings.append(
                    try transaction.savepoint {
                        try project(one, in: transaction, now: now, hasLetters: hasLetters)
                    })
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
        _ one: Projectable, in transaction: LedgerTransaction, now: Int64, hasLetters: Bool
    ) throws -> FlowMetrics.Ending {
        guard !isObserver else { return try observe(one, in: transaction, now: now) }
        let message = one.message
        let claim = try transaction.claimAndComplete(message.claimKey, holder: holder, now: now)
        if hasLetters {
            if case .claimed = claim {
                try transaction.resolveDeadLetters(of: message)
            } else {
                try transaction.resolveDeadLetters(of: message, after: claim)
            }
        }
        let isRestated = if case .duplicate = claim { one.item.intake.isRestated } else { false }
        let stage = claim == .claimed(fence: 0) ? "applied" : isRestated ? "restated" : claim.stage
        try transaction.journal(
            JournalEntry(
                message, attempt: one.item.intake.attempt, stage: stage, detail: claim.detail, worker: holder, at: now))
        switch claim {
        case .claimed:
            try one.handler.project(message, in: transaction)
            return .applied
        case .duplicate where isRestated:
            try one.handler.project(message, in: transaction)
            return .applied
        case .duplicate: return .duplicate
        case .superseded: return .superseded
        case .conflict: throw Failure.conflict(message.envelope)
        case .busy: throw Failure.leased(message.envelope)
        }
    }

    /// Counts what it has seen for itself, and ends no dead letter: that is for who handles the message.
    private func observe(
        _ one: Projectable, in transaction: LedgerTransaction, now: Int64
    ) throws -> FlowMetrics.Ending {
        let message = one.message
        switch try transaction.claimAndComplete(message.claimKey(observedIn: queue), holder: holder, now: now) {
        case .claimed:
            try transaction.observe(one.item.intake, message, now: now)
            try transaction.journal(
                JournalEntry(
                    message, attempt: one.item.intake.attempt, stage: LedgerTransaction.noted, worker: holder, at: now))
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
