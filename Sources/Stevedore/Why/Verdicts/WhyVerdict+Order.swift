internal import Fleet
internal import Ledger
internal import Models

// Orders: first what keeps the newest revision from the ERP, then what keeps the answer from the store, then that.
extension WhyFacts {
    var orderVerdict: WhyVerdict {
        if let stopped = delay(on: legs[0]) { return stopped }
        if var stopped = delay(on: legs[1]) {
            stopped.sentence = answerBefore + stopped.sentence
            return stopped
        }
        return withObstacle(answered ?? unheard)
    }

    var offlineVerdict: WhyVerdict {
        // What is held back is said beside how the order stands without it.
        if case .stated = toStore.standing(now: now), parkedVerdict(on: toStore) != nil {
            return withObstacle(answered ?? unheard)
        }
        return delay(on: toStore) ?? withObstacle(answered ?? unheard)
    }

    /// The order stands as it does; but what the ERP says of it now is not told.
    private func withObstacle(_ verdict: WhyVerdict) -> WhyVerdict {
        guard let obstacle else { return verdict }
        var verdict = verdict
        verdict.sentence += " \(obstacle.sentence)"
        (verdict.next, verdict.remedy) = (obstacle.next, obstacle.remedy)
        return verdict
    }

    /// What the ERP has said already, before the sentence about why the store has not heard it.
    private var answerBefore: String {
        guard let state = legs[0].state, let word = state.state, let at = state.appliedAt, !state.isWithheld else {
            return ""
        }
        guard !isNeverSent else { return "\(neverSent) " }
        return "The ERP answered \(thing.name) at \(WhyTime.text(at)): \(word)\(asNumber). "
    }

    /// Cancelled before the ERP had heard of it, so that we have answered in its place: it would have given a number.
    var isNeverSent: Bool {
        guard thing.isStoreOrder, let state = legs[0].state else { return false }
        return state.state == OrderStatus.State.cancelled.rawValue && state.reference == nil
    }

    private var neverSent: String {
        let at = legs[0].state?.appliedAt.map { " at \(WhyTime.text($0))" } ?? ""
        return "\(title) was cancelled before the ERP had heard of it, and never went there: answered by us\(at)."
    }

    private var asNumber: String { erpNumber.map { " as \($0)" } ?? "" }

    /// What the ERP calls it, in brackets; an order keyed in the ERP has no other number.
    private var inBrackets: String { thing.isStoreOrder ? erpNumber.map { " (\($0))" } ?? "" : "" }

    private var reason: String {
        guard let order = shown.order, let text = order.reason ?? order.reasonCode else { return "" }
        return ": \(Self.bare(text))" + (order.reasonCode.map { " (\($0))" } ?? "")
    }

    /// When the present state began: the first time in a row that it was shown.
    private var since: Int64? {
        guard let state = shown.order?.state else { return legs[0].state?.appliedAt }
        return shown.states.prefix { $0.state == state }.last?.at ?? shown.order?.changedAt
    }

    private func when(_ word: String) -> String { since.map { " \(word) \(WhyTime.text($0))" } ?? "" }

    /// Only the status has come, and never the store's own message.
    private var isNeverNoted: Bool {
        thing.isStoreOrder && shown.order?.takenRevision == nil && legs[0].newest == 0
    }

    private var answered: WhyVerdict? {
        if let told = answeredAndTold { return told }
        guard let word = shown.order?.state ?? legs[0].state?.state else { return nil }
        var verdict = answer(word)
        if isNeverNoted {
            verdict.code += ".never-noted"
            verdict.sentence += " The store's own message of the order has never come."
            verdict.remedy = verdict.remedy ?? "Have the store publish the order again."
        }
        return verdict
    }

    /// Where the store has no tables of its own, only the first answer is known: what was told since may be another.
    private var answeredAndTold: WhyVerdict? {
        guard !shown.isThere, thing.isStoreOrder, !answerBefore.isEmpty, let told = toStore.state, told.revision > 1,
            let at = told.appliedAt
        else { return nil }
        let isPosted = !posts.contains { $0.family == toStore.family }
        return WhyVerdict(
            "answered",
            answerBefore + (isPosted ? "The store was told" : "The store is to be told")
                + " how it stands at \(WhyTime.text(at)), revision \(told.revision) of the status, and what that says "
                + "is not kept here.",
            next: feedNext("orders"), remedy: feedRemedy("orders"))
    }

