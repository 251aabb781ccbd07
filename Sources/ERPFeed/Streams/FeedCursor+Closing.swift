internal import Fleet
internal import Ledger

extension LedgerTransaction {
    /// What the end of a pass begins; `cursor` is what has come to its end, and is saved by the caller.
    func close(_ cursor: inout FeedCursor, now: Int64) throws {
        switch cursor.pass {
        case .full: return
        case .live:
            // The first live read has read everything.
            if try feedCursor(cursor.stream, .full) == nil { try save(.first(cursor)) }
            guard try feedCursor(cursor.stream, .lookBack) == nil else { return }
            // From the very beginning once: what was late during the first read may be anywhere.
            try save(.ended(cursor.stream, .lookBack, trail: cursor.cursor, now: now))
        case .lookBack:
            // What became visible while this pass was read is found by the next but one, if not by the next.
            cursor.cursor = cursor.trail
            cursor.trail = try feedCursor(cursor.stream, .live)?.cursor
        }
    }
}

extension FeedCursor {
    /// The first full read, which the first live one was.
    fileprivate static func first(_ live: FeedCursor) -> FeedCursor {
        var first = live
        (first.pass, first.cursor) = (.full, nil)
        return first
    }

    /// A pass that has nothing to read yet, and begins there when its time comes.
    fileprivate static func ended(
        _ stream: String, _ pass: Pass, trail: String? = nil, now: Int64
    ) -> FeedCursor {
        var ended = FeedCursor.beginning(stream, pass, now: now)
        ended.trail = trail
        ended.finishedAt = now
        return ended
    }
}
