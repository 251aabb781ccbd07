internal import Ledger
internal import Models

/// Finds the message that crashes workers, without blaming its neighbours.
///
/// A message that was returned to its queue three times is a suspect. It is handled while nothing else in the
/// process is, and a durable mark says so first. Marks that are never taken away again count crashes that only this
/// message can have caused.
struct Probation: Sendable {
    let ledger: Ledger
    let queue: String
    let solitude: Solitude
    /// Crashes while alone that make a message a dead letter.
    let crashesUntilPoison: Int

    /// Runs `body`; for a suspect alone and under a durable mark, or `condemned` once it has crashed workers too often.
    ///
    /// Without `forgetsCondemned` the mark of a condemned message stays until ``forget(_:)``, for those who bring it to its
    /// dead letter later.
    func watch<Value: Sendable>(
        _ intake: Intake, forgetsCondemned: Bool = true, _ body: () async throws -> Value,
        condemned: (Failure) async throws -> Value
    ) async throws -> Value {
        guard intake.isSuspect else { return try await solitude.enter(alone: false, body) }
        let key = key(of: intake)
        return try await solitude.enter(alone: true) {
            let crashes = try await ledger.write { try $0.markProbation(key) }
            FaultPoint.duringProbation.pass(intake.rehearsalName)
            let isPoison = crashes >= crashesUntilPoison
            do {
                let value = isPoison ? try await condemned(.poison(crashes)) : try await body()
                if !isPoison || forgetsCondemned { try await ledger.write { try $0.clearProbation(key) } }
                return value
            } catch {
                // An error is no crash. Should the ledger be away, the mark stays, and one start counts too many.
                try? await ledger.write { try $0.clearProbation(key) }
                throw error
            }
        }
    }

    /// A condemned message has its place: takes its mark away.
    func forget(_ intake: Intake) async throws {
        let key = key(of: intake)
        try await ledger.write { try $0.clearProbation(key) }
    }

    private func key(of intake: Intake) -> String { queue + "\u{1F}" + intake.key }
}

extension Failure {
    fileprivate static func poison(_ crashes: Int) -> Failure {
        Failure(
            code: "poison.crash", category: .poison,
            sentence: "This message stopped a worker \(crashes) times while it was handled alone.",
            remedy: "Keep it for the developers; replay it after an upgrade.")
    }
}

extension Probation {
    /// The marks: `starts` counts how often a suspect was handled alone and never came back.
    static let migration = LedgerMigration(
        number: 1, name: "probation marks",
        script: "CREATE TABLE probation (key TEXT PRIMARY KEY, starts INTEGER NOT NULL) WITHOUT ROWID")
}

extension LedgerTransaction {
    /// Counts one more start; returns how many starts there were before it.
    fileprivate func markProbation(_ key: String) throws -> Int {
        let before = try first("SELECT starts FROM probation WHERE key = ?", .text(key)) { Int($0.integer(0)) }
        try execute(
            "INSERT INTO probation (key, starts) VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET starts = starts + 1",
            .text(key))
        return before ?? 0
    }

    fileprivate func clearProbation(_ key: String) throws {
        try execute("DELETE FROM probation WHERE key = ?", .text(key))
    }
}
