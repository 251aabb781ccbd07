package import Ledger

/// Something that was found on the broker and that messages suffer from.
package struct BrokerFinding: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// An exchange, a queue or a binding is missing or in another shape.
        case topology
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
    package func replaceBrokerFindings(_ findings: [BrokerFinding], now: Int64) throws {
        let before = Dictionary(
            uniqueKeysWithValues: try query("SELECT name, since FROM broker_finding") { ($0.text(0), $0.integer(1)) })
        try execute("DELETE FROM broker_finding")
        for finding in findings {
            try execute(
                """
                INSERT OR REPLACE INTO broker_finding (name, kind, sentence, remedy, count, since)
                VALUES (?, ?, ?, ?, ?, ?)
                """, .text(finding.name), .text(finding.kind.rawValue), .text(finding.sentence),
                .text(finding.remedy), .integer(finding.count), .integer(before[finding.name] ?? now))
        }
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