    private func answer(_ word: String) -> WhyVerdict {
        let at = when("since")
        switch OrderStatus.State(rawValue: word) {
        case .accepted: return accepted
        case .held:
            return WhyVerdict(
                "held", "The ERP holds \(thing.name)\(inBrackets)\(at)\(reason).",
                next: "Nothing, until somebody releases it in the ERP; then \(feedTells("orders"))",
                remedy: "Release it in the ERP, or have the buyer change the order.")
        case .rejected where ownAnswer != nil:
            return WhyVerdict(
                "rejected.discarded",
                "\(title) was answered by us as rejected (\(ownAnswer ?? "discarded")); the ERP has nothing of it.",
                next: posts.isEmpty ? "Nothing: that answer is final, and the store has it." : "Nothing: it is final.")
        case .rejected:
            return WhyVerdict(
                "rejected", "The ERP rejected \(thing.name)\(when("at"))\(reason).",
                next: posts.isEmpty ? "Nothing: that answer is final, and the store has it." : "Nothing: it is final.")
        case .cancelled where isNeverSent:
            return WhyVerdict("cancelled.unsent", neverSent, next: "Nothing: that is its end.")
        case .cancelled:
            return WhyVerdict(
                "cancelled", "\(title)\(inBrackets) is cancelled in the ERP\(at)\(reason).",
                next: "Nothing: that is its end.")
        case .partiallyShipped:
            return WhyVerdict(
                "partially-shipped",
                "\(title)\(inBrackets) is shipped in part: \(shipmentClause).\(backorderClause)\(reasonClause)",
                next: shippingNext, remedy: shippingRemedy)
        case .shipped:
            let isTold = !shown.shipments.isEmpty
            return WhyVerdict(
                "shipped", "\(title)\(inBrackets) is shipped\(isTold ? "" : at): \(shipmentClause).\(reasonClause)",
                next: isTold ? deliveryNext : shippingNext, remedy: isTold ? nil : shippingRemedy)
        case .received, nil: return received
        }
    }

    /// An answer that nothing has followed is what people ask about most: so it says for how long, and who has looked.
    private var accepted: WhyVerdict {
        let span = since.map { " \(Age.text(microseconds: now - $0)) ago (\(WhyTime.text($0)))" } ?? ""
        let head = "The ERP accepted \(thing.name)\(thing.isStoreOrder ? asNumber : "")\(span)"
        guard shown.shipments.isEmpty else {
            return WhyVerdict(
                "accepted.shipping", "\(head); \(shipmentClause).\(backorderClause)\(reasonClause)",
                next: feedNext("shipments"), remedy: feedRemedy("shipments"))
        }
        guard shown.isThere else {
            return WhyVerdict(
                "accepted", "\(head); what was shipped since is not kept here, for the store is told by posts alone.",
                next: feedNext("shipments"), remedy: feedRemedy("shipments"))
        }
        return WhyVerdict(
            "accepted", "\(head); \(shipmentClause).\(backorderClause)\(reasonClause)", next: shippingNext,
            remedy: shippingRemedy)
    }

    private var received: WhyVerdict {
        // A row that is there before the ERP has said anything.
        guard (shown.order?.revision ?? 1) > 0 else {
            return WhyVerdict(
                "taken", "\(title) was taken by the store\(when("at")), and the ERP has not answered it.",
                next: queueNext(legs[0]), remedy: queueRemedy(legs[0]))
        }
        return WhyVerdict(
            "received",
            "The ERP has received \(thing.name)\(asNumber) and has not decided on it; \(lastRead("orders")).",
            next: feedNext("orders"), remedy: feedRemedy("orders"))
    }

    private var unheard: WhyVerdict {
        if let at = toStore.state?.appliedAt, toStore.isApplied { return told(at) }
        return WhyVerdict(
            "unheard", "\(title) is known by name, and no message of it has been handled here.",
            next: "Nothing, until a message of it comes.", remedy: "See whether the store or the ERP has published it.")
    }

    // MARK: - Clauses

    /// What the ERP adds to a state that needs no reason; a change that it did not take leaves the order as it was.
    private var reasonClause: String {
        guard let order = shown.order, !reason.isEmpty else { return "" }
        guard shown.isRefused else { return " The ERP adds\(reason)." }
        return " It did not take \(order.answeredRevision.map { "revision \($0)" } ?? "the last change")\(reason)."
    }

    private var backorderClause: String {
        guard !shown.backorders.isEmpty else { return "" }
        let said = shown.backorders.prefix(3).map { line in
            "\(line.quantity) of \(line.sku)"
                + (line.promised.map { " promised for \($0)" } ?? " without a promised date")
        }
        let more = shown.backorders.count > said.count ? " and more" : ""
        return " Backordered: \(said.joined(separator: ", "))\(more)."
    }
}
