internal import Fleet
internal import Ledger
internal import Models

extension LedgerSnapshot {
    /// All that is known of a thing. `isBrief` for one of a list: then the journal is read only where nothing else says
    /// how the thing stands, and no further back than some two million steps.
    func whyFacts(_ thing: WhyThing, _ tables: WhyTables, now: Int64, isBrief: Bool = false) throws -> WhyFacts {
        let letters = try rows(.letters, .text(thing.subject), .integer(50)) { DeadLetterRecord(why: $0) }
        let outbox = try rows(.outbox, .text(thing.subject)) { row in
            WhyLeg.Outgoing(type: row.text(0), revision: row.integer(1), at: row.integer(2))
        }
        var legs = try thing.types.map { types in
            var leg = WhyLeg(family: types[0].family, queue: types[0].queue, types: Set(types.map(\.name)))
            leg.letters = letters.filter { leg.types.contains($0.type ?? "") }
            leg.outbox = outbox.filter { leg.types.contains($0.type) }
            try addStates(to: &leg, thing, tables, now: now)
            return leg
        }
        let isDone = isBrief && legs.allSatisfy { isSettled($0, now: now) }
        let steps = try isDone ? [] : journalEntries(subject: thing.subject, chunks: isBrief ? 256 : .max)
        for index in legs.indices { legs[index].take(steps) }
        var facts = WhyFacts(thing: thing, now: now, legs: legs)
        facts.others = steps.filter { $0.type == thing.stream }
        facts.shown = try tables.hasStore ? whyShown(thing) : WhyShown()
        facts.cause = try whyCause(of: legs, now: now)
        if tables.hasFeed { try addFeed(to: &facts) }
        if tables.hasPosts { try addPosts(to: &facts) }
        return facts
    }

    private func isSettled(_ leg: WhyLeg, now: Int64) -> Bool {
        if case .applied = leg.standing(now: now) { true } else { false }
    }

    private func addStates(to leg: inout WhyLeg, _ thing: WhyThing, _ tables: WhyTables, now: Int64) throws {
        leg.state = try subjectState(family: leg.family, subject: thing.subject)
        if leg.family == Catalogue.orderPlaced.family {
            let observer = "\(leg.family)@\(Catalogue.takenOrders)"
            leg.stated = try subjectState(family: observer, subject: thing.subject)?.revision ?? 0
        } else if leg.family == Catalogue.orderStatus.family {
            // Its revisions are our own: the ERP counts others.
            leg.stated =
                try rows(.counter, .text(leg.family), .text(thing.subject)) { $0.integer(0) }.first ?? 0
        } else if tables.hasFleet {
            leg.stated =
                try rows(.toldRevision, .text(leg.family), .text(thing.subject)) { $0.integer(0) }.first ?? 0
        }
        if tables.hasPositions {
            leg.position = try rows(.position, .text(leg.queue)) { [queue = leg.queue] row in
                FlowPosition(queue: queue, takenAt: row.integer(0), messageTime: row.integer(1))
            }.first
        }
        guard tables.hasFleet else { return }
        leg.watchedSince = try rows(.observed, .text(leg.queue), .text(thing.subject)) { $0.integer(0) }.first
        // Of a worker that is gone, or of a clock that was set back: as `stevedore status` has it.
        leg.pauses = try rows(
            .pauses, .text(leg.queue), .integer(now - 120_000_000), .integer(now + 120_000_000)
        ) { row in
            FlowPause(
                queue: row.text(0), holder: row.text(1), since: row.integer(2), code: row.text(3), reason: row.text(4),
                remedy: row.text(5))
        }
    }

