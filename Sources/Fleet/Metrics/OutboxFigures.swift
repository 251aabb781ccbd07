internal import Ledger
internal import Models

/// What waits in the ledger's outbox, which all processes of the machine share.
struct OutboxFigures: Sendable {
    var count: Int
    /// How long the oldest has waited; zero when none waits.
    var oldestAge: Duration

    /// Nil when the ledger cannot be read now.
    static func read(from ledger: Ledger) async -> OutboxFigures? {
        try? await ledger.read { snapshot in
            let now = Timestamp.now().microseconds
            let oldest = try snapshot.oldestOutbox() ?? now
            return OutboxFigures(count: try snapshot.outboxCount(), oldestAge: .microseconds(max(now - oldest, 0)))
        }
    }

    func lines(program: String) -> [String] {
        let label = "{program=\"\(program)\"}"
        return [
            "# TYPE stevedore_outbox_messages gauge", "stevedore_outbox_messages\(label) \(count)",
            "# TYPE stevedore_outbox_oldest_age_seconds gauge",
            "stevedore_outbox_oldest_age_seconds\(label) \(oldestAge / .seconds(1))",
        ]
    }
}
