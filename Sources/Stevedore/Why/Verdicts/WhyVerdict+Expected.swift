internal import Fleet

// What has to happen yet, or should have, and what only a comparison with the ERP can tell.
extension WhyFacts {
    /// Says what is overdue, who knows of it, and what is watched for. What a dead letter stops has that letter's alert.
    func expect(in verdict: inout WhyVerdict) {
        if let missed = expected.first(where: { $0.missedAt != nil }), let at = missed.missedAt {
            verdict.sentence += " It is overdue: \(missed.name) was missed at \(WhyTime.text(at))."
            verdict.told = verdict.told ?? missed.told?.text
            verdict.remedy =
                verdict.remedy ?? "`stevedore reconcile` says what the ERP has and the store has not, and "
                + "with --repair has it sent."
        } else if !verdict.code.hasPrefix("dead-letter"), let waiting = expected.first {
            verdict.next +=
                " \(waiting.name) is watched for since \(WhyTime.text(waiting.since)), and raises an alarm "
                + "when it stays away."
        }
    }

    /// What a comparison has found, which no message tells of.
    var drifted: [WhyRemark] {
        guard let drift else { return [] }
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
                remedy: "`stevedore reconcile \(thing.stream)` says what differs; --repair has it sent.")
        ]
    }
}
