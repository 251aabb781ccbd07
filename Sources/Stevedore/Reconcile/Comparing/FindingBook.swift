internal import Fleet
internal import Ledger
internal import Storefront

// Findings are kept in the scratch ledger: there may be as many as there are objects.

/// An object to look at.
struct Candidate: Hashable, Sendable {
    var kind: ShownKind
    var key: ShownKey
    var subject: String
}

/// A finding as it is kept: what lists and files say of it.
struct KeptFinding: Hashable, Sendable {
    var kind: ShownKind
    var key: ShownKey
    var subject: String
    var what: Drift.Class
    var outcome: Outcome
    var excuse: String?
    var digest: String
    /// Where the sides differ, and how.
    var places: String
    /// What a repair does, or why none can.
    var step: String
    var isPossible: Bool
    var isNew: Bool?
    /// How far the fleet had come when it was seen to be so; nil before it was looked at.
    var standing: FleetStanding?
    /// Only what the store itself has said of its order is missing.
    var isOwnPart = false

    var candidate: Candidate { Candidate(kind: kind, key: key, subject: subject) }
}

extension LedgerTransaction {
    /// Puts objects down to be looked at.
    func add(_ candidates: [Candidate]) throws {
        for one in candidates {
            try execute(
                "INSERT OR IGNORE INTO finding (kind, subject, key) VALUES (?, ?, ?)", .text(one.kind.rawValue),
                .text(one.subject), .text(one.key.parts.joined(separator: "\u{1F}")))
        }
    }

    /// It is equal after all.
    func drop(_ candidate: Candidate) throws {
        try execute(
            "DELETE FROM finding WHERE kind = ? AND subject = ?", .text(candidate.kind.rawValue),
            .text(candidate.subject))
    }

    /// What was found of an object.
    func keep(_ finding: Finding) throws {
        let isExplained = finding.outcome == .explained
        try execute(
            """
            UPDATE finding SET class = ?1, excuse = ?2, explained = ?3, digest = ?4, places = ?5, step = ?6,
                possible = ?7, look = ?8, told = ?9, applied = ?10, stated = ?11, own = ?12
            WHERE kind = ?13 AND subject = ?14
            """
        ) { bind in
            bind.text(finding.what.rawValue)
            bind.text(finding.excuseText)
            bind.integer(isExplained ? 1 : 0)
            bind.text(finding.digest)
            bind.text(finding.differences.map(\.sentence).joined(separator: "; "))
            bind.text(finding.isDrift ? finding.step?.words ?? "" : "")
            bind.integer(finding.isDrift && finding.step?.isPossible == true ? 1 : 0)
            bind.integer(finding.look?.rawValue ?? 0)
            bind.integer(finding.standing?.told)
            bind.integer(finding.standing?.applied)
            bind.integer(finding.standing?.stated)
            bind.integer(finding.isOwnPart ? 1 : 0)
            bind.text(finding.kind.rawValue)
            bind.text(finding.subject)
        }
    }

    /// Whether the run before knew it.
    func keep(_ finding: KeptFinding, isNew: Bool) throws {
        try execute(
            "UPDATE finding SET news = ? WHERE kind = ? AND subject = ?", .integer(isNew ? 1 : 0),
            .text(finding.kind.rawValue), .text(finding.subject))
    }
}

extension LedgerSnapshot {
    /// The next findings behind one, in the order of kinds and subjects; all, or those that cannot be judged yet.
    func findings(after last: Candidate?, limit: Int, isUnsettled: Bool = false) throws -> [KeptFinding] {
        try query(
            """
            SELECT kind, subject, key, class, excuse, explained, digest, places, step, possible, news, told,
                applied, stated, own
            FROM finding WHERE (kind, subject) > (?, ?) AND look >= ? ORDER BY kind, subject LIMIT ?
            """, .text(last?.kind.rawValue ?? ""), .text(last?.subject ?? ""), .integer(isUnsettled ? 1 : 0),
            .integer(Int64(limit))
        ) { KeptFinding($0) }.compactMap(\.self)
    }

