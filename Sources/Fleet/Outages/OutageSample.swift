package import Ledger

/// How much waited in a queue at a moment of an outage, or of the time after it in which that is worked off.
package struct OutageSample: Hashable, Sendable {
    /// The number of the outage.
    package var outage: Int64
    /// In microseconds since 1970.
    package var at: Int64
    /// The queue; the destination itself where what waits for it lies in the ledger.
    package var queue: String
    package var ready: Int64

    package init(outage: Int64, at: Int64, queue: String, ready: Int64) {
        (self.outage, self.at, self.queue, self.ready) = (outage, at, queue, ready)
    }
}

extension LedgerSnapshot {
    /// All that was noted of an outage, in the order of time.
    package func samples(of outage: Int64) throws -> [OutageSample] {
        let isThere = try first("SELECT 1 FROM sqlite_schema WHERE name = 'outage_sample'") { $0.integer(0) }
        guard isThere != nil else { return [] }
        return try query(
            "SELECT at, queue, ready FROM outage_sample WHERE outage = ? ORDER BY at, queue", .integer(outage)
        ) { row in
            OutageSample(outage: outage, at: row.integer(0), queue: row.text(1), ready: row.integer(2))
        }
    }

    /// When something was noted of an outage last; nil when nothing ever was.
    package func lastSample(of outage: Int64) throws -> Int64? {
        let last = try first("SELECT max(at) FROM outage_sample WHERE outage = ?", .integer(outage)) { row in
            row.optionalInteger(0)
        }
        return last ?? nil
    }
}

extension LedgerTransaction {
    /// Writes one down.
    package func record(_ sample: OutageSample) throws {
        try execute(
            "INSERT OR REPLACE INTO outage_sample (outage, at, queue, ready) VALUES (?, ?, ?, ?)",
            .integer(sample.outage), .integer(sample.at), .text(sample.queue), .integer(sample.ready))
    }

    func remove(_ sample: OutageSample) throws {
        try execute(
            "DELETE FROM outage_sample WHERE outage = ? AND at = ? AND queue = ?", .integer(sample.outage),
            .integer(sample.at), .text(sample.queue))
    }
}
