package import Ledger

/// Something that was found on the broker and that messages suffer from.
package struct BrokerFinding: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An exchange or a queue is missing or in another shape.
        case topology
        /// A binding is missing.
        case binding
        /// Messages that no queue wanted.
        case unrouted
    }

    /// What it is about: unique.
    package var name: String
    package var kind: Kind
    package var sentence: String
    package var remedy: String
    /// How many messages, of ``Kind/unrouted``; else 1.
    package var count: Int64

    package init(name: String, kind: Kind, sentence: String, remedy: String, count: Int64 = 1) {
        self.name = name
        self.kind = kind
        self.sentence = sentence
        self.remedy = remedy
        self.count = count
    }
}

extension LedgerTransaction {
    /// Keeps what one look found in place of what the look before did; what was found then as well keeps its beginning.
    /// - Parameter unseen: What this look could not see; of that, what was found before stays.
    package func replaceBrokerFindings(
        _ findings: [BrokerFinding], unseen: Set<BrokerFinding.Kind> = [], now: Int64
    ) throws {
        let found = Set(findings.map(\.name))
        for row in try query("SELECT name, kind, missed FROM broker_finding", row: { BrokerFindingRow($0) })
        where !found.contains(row.name) {
            try miss(row, unseen)
        }
        for finding in findings {
            try execute(
                """
                INSERT INTO broker_finding (name, kind, sentence, remedy, count, since) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, sentence = excluded.sentence,
                    remedy = excluded.remedy, count = excluded.count, missed = 0
                """, .text(finding.name), .text(finding.kind.rawValue), .text(finding.sentence),
                .text(finding.remedy), .integer(finding.count), .integer(now))
        }
    }

    /// Messages that somebody has in hand are not counted by the broker, and may come back: only the second look that
    /// finds none of them is believed.
    private func miss(_ row: BrokerFindingRow, _ unseen: Set<BrokerFinding.Kind>) throws {
        guard row.kind.map({ !unseen.contains($0) }) ?? true else { return }
        if row.kind == .unrouted, row.missed == 0 {
            try execute("UPDATE broker_finding SET missed = 1 WHERE name = ?", .text(row.name))
        } else {
            try execute("DELETE FROM broker_finding WHERE name = ?", .text(row.name))
        }
    }
}

private struct BrokerFindingRow {
    var name: String
    /// Nil for what a newer version has found.
    var kind: BrokerFinding.Kind?
    var missed: Int64

    init(_ row: borrowing SQLRow) {
        (name, kind, missed) = (row.text(0), BrokerFinding.Kind(rawValue: row.text(1)), row.integer(2))
    }
}

extension LedgerSnapshot {
    /// What the last look at the broker found, the oldest first, each with its beginning.
    package func brokerFindings(_ kind: BrokerFinding.Kind) throws -> [(finding: BrokerFinding, since: Int64)] {
        try query(
            "SELECT name, sentence, remedy, count, since FROM broker_finding WHERE kind = ? ORDER BY since, name",
            .text(kind.rawValue)
        ) { row in
            (
                BrokerFinding(
                    name: row.text(0), kind: kind, sentence: row.text(1), remedy: row.text(2), count: row.integer(3)),
                row.integer(4)
            )
        }
    }
}