    /// How many findings there are.
    func findingCount() throws -> Int { Int(try first("SELECT count(*) FROM finding") { $0.integer(0) } ?? 0) }

    /// Whether any cannot be judged before that was read.
    func waits(for look: NextLook) throws -> Bool {
        try first("SELECT 1 FROM finding WHERE look > 0 AND look = ? LIMIT 1", .integer(look.rawValue)) { _ in true }
            ?? false
    }

    /// How many objects a repair would withdraw.
    func withdrawalCount() throws -> Int {
        Int(
            try first(
                "SELECT count(*) FROM finding WHERE class = ? AND excuse IS NULL AND possible = 1",
                .text(Drift.Class.orphaned.rawValue)
            ) { $0.integer(0) } ?? 0)
    }

    /// How many objects of these names a message can repair, and how many of those it would withdraw.
    func repairableCounts(of subjects: Set<String>) throws -> (all: Int, withdrawals: Int) {
        var counts = (all: 0, withdrawals: 0)
        for kind in ShownKind.allCases {
            for subject in subjects {
                let what = try first(
                    "SELECT class FROM finding WHERE kind = ? AND subject = ? AND possible = 1", .text(kind.rawValue),
                    .text(subject)
                ) { $0.text(0) }
                if what != nil { counts.all += 1 }
                if what == Drift.Class.orphaned.rawValue { counts.withdrawals += 1 }
            }
        }
        return counts
    }

    /// How many findings there are of each outcome, how many of them a message can repair, and how many are new.
    func findingCounts() throws -> (outcomes: [Outcome: Int], repairable: Int, news: Int) {
        let rows = try query(
            """
            SELECT class, excuse IS NOT NULL, explained, count(*), total(possible), total(news) FROM finding
            GROUP BY class, excuse IS NOT NULL, explained
            """
        ) { row in
            let outcome = Outcome(
                class: row.text(0), isExcused: row.integer(1) != 0, isExplained: row.integer(2) != 0)
            return (outcome, Int(row.integer(3)), Int(row.integer(4)), Int(row.integer(5)))
        }
        return rows.reduce(into: (outcomes: [:], repairable: 0, news: 0)) { sum, row in
            sum.outcomes[row.0, default: 0] += row.1
            sum.repairable += row.2
            sum.news += row.3
        }
    }
}

extension Outcome {
    fileprivate init(class name: String, isExcused: Bool, isExplained: Bool) {
        self = isExcused ? (isExplained ? .explained : .onItsWay) : Outcome(Drift.Class(rawValue: name) ?? .differing)
    }
}

extension KeptFinding {
    fileprivate init?(_ row: borrowing SQLRow) {
        guard let kind = ShownKind(rawValue: row.text(0)) else { return nil }
        let parts = row.text(2).split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
        self.init(
            kind: kind, key: ShownKey(parts), subject: row.text(1),
            what: Drift.Class(rawValue: row.text(3)) ?? .differing,
            outcome: Outcome(
                class: row.text(3), isExcused: !row.isNull(4), isExplained: row.integer(5) != 0),
            excuse: row.optionalText(4), digest: row.text(6), places: row.text(7), step: row.text(8),
            isPossible: row.integer(9) != 0, isNew: row.optionalInteger(10).map { $0 != 0 })
        isOwnPart = row.integer(14) != 0
        guard let told = row.optionalInteger(11) else { return }
        standing = FleetStanding(told: told, applied: row.integer(12), stated: row.integer(13))
    }
}

extension ShownDifference {
    /// For people: `store_product.list_price: the ERP 1.20, the store 1.10`. Personal data is not shown.
    var sentence: String {
        guard let values else { return "\(place): differs" }
        return "\(place): the ERP \(Self.text(values.expected)), the store \(Self.text(values.shown))"
    }

    private static func text(_ value: String?) -> String {
        value.map { $0.isEmpty ? "empty" : InertText.cut(InertText.line($0), to: 60) } ?? "nothing"
    }
}