    /// Of the first letter that waits for a person.
    private func whyCause(of legs: [WhyLeg], now: Int64) throws -> WhyFacts.Cause? {
        for leg in legs {
            guard case .letter(let letter) = leg.standing(now: now) else { continue }
            var cause = WhyFacts.Cause()
            cause.count = Int(try rows(.causeCount, .text(letter.fingerprint)) { $0.integer(0) }.first ?? 0)
            let said = try rows(.cause, .text(letter.fingerprint)) { ($0.optionalText(0), $0.optionalText(1)) }.first
            (cause.note, cause.assignee) = said ?? (nil, nil)
            return cause
        }
        return nil
    }

    // MARK: - The feed and the posts

    private func addFeed(to facts: inout WhyFacts) throws {
        let (now, subject) = (facts.now, facts.thing.subject)
        let cursors = try feedCursors()
        let waits = try FeedWait.all(self, now: now)
        let warehouses = cursors.map(\.stream).filter { $0.hasPrefix("stock/") }
        let streams = facts.thing.isProduct ? ["products"] + warehouses : [facts.thing.stream, "shipments"]
        for stream in Set(streams).sorted() {
            let readAt = cursors.filter { $0.stream == stream }.map(\.movedAt).max()
            facts.feeds.append(
                WhyFacts.Feed(
                    stream: stream, readAt: readAt, isRead: try isMaintained(FeedCursor.lease(of: stream), now: now),
                    wait: waits.first { $0.stream == stream }))
            // The ERP's rows of the store's orders have the ERP's numbers.
            let key = facts.thing.isStoreOrder ? facts.erpNumber : subject
            let names = stream.hasPrefix("stock/") ? SubjectKey.joined(subject, String(stream.dropFirst(6))) : key
            guard let names, stream == facts.thing.stream || stream.hasPrefix("stock/") else { continue }
            facts.gaps += try rows(.gap, .text(stream), .text(names)) { row in
                FeedGap(
                    stream: stream, key: names, kind: FeedGap.Kind(rawValue: row.text(0)) ?? .unreadable,
                    reason: row.text(1), parts: row.integer(3), since: row.integer(2))
            }
        }
        facts.parked = try whyParked(facts.thing)
    }

    private func whyParked(_ thing: WhyThing) throws -> [WhyFacts.Parked] {
        let (start, end) = thing.isProduct ? Self.stockRange(of: thing.subject) : (thing.subject, thing.subject)
        let found = try rows(.parked, .text(thing.subject), .text(start), .text(end)) { row in
            (
                WhyThing(type: row.text(4), subject: row.text(5)),
                WhyFacts.Parked(batch: row.integer(0), stream: row.text(1), at: row.integer(2), reason: row.text(3))
            )
        }
        return found.filter { $0.0 == thing }.map(\.1)
    }

    private func addPosts(to facts: inout WhyFacts) throws {
        let family = facts.toStore.family
        facts.posts = try rows(.post, .text(family), .text(facts.thing.subject)) { row in
            WhyFacts.Post(
                family: family, revision: row.integer(0), since: row.integer(1), dueAt: row.integer(2),
                failingSince: row.optionalInteger(3), failure: row.optionalText(4))
        }
        facts.postPause = try rows(.postPause, .integer(facts.now)) { ($0.text(2), $0.optionalInteger(1)) }.first
            .map { (reason: $0.0, until: $0.1) }
    }
}

extension WhyLeg {
    /// Keeps those of all steps that are of this road.
    mutating func take(_ all: [JournalEntry]) {
        let mine = all.filter { types.contains($0.type ?? "") }
        noted = mine.filter { $0.stage.hasPrefix("noted") }
        steps = mine.filter { !$0.stage.hasPrefix("noted") }
    }
}

extension WhyThing {
    var isProduct: Bool { if case .product = self { true } else { false } }
    var isStoreOrder: Bool { if case .order = self { true } else { false } }
}

extension WhyFacts {
    /// The ERP's number of an order, as far as it is known.
    var erpNumber: String? {
        switch thing {
        case .order: shown.order?.erpNumber ?? legs[0].state?.reference
        case .offlineOrder(let number): number
        default: nil
        }
    }
}
