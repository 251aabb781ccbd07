package import Ledger

extension LedgerSnapshot {
    /// The outage of a system that lasts; nil when there is none.
    package func standingOutage(of destination: String) throws -> Outage? {
        try outages(
            "INDEXED BY outage_standing WHERE destination = ? AND ended_at IS NULL", .text(destination)
        ).first
    }

    /// The newest outages, whatever became of them, the newest first. None in a ledger that no worker has opened.
    package func outages(limit: Int) throws -> [Outage] {
        let isThere = try first("SELECT 1 FROM sqlite_schema WHERE name = 'outage'") { $0.integer(0) }
        guard isThere != nil else { return [] }
        return try outages("ORDER BY number DESC LIMIT ?", .integer(Int64(limit)))
    }

    fileprivate func lastOutage(of destination: String) throws -> Outage? {
        try outages("WHERE destination = ? ORDER BY ended_at DESC LIMIT 1", .text(destination)).first
    }

    private func outages(_ which: String, _ value: SQLValue) throws -> [Outage] {
        try query(
            text: """
                SELECT number, destination, phase, began_at, ended_at, code, reason, remedy, probes, probed_at, relapses,
                    next_probe_at, misses, holder, lease_until
                FROM outage \(which)
                """, [value]
        ) { Outage($0) }.compactMap(\.self)
    }
}

extension LedgerTransaction {
    /// A call has failed because the system is away: the outage that stands goes on, one that was thought to be over just
    /// now goes on as well, or a new one begins.
    func noteAbsence(
        of destination: String, because failure: Failure, at now: Int64
    ) throws -> (outage: Outage, isNew: Bool) {
        let known = try standingOutage(of: destination) ?? lastOutage(of: destination)
        if var outage = known, outage.isRecent(at: now) {
            // Many workers fail at the same moment, and it is known already.
            guard outage.phase != .open else { return (outage, false) }
            outage.relapsed(because: failure, at: now)
            try save(outage)
            return (outage, false)
        }
        var outage = Outage(of: destination, because: failure, at: now)
        outage.number = try first("SELECT coalesce(max(number), 0) + 1 FROM outage") { $0.integer(0) } ?? 1
        try save(outage)
        return (outage, true)
    }

    /// Writes an outage down as it is now.
    func save(_ outage: Outage) throws {
        try execute(
            """
            INSERT OR REPLACE INTO outage (number, destination, phase, began_at, ended_at, code, reason, remedy, probes,
                probed_at, relapses, next_probe_at, misses, holder, lease_until)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, .integer(outage.number), .text(outage.destination), .text(outage.phase.rawValue),
            .integer(outage.beganAt), .integer(orNull: outage.endedAt), .text(outage.code), .text(outage.reason),
            .text(outage.remedy), .integer(outage.probes), .integer(orNull: outage.probedAt),
            .integer(outage.relapses), .integer(outage.nextProbeAt), .integer(outage.misses),
            .text(orNull: outage.holder), .integer(outage.leaseUntil))
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
    }
}
