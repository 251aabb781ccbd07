package import Ledger

extension LedgerSnapshot {
    /// The outage of a system that lasts; nil when there is none.
    package func standingOutage(of destination: String) throws -> Outage? {
        try outages(
            "INDEXED BY outage_standing WHERE destination = ? AND ended_at IS NULL", [.text(destination)]
        ).first
    }

    /// The newest outages, whatever became of them, the newest first. None in a ledger that no worker has opened.
    package func outages(limit: Int) throws -> [Outage] {
        try outages("ORDER BY number DESC LIMIT ?", [.integer(Int64(limit))])
    }

    /// The outage of that number; nil when there is none.
    package func outage(number: Int64) throws -> Outage? {
        try outages("WHERE number = ?", [.integer(number)]).first
    }

    /// Of each destination the newest outage, if it lasts or what had waited for it is not known to be worked off. One that
    /// ended a week ago, and nobody saw what became of it, is left alone.
    package func unsettledOutages(at now: Int64) throws -> [Outage] {
        var newest: [String: Outage] = [:]
        // One that lasts is the newest of its destination, however many there were of others since.
        for outage in try outages(limit: 200).reversed() { newest[outage.destination] = outage }
        for outage in try standingOutages() { newest[outage.destination] = outage }
        return newest.values.filter { outage in
            outage.drainedAt == nil && now &- (outage.endedAt ?? now) < Self.week
        }.sorted { $0.number < $1.number }
    }

    /// In microseconds.
    private static var week: Int64 { 7 * 86_400_000_000 }

    func standingOutages() throws -> [Outage] {
        try outages("INDEXED BY outage_standing WHERE ended_at IS NULL ORDER BY number", [])
    }

    func lastOutage(of destination: String) throws -> Outage? {
        try outages("WHERE destination = ? ORDER BY ended_at DESC LIMIT 1", [.text(destination)]).first
    }

    /// A ledger that no worker of this version has opened may lack the table, or what was noted of outages since.
    private func outages(_ which: String, _ values: [SQLValue]) throws -> [Outage] {
        let columns = try query("SELECT name FROM pragma_table_info('outage')") { $0.text(0) }
        guard !columns.isEmpty else { return [] }
        let later = columns.contains("told_at") ? "window, closed_by, drained_at, told_at" : "NULL, NULL, NULL, NULL"
        return try query(
            text: """
                SELECT number, destination, phase, began_at, ended_at, code, reason, remedy, probes, probed_at, relapses,
                    next_probe_at, misses, holder, lease_until, \(later)
                FROM outage \(which)
                """, values
        ) { Outage($0) }.compactMap(\.self)
    }
}

extension LedgerTransaction {
    /// A call has failed because the system is away: the outage that stands goes on, one that was thought to be over just
    /// now goes on as well, or a new one begins. In a planned window it is that one's.
    func noteAbsence(
        of destination: String, because failure: Failure, at now: Int64
    ) throws -> (outage: Outage, isNew: Bool) {
        let (absence, isNew) = try meetWindow(of: destination, at: now)
        if let outage = absence.outage, absence.window != nil { return (outage, isNew) }
        let known = try absence.outage ?? lastOutage(of: destination)
        if var outage = known, outage.isRecent(at: now) {
            // Many workers fail at the same moment, and it is known already.
            guard outage.phase != .open else { return (outage, false) }
            outage.relapsed(because: failure, at: now)
            try save(outage)
            return (outage, false)
        }
        var outage = Outage(of: destination, because: failure, at: now)
        outage.number = try nextOutageNumber()
        try save(outage)
        return (outage, true)
    }

    func nextOutageNumber() throws -> Int64 {
        try first("SELECT coalesce(max(number), 0) + 1 FROM outage") { $0.integer(0) } ?? 1
    }

    /// Writes an outage down as it is now.
    func save(_ outage: Outage) throws {
        try execute(
            """
            INSERT OR REPLACE INTO outage (number, destination, phase, began_at, ended_at, code, reason, remedy, probes,
                probed_at, relapses, next_probe_at, misses, holder, lease_until, window, closed_by, drained_at, told_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, .integer(outage.number), .text(outage.destination), .text(outage.phase.rawValue),
            .integer(outage.beganAt), .integer(orNull: outage.endedAt), .text(outage.code), .text(outage.reason),
            .text(outage.remedy), .integer(outage.probes), .integer(orNull: outage.probedAt),
            .integer(outage.relapses), .integer(outage.nextProbeAt), .integer(outage.misses),
            .text(orNull: outage.holder), .integer(outage.leaseUntil), .integer(orNull: outage.window),
            .text(orNull: outage.closedBy), .integer(orNull: outage.drainedAt), .integer(orNull: outage.toldAt))
    }
}

extension Outage {
    /// Nil for a row that a later version has written.
    fileprivate init?(_ row: borrowing SQLRow) {
        guard let phase = Phase(rawValue: row.text(2)) else { return nil }
        let failure = Failure(
            code: row.text(5), category: .unavailable, sentence: row.text(6), remedy: row.text(7))
        self.init(number: row.integer(0), of: row.text(1), because: failure, at: row.integer(3))
        self.phase = phase
        endedAt = row.optionalInteger(4)
        (probes, probedAt, relapses) = (row.integer(8), row.optionalInteger(9), row.integer(10))
        (nextProbeAt, misses) = (row.integer(11), row.integer(12))
        (holder, leaseUntil) = (row.optionalText(13), row.integer(14))
        (window, closedBy) = (row.optionalInteger(15), row.optionalText(16))
        (drainedAt, toldAt) = (row.optionalInteger(17), row.optionalInteger(18))
    }
}
