package import Ledger

extension LedgerSnapshot {
    /// How fast messages of these types were answered in the busiest minute of the hour before that time: what the system
    /// has shown that it takes for so long, where moments show what it takes in a moment, and a whole hour mostly how
    /// little it was asked. Nil where hardly anything was answered in any minute.
    ///
    /// Of a very busy journal the last part of the hour counts.
    /// - Parameter outages: A minute of which any part belongs to one of these says nothing.
    package func answerPace(
        of types: [String], before time: Int64, outside outages: [Outage] = []
    ) throws -> DrainPace? {
        guard let bounds = try journalBounds(), !types.isEmpty else { return nil }
        let last = try lastStep(before: time, bounds)
        let hour = try lastStep(before: time &- JournalTally.hour, bounds)
        let first = max(hour, last - JournalTally.shortReach)
        var length = JournalTally.minute
        if first > hour, let cut = try step(upTo: first) { length = max(1_000_000, min(length, time &- cut.at)) }
        let busiest = try answers(of: types, after: first, through: last, before: time, by: length).first { row in
            let end = time &- row.place * length
            return !outages.contains { $0.beganAt < end && ($0.endedAt ?? .max) > end &- length }
        }
        return busiest.map { row in
            DrainPace(perSecond: Double(row.count) * 1_000_000 / Double(length), basis: .journal)
        }
    }

    /// How many were answered in each stretch of that length, counted back from the time; the most first, and none of
    /// hardly any.
    private func answers(
        of types: [String], after first: Int64, through last: Int64, before time: Int64, by length: Int64
    ) throws -> [(place: Int64, count: Int)] {
        let marks = types.map { _ in "?" }.joined(separator: ", ")
        let numbers = [time, length, first, last, time].map { SQLValue.integer($0) }
        return try query(
            text: """
                SELECT (? - at) / ? AS place, count(*) AS answers FROM journal
                WHERE id > ? AND id <= ? AND at < ? AND stage = 'applied' AND type IN (\(marks))
                GROUP BY place HAVING answers >= \(JournalTally.fewest) ORDER BY answers DESC, place
                """, numbers + types.map { SQLValue.text($0) }
        ) { row in (place: row.integer(0), count: Int(row.integer(1))) }
    }
}
