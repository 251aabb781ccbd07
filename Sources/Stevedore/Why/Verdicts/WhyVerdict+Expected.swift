internal import Fleet
internal import Ledger

// What has to happen yet, or should have, and what only a comparison with the ERP can tell.
extension WhyFacts {
    /// Says what is overdue, who knows of it, and what is watched for. What a dead letter stops has that letter's alert.
    func expect(in verdict: inout WhyVerdict) {
        if let missed = expected.first(where: { $0.missedAt != nil }), let at = missed.missedAt {
            verdict.sentence += " It is overdue: \(missed.name) was missed at \(WhyTime.text(at))."
            verdict.told = verdict.told ?? missed.told?.text
            verdict.remedy = verdict.remedy ?? overdueRemedy(verdict.code)
        } else if !verdict.code.hasPrefix("dead-letter"), let waiting = expected.first {
            verdict.next +=
                " \(waiting.name) is watched for since \(WhyTime.text(waiting.since)), and raises an alarm "
                + "when it stays away."
        }
    }

    /// What the ERP has never answered no repair can send. What waits to be tried again needs nobody, for a while.
    private func overdueRemedy(_ code: String) -> String? {
        guard thing.isStoreOrder, !legs[0].isApplied else {
            return "`stevedore reconcile` says what the ERP has and the store has not, and with --repair has it "
                + "sent."
        }
        guard ![Self.inRetry, Self.retryOverdue].contains(code) else { return nil }
        return "`stevedore reconcile orders` says whether the ERP has it or it is still on its way; one that is lost "
            + "the store has to publish again."
    }

    /// What a comparison has found, which no message tells of, unless it has been told anew since.
    var drifted: [WhyRemark] {
        guard let drift, !isPast(drift) else { return [] }
        let what =
            switch drift.what {
            case .missingInStore: "missing in the store"
            case .missingInERP: "missing in the ERP"
            case .differing: "shown otherwise than the ERP has it"
            case .orphaned: "shown, though the ERP has it no more"
            }
        return [
            WhyRemark(
                "But when ERP and store were compared at \(WhyTime.text(drift.seenAt)), it was \(what).",
                remedy: remedy(of: drift))
        ]
    }

    /// Whether the ERP has been heard of it since. What the store itself has said of its order no answer brings back.
    private func isPast(_ drift: Drift) -> Bool {
        guard drift.what != .differing || !thing.isStoreOrder else { return false }
        return legs.prefix(thing.types.count).contains { leg in
            leg.isApplied && leg.state?.appliedAt ?? 0 > drift.seenAt
        }
    }

    private func remedy(of drift: Drift) -> String {
        let isUnanswered = drift.what == .missingInERP && thing.isStoreOrder && !legs[0].isApplied
        let deed = isUnanswered ? "what the ERP has never had the store publishes again." : "--repair has it sent."
        return "`stevedore reconcile \(thing.stream)` says what differs; \(deed)"
    }
}
