internal import Fleet
internal import Ledger
internal import Models

// What is known of both ends of the way to the store: the feed from the ERP, and the posts.
extension LedgerSnapshot {
    func addFeed(to facts: inout WhyFacts, _ tables: WhyTables) throws {
        let (now, thing) = (facts.now, facts.thing)
        let cursors = try feedCursors()
        let waits = try FeedWait.all(self, now: now)
        let streams = thing.isProduct ? [thing.stream] + tables.stockStreams : [thing.stream, "shipments"]
        for stream in Set(streams).sorted() {
            facts.feeds.append(
                WhyFacts.Feed(
                    stream: stream, readAt: cursors.filter { $0.stream == stream }.map(\.movedAt).max(),
                    isRead: try isMaintained(FeedCursor.lease(of: stream), now: now),
                    wait: waits.first { $0.stream == stream }))
        }
        // The ERP's rows of the store's orders have the ERP's numbers.
        if let key = thing.isStoreOrder ? facts.erpNumber : thing.subject {
            facts.gaps += try whyGaps(thing.stream, key)
        }
        if thing.isProduct { facts.gaps += try whyStockGaps(thing.subject, tables) }
        facts.parked = try whyParked(facts)
    }

    /// What the feed cannot read of a product's stock.
    func whyStockGaps(_ sku: String, _ tables: WhyTables) throws -> [FeedGap] {
        try tables.stockStreams.flatMap { stream in
            try whyGaps(stream, SubjectKey.joined(sku, String(stream.dropFirst("stock/".count))))
        }
    }

    private func whyGaps(_ stream: String, _ key: String) throws -> [FeedGap] {
        try rows(.gap, .text(stream), .text(key)) { row in
            FeedGap(
                stream: stream, key: key, kind: FeedGap.Kind(rawValue: row.text(0)) ?? .unreadable, reason: row.text(1),
                parts: row.integer(3), since: row.integer(2))
        }
    }

    /// But for what a newer revision has overtaken.
    private func whyParked(_ facts: WhyFacts) throws -> [WhyFacts.Parked] {
        let subject = facts.thing.subject
        let (start, end) = facts.thing.isProduct ? Self.stockRange(of: subject) : (subject, subject)
        let found = try rows(.parked, .text(subject), .text(start), .text(end)) { row in
            WhyFacts.Parked(
                batch: row.integer(0), stream: row.text(1), at: row.integer(2), reason: row.text(3), type: row.text(4),
                subject: row.text(5), revision: row.integer(6))
        }
        return found.filter { parked in
            guard WhyThing(type: parked.type, subject: parked.subject) == facts.thing else { return false }
            let leg = facts.legs.first { $0.subject == parked.subject && $0.types.contains(parked.type) }
            return parked.revision > leg?.state?.revision ?? 0
        }
    }

    func addPosts(to facts: inout WhyFacts) throws {
        for leg in facts.legs {
            facts.posts += try rows(.post, .text(leg.family), .text(leg.subject)) { row in
                WhyFacts.Post(
                    family: leg.family, subject: leg.subject, revision: row.integer(0), since: row.integer(1),
                    dueAt: row.integer(2), failingSince: row.optionalInteger(3), failure: row.optionalText(4))
            }
        }
        // A pause that began later was written before the clock was set back, as the sender has it.
        facts.postPause = try rows(.postPause, .integer(facts.now), .integer(facts.now + 60_000_000)) { row in
            (row.text(2), row.optionalInteger(1))
        }.first.map { (reason: $0.0, until: $0.1) }
    }
}
