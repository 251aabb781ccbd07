internal import Ledger

/// The step that put a message into a retry tier, as the journal has it.
package struct RetryStep: Hashable, Sendable {
    package let tier: RetryTier
    /// When the tier gives it back at the latest, in microseconds since 1970.
    package let dueAt: Int64

    /// For how long one that has not come back is still on its way. A broker that finds the queue full keeps it, tries
    /// again every few minutes, and counts it among no messages that are ready.
    package static let patience = Duration.seconds(3_600)

    /// Nil for any other step.
    package init?(stage: String, detail: String?, at: Int64) {
        guard ["retried", "returned"].contains(stage), let tier = RetryTier(named: detail) else { return nil }
        self.tier = tier
        dueAt = at + Int64(tier.delay / .microseconds(1))
    }

    /// Until when nobody need do anything about it, in microseconds since 1970.
    package var patientUntil: Int64 { dueAt + Int64(Self.patience / .microseconds(1)) }
}

extension RetryTier {
    /// The tier of a step's detail: `waits 5m: The ERP is busy.`, `waits 5s, no attempt spent: …`.
    package init?(named detail: String?) {
        guard let detail, detail.hasPrefix("waits ") else { return nil }
        self.init(rawValue: String(detail.dropFirst(6).prefix { $0 != ":" && $0 != "," }))
    }
}

extension LedgerSnapshot {
    /// Those of some subjects of which the newest step, among messages of these types, put one into a retry tier. Looks
    /// back some two million steps. What the flow that only looks on does says nothing of how a message fares on its own
    /// road.
    func newestRetries(_ subjects: [String], types: Set<String>) throws -> [String: RetryStep] {
        try newestSteps(of: subjects, types: types, leavingOut: "noted*").compactMapValues { step in
            RetryStep(stage: step.stage, detail: step.detail, at: step.at)
        }
    }
}
