internal import Ledger

/// Groups letters one by one as they are read; what it keeps grows with the causes, not with the letters.
struct GroupTally {
    private var groups: [String: GroupRow] = [:]

    var fingerprints: [String] { Array(groups.keys) }

    mutating func add(_ row: LetterRow) {
        guard groups[row.fingerprint] != nil else {
            groups[row.fingerprint] = GroupRow(row)
            return
        }
        groups[row.fingerprint]?.add(row)
    }

    /// The largest groups.
    /// - Parameter silencedAt: leaves out those that are silenced at this time; nil leaves out none.
    func findings(
        _ notes: [String: DeadLetterGroupNote], silencedAt now: Int64?, limit: Int
    ) -> GroupFindings {
        let isSilenced = { (row: GroupRow) in
            guard let now, let note = row.note else { return false }
            return note.isSilenced(at: now)
        }
        let rows = groups.values.map { row in
            var row = row
            row.note = notes[row.fingerprint]
            return row
        }
        let shown = rows.filter { !isSilenced($0) }.sorted(by: Self.isBefore)
        return GroupFindings(rows: Array(shown.prefix(limit)), silenced: rows.count - shown.count)
    }

    private static func isBefore(_ left: GroupRow, _ right: GroupRow) -> Bool {
        left.count == right.count ? left.fingerprint < right.fingerprint : left.count > right.count
    }
}

/// The groups to show, and how many others are left out because they are silenced.
struct GroupFindings: Hashable, Sendable {
    var rows: [GroupRow]
    var silenced: Int
}

extension GroupFindings {
    /// What the ledger has; `silencedAt` as for the letters of the queues.
    init(
        _ snapshot: LedgerSnapshot, _ filter: DeadLetterFilter, silencedAt now: Int64?, limit: Int
    ) throws(LedgerError) {
        let groups = try snapshot.deadLetterGroups(filter, silencedAt: now, limit: limit)
        let notes = try snapshot.groupNotes(of: groups.map(\.fingerprint))
        rows = groups.map { GroupRow($0, notes[$0.fingerprint]) }
        silenced = 0
        if let now { silenced = try snapshot.silencedGroupCount(filter, at: now) }
    }
}
