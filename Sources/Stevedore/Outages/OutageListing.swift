internal import Fleet
internal import Ledger

/// Outages and planned ones, as the ledger has them now.
struct OutageListing: Sendable {
    /// One outage, and how far it is: in the words of its own page.
    struct Row: Sendable {
        var outage: Outage
        var standing: OutageReport.Standing
    }

    var now: Int64
    /// Those that stand first, then those that are over, the newest first.
    var rows: [Row] = []
    /// What is planned, in the order of time.
    var windows: [MaintenanceWindow] = []
    /// Whether there are more outages than are listed.
    var isCut = false

    /// Before any worker has run: nothing has been called, and nothing is planned.
    init(now: Int64) { self.now = now }

    /// - Parameter all: Plans that are over or were cancelled as well.
    init(_ snapshot: LedgerSnapshot, limit: Int, all: Bool, now: Int64) throws {
        self.now = now
        let newest = try snapshot.outages(limit: max(limit < .max ? limit + 1 : limit, Self.looked))
        let ordered = newest.filter { $0.endedAt == nil } + newest.filter { $0.endedAt != nil }
        isCut = ordered.count > limit
        rows = try ordered.prefix(limit).map { outage in
            let isSettled = try snapshot.isSettled(outage, at: now)
            return Row(outage: outage, standing: OutageReport.standing(of: outage, isSettled: isSettled))
        }
        windows = try snapshot.maintenanceWindows(limit: all ? .max : Self.looked)
            .filter { all || $0.cancelledAt == nil && $0.endsAt > now }
            .sorted { ($0.startsAt, $0.number) < ($1.startsAt, $1.number) }
    }

    /// How many are looked at to find those that stand, and the plans ahead.
    private static let looked = 1_000
}

// MARK: - For people and programs

extension OutageListing {
    /// For people.
    func text(width: Int?) -> String {
        guard !rows.isEmpty || !windows.isEmpty else {
            return "There has been no outage, and none is planned.\n"
        }
        var parts: [String] = []
        if !rows.isEmpty { parts.append(table.text(width: width)) }
        if !windows.isEmpty { parts.append(windowTable.text(width: width)) }
        return parts.joined(separator: "\n")
    }

    private var table: TextTable {
        var table = TextTable([
            .number("OUTAGE"), .text("OF"), .text("BEGAN"), .number("LASTED"), .number("PROBES"), .number("RELAPSES"),
            .text("STATE"), .text("WHY"),
        ])
        for row in rows {
            let outage = row.outage
            table.add([
                "\(outage.number)", outage.destination, OutageReport.time(outage.beganAt),
                Age.text(microseconds: (outage.endedAt ?? now) &- outage.beganAt), Count.grouped(Int(outage.probes)),
                Count.grouped(Int(outage.relapses)), row.standing.text, outage.code,
            ])
        }
        return table
    }

    private var windowTable: TextTable {
        var table = TextTable([
            .number("WINDOW"), .text("OF"), .text("FROM"), .text("UNTIL"), .text("STATE"), .text("BY"), .text("WHY"),
        ])
        for window in windows {
            table.add([
                "\(window.number)", window.destination, OutageReport.time(window.startsAt),
                OutageReport.time(window.endsAt), WindowText.state(window, now: now), window.plannedBy, window.reason,
            ])
        }
        return table
    }

    /// For programs. What is not known is null.
    var json: JSONValue {
        [
            "time": OutageReport.jsonTime(now),
            "outages": .array(
                rows.map { row in
                    let lasted = max(0, (row.outage.endedAt ?? now) &- row.outage.beganAt) / 1_000_000
                    let members = row.outage.jsonMembers(standing: row.standing.rawValue)
                    return .object(members + [.init(name: "lastedSeconds", value: .integer(lasted))])
                }), "planned": .array(windows.map(\.json)),
        ]
    }
}
