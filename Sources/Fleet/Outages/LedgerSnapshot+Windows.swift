package import Ledger

extension LedgerSnapshot {
    /// Planned windows, those that start last first. None in a ledger that no worker of this version has opened.
    package func maintenanceWindows(limit: Int) throws -> [MaintenanceWindow] {
        try windows("ORDER BY starts_at DESC, number DESC LIMIT ?", [.integer(Int64(limit))])
    }

    /// The window of that number; nil when there is none.
    package func maintenanceWindow(number: Int64) throws -> MaintenanceWindow? {
        try windows("WHERE number = ?", [.integer(number)]).first
    }

    /// The window in which a destination is to be away at that time, of several the one that lasts longest; nil when none
    /// stands.
    package func maintenanceWindow(standingFor destination: String, at now: Int64) throws -> MaintenanceWindow? {
        try standingWindows(for: destination, at: now).first
    }

    /// When the last of the windows was over in which a destination was to be away, of those that reached into the time
    /// from `start` until now; nil when there was none.
    package func maintenanceEnd(of destination: String, since start: Int64, at now: Int64) throws -> Int64? {
        try windows("WHERE ends_at > ? AND starts_at <= ?", [.integer(start), .integer(now)])
            .filter { window in
                window.covers(destination) && window.overAt > max(start, window.startsAt) && window.overAt <= now
            }.map(\.overAt).max()
    }

    fileprivate func standingWindows(for destination: String, at now: Int64) throws -> [MaintenanceWindow] {
        try windows(
            """
            INDEXED BY maintenance_window_ahead WHERE cancelled_at IS NULL AND ends_at > ? AND starts_at <= ?
            ORDER BY ends_at DESC, number
            """, [.integer(now), .integer(now)]
        ).filter { $0.covers(destination) }
    }

    private func windows(_ which: String, _ values: [SQLValue]) throws -> [MaintenanceWindow] {
        let isThere = try first("SELECT 1 FROM sqlite_schema WHERE name = 'maintenance_window'") { $0.integer(0) }
        guard isThere != nil else { return [] }
        return try query(
            text: """
                SELECT number, destination, starts_at, ends_at, reason, planned_by, planned_at, cancelled_at
                FROM maintenance_window \(which)
                """, values
        ) { row in
            MaintenanceWindow(
                number: row.integer(0), destination: row.text(1), startsAt: row.integer(2), endsAt: row.integer(3),
                reason: row.text(4), plannedBy: row.text(5), plannedAt: row.integer(6),
                cancelledAt: row.optionalInteger(7))
        }
    }
}

extension LedgerTransaction {
    /// Plans a window; returns it with the number that it got.
    @discardableResult
    package func plan(_ window: MaintenanceWindow) throws -> MaintenanceWindow {
        var planned = window
        planned.number = try first("SELECT coalesce(max(number), 0) + 1 FROM maintenance_window") { $0.integer(0) } ?? 1
        try execute(
            """
            INSERT INTO maintenance_window (number, destination, starts_at, ends_at, reason, planned_by, planned_at,
                cancelled_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, .integer(planned.number), .text(planned.destination), .integer(planned.startsAt),
            .integer(planned.endsAt), .text(planned.reason), .text(planned.plannedBy), .integer(planned.plannedAt),
            .integer(orNull: planned.cancelledAt))
        return planned
    }

    /// Calls a window off, or ends it before its time: then one of the fleet asks at once whether the system is back.
    /// - Returns: false when there is none of that number that lasts or is to come.
    @discardableResult
    package func cancelWindow(number: Int64, at now: Int64) throws -> Bool {
        guard let window = try maintenanceWindow(number: number), window.cancelledAt == nil, window.endsAt > now else {
            return false
        }
        try execute("UPDATE maintenance_window SET cancelled_at = ? WHERE number = ?", .integer(now), .integer(number))
        guard window.startsAt <= now else { return true }
        for var outage in try standingOutages() where window.covers(outage.destination) {
            outage.hasten(at: now)
            try save(outage)
        }
        return true
    }

    /// A person says that a system is back. It is asked at once, and tried as after any outage: nobody calls because of a
    /// word alone. A window that stands for it ends with that.
    /// - Returns: the outage as it stands now; nil when there is none of that number that lasts.
    @discardableResult
    package func closeOutage(number: Int64, by person: String, at now: Int64) throws -> Outage? {
        guard let outage = try self.outage(number: number), outage.endedAt == nil else { return nil }
        for window in try standingWindows(for: outage.destination, at: now) {
            try cancelWindow(number: window.number, at: now)
        }
        guard var closed = try self.outage(number: number) else { return nil }
        closed.hasten(at: now)
        closed.closedBy = person
        try save(closed)
        return closed
    }
}
