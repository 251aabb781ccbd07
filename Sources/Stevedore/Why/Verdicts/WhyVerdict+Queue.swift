internal import Fleet
internal import Models

// What is said of a queue: what is before a message in it, what comes next, and what to do.
extension WhyFacts {
    /// What is in front of it, as far as that is known.
    func queueClause(_ leg: WhyLeg) -> String {
        var clauses: [String] = []
        if let pause = leg.pauses.first { clauses.append(Self.clause(pause)) }
        switch (broker, broker[leg.queue]) {
        case (.notAsked(let reason), _):
            clauses.append("how many are before it is not known, the broker was not asked: \(Self.bare(reason))")
        case (.asked, nil): clauses.append("its queue is missing")
        case (.asked, let queue?):
            clauses.append(
                queue.ready == 0
                    ? "its queue is empty"
                    : "at most \(Count.text(queue.ready, "message is", "messages are")) before it")
            if queue.workers == 0, leg.pauses.isEmpty { clauses.append("nobody consumes the queue") }
        }
        return clauses.joined(separator: "; ")
    }

    func queueNext(_ leg: WhyLeg) -> String {
        if !leg.pauses.isEmpty { return "The flow goes on by itself when that is over." }
        if let queue = broker[leg.queue], queue.ready == 0, let since = leg.watchedSince {
            return "Unless it is seen before, it is sent again by itself after \(WhyTime.text(since + 900_000_000))."
        }
        if broker[leg.queue]?.workers == 0 { return "Nothing, until a worker runs." }
        return "A worker takes it in its turn."
    }

    func queueRemedy(_ leg: WhyLeg) -> String? {
        if let pause = leg.pauses.first { return pause.remedy }
        if case .asked = broker, broker[leg.queue] == nil { return "Run `stevedore topology apply`." }
        guard let queue = broker[leg.queue], queue.workers == 0 else { return nil }
        return "Start \(article(leg.program)), or `stevedore up`."
    }

    func article(_ program: String) -> String {
        (program.first.map { "aeio".contains($0) } == true ? "an " : "a ") + program
    }

    /// It waits for a worker: what was done to it, and when, as far as that is known.
    func inQueue(_ leg: WhyLeg, _ name: String, _ before: String = "") -> WhyVerdict {
        WhyVerdict(
            "queue", "\(name)\(before) waits in \(leg.queue) for \(article(leg.program)): \(queueClause(leg)).",
            next: queueNext(leg), remedy: queueRemedy(leg))
    }

    /// Only that there is such a revision is known. Unless its queue has messages, nothing says that it is among them.
    func stated(_ leg: WhyLeg, _ name: String) -> WhyVerdict {
        if let queue = broker[leg.queue], queue.ready > 0 { return inQueue(leg, name) }
        let isCounted = [Catalogue.orderPlaced.family, Catalogue.orderStatus.family].contains(leg.family)
        let known =
            isCounted
            ? "Nothing is known any more of \(Self.uncapitalised(name))"
            : "\(name) was told of by the ERP, and is not known to have been sent on"
        return WhyVerdict(
            isCounted ? "message.unknown" : "told.not-sent", "\(known): \(queueClause(leg)).", next: statedNext(leg),
            remedy: queueRemedy(leg) ?? statedRemedy(leg))
    }

    private func statedNext(_ leg: WhyLeg) -> String {
        if case .notAsked = broker { return "A worker takes it in its turn, if it is in \(leg.queue)." }
        return leg.family == Catalogue.orderPlaced.family
            ? "Nothing, until the store publishes it." : "Nothing, until it changes in the ERP."
    }

    func statedRemedy(_ leg: WhyLeg) -> String {
        if leg.family == Catalogue.orderPlaced.family { return Self.publishAgain }
        let stream = leg.family == Catalogue.stock.family ? "stock" : thing.stream
        return "`erp-feed resync \(stream)` has the feed tell it again."
    }

    static var publishAgain: String { "Have the store publish the order again." }

    static func clause(_ pause: FlowPause) -> String {
        "the flow is paused since \(WhyTime.text(pause.since)): \(bare(pause.reason))"
    }
}
