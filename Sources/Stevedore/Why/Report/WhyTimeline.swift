internal import Fleet
internal import Ledger
internal import Models

/// One piece of evidence: when, what happened, and where that is written.
struct WhyEvent: Hashable, Sendable {
    /// In microseconds since 1970.
    var at: Int64
    var what: String
    var source: String

    /// How much of a thing's evidence is shown.
    static let most = 60
}

extension WhyFacts {
    /// The evidence, the oldest first; the newest of it where there is more than that.
    func timeline(limit: Int = WhyEvent.most) -> [WhyEvent] {
        let known = events.sorted { ($0.at, $0.source, $0.what) < ($1.at, $1.source, $1.what) }
        return Array(known.suffix(limit))
    }

    /// Whether there is more evidence than the timeline has.
    var isTimelineCut: Bool { events.count > WhyEvent.most }

    private var events: [WhyEvent] {
        (stepEvents + letterEvents + shownEvents + waitingEvents).filter { $0.at > 0 }
    }

    private var stepEvents: [WhyEvent] {
        (legs.flatMap { $0.noted + $0.steps } + others).map { step in
            let revision = step.revision.map { $0 > 0 ? " revision \($0)" : "" } ?? ""
            let attempt = step.attempt > 1 ? ", try \(step.attempt)" : ""
            let code = step.code == "ok" ? "" : " (\(step.code))"
            let detail = step.detail.map { ": \($0)" } ?? ""
            let worker = step.worker.map { " by \($0)" } ?? ""
            return WhyEvent(
                at: step.at,
                what: "\(step.type ?? "message")\(revision) \(step.stage)\(worker)\(attempt)\(code)\(detail)",
                source: "journal")
        }
    }

    /// The journal is pruned before the letters are.
    private var letterEvents: [WhyEvent] {
        legs.flatMap(\.letters).map { letter in
            let note = letter.note.map { " (\($0))" } ?? ""
            return WhyEvent(
                at: letter.lastFailedAt,
                what: "dead letter \(letter.id), \(letter.state.rawValue)\(note): \(letter.code): \(letter.sentence)",
                source: "dead letters")
        }
    }

    private var shownEvents: [WhyEvent] {
        var events = shown.states.map { state in
            WhyEvent(
                at: state.at, what: "shown as \(state.state)" + (state.reason.map { ": \($0)" } ?? ""), source: "store")
        }
        if let order = shown.order, let taken = order.takenAt ?? order.placedAt {
            let what = thing.isStoreOrder ? "taken by the store, shown as received" : "keyed in the ERP"
            events.append(WhyEvent(at: taken, what: what, source: "store"))
        }
        events += shown.shipments.map { shipment in
            WhyEvent(at: shipment.changedAt, what: "changed in the ERP: \(shipment.clause)", source: "store")
        }
        if let product = shown.product {
            let end = product.isActive ? "" : " as not sold any more"
            events += changeEvents(product.revision, product.changedAt, end)
        }
        events += shown.stocks.map { stock in
            WhyEvent(
                at: stock.shownAt, what: "\(stock.warehouse) shown with \(stock.available), revision \(stock.revision)",
                source: "store")
        }
        if let account = shown.account { events += changeEvents(account.revision, account.changedAt, "") }
        return events
    }

    /// When it changed by the ERP's clock, and when it was shown by ours.
    private func changeEvents(_ revision: Int64, _ changedAt: Int64, _ end: String) -> [WhyEvent] {
        let what = "changed in the ERP to revision \(revision)\(end)"
        var events = [WhyEvent(at: changedAt, what: what, source: "store")]
        if let state = toStore.state, state.revision == revision, let at = state.appliedAt {
            events.append(WhyEvent(at: at, what: "shown at revision \(revision)\(end)", source: "store"))
        }
        return events
    }

    /// What goes on now.
    private var waitingEvents: [WhyEvent] {
        var events: [WhyEvent] = []
        for leg in legs {
            events += leg.outbox.map {
                WhyEvent(at: $0.at, what: "\($0.type) revision \($0.revision) waits to be published", source: "outbox")
            }
            events += leg.pauses.map {
                WhyEvent(at: $0.since, what: "\($0.queue) paused by \($0.holder): \($0.reason)", source: "pauses")
            }
        }
        events += posts.map { post in
            let failure = post.failure.map { ", refused: \($0)" } ?? ""
            let what = "\(name(of: post)) waits to be posted to the store\(failure)"
            return WhyEvent(at: post.since, what: what, source: "webhook")
        }
        events += parked.map { batch in
            let what = "revision \(batch.revision) held back in batch \(batch.batch): \(batch.reason)"
            return WhyEvent(at: batch.at, what: what, source: "feed")
        }
        events += gaps.map { WhyEvent(at: $0.since, what: "\($0.kind.rawValue): \($0.reason)", source: "feed") }
        for feed in feeds {
            if let readAt = feed.readAt {
                events.append(WhyEvent(at: readAt, what: "\(feed.stream) read last", source: "feed"))
            }
            if let wait = feed.wait {
                events.append(
                    WhyEvent(at: wait.since, what: "\(feed.stream) cannot be read: \(wait.reason)", source: "feed"))
            }
        }
        return events
    }

    // MARK: - Both sides

    /// What each side has last said, so that one sees where they agree.
    var sides: [(side: String, says: String)] {
        switch thing {
        case .order: [("store", storeSide), ("ERP", erpSide)]
        default: [("ERP", toldSide), ("store", appliedSide(toStore))]
        }
    }

    private var storeSide: String {
        guard legs[0].newest > 0 else { return "its message has never come" }
        let at = legs[0].heard(legs[0].newest) ?? shown.order?.takenAt
        return "revision \(legs[0].newest)" + (at.map { ", heard of at \(WhyTime.text($0))" } ?? "")
    }

    private var erpSide: String {
        if let ownAnswer { return "nothing; answered by us (\(ownAnswer))" }
        if isNeverSent { return "nothing; cancelled before it had heard of it" }
        if legs[0].state?.isWithheld == true { return "nothing; withheld, because the order is cancelled" }
        guard let order = shown.order, order.revision > 0 else {
            guard let state = legs[0].state, state.revision > 0 else { return "no answer" }
            return "answered revision \(state.revision): \(state.state ?? "done")"
                + (state.reference.map { " as \($0)" } ?? "") + charges
        }
        let answered = order.answeredRevision.map { "answered revision \($0): " } ?? ""
        return "\(answered)\(order.state)" + (order.erpNumber.map { " as \($0)" } ?? "")
            + ", shown at revision \(order.revision) of the status" + charges
    }

    /// What became of the order's estimates.
    private var charges: String {
        settlements.map { one in
            let figure = one.question == .price ? "the goods" : one.question.rawValue
            return "; charges \(one.settled) \(one.currency.code) for \(figure), where \(one.quoted) was "
                + one.basis.rawValue
        }.joined()
    }

    private var toldSide: String {
        toStore.newest > 0 ? "told revision \(toStore.newest)" : "nothing is known to be told"
    }

    private func appliedSide(_ leg: WhyLeg) -> String {
        guard let state = leg.state, state.revision > 0 else { return "nothing was shown" }
        return "shown revision \(state.revision)" + (state.appliedAt.map { " at \(WhyTime.text($0))" } ?? "")
    }
}
