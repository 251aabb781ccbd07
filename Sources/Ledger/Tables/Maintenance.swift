extension LedgerTransaction {
    /// Takes or renews a task that one process does for all of them; false while another one has it.
    public func takeMaintenance(
        _ task: String, holder: String, lease: Duration, now: Int64
    ) throws(LedgerError) -> Bool {
        let changed = try connection.run(
            """
            INSERT INTO maintenance (task, lease_holder, lease_until) VALUES (?1, ?2, ?3)
            ON CONFLICT (task) DO UPDATE SET lease_holder = ?2, lease_until = ?3
            WHERE lease_holder = ?2 OR lease_until NOT BETWEEN ?4 + 1 AND ?5
            """
        ) { bind in
            bind.text(task)
            bind.text(holder)
            bind.integer(Lease.end(lease, from: now))
            bind.integer(now)
            bind.integer(now.adding(.microseconds(Lease.longest)))
        }
        return changed == 1
    }
}

extension LedgerSnapshot {
    /// Whether a process does the task now, or did until less than a lease ago.
    public final func isMaintained(_ task: String, now: Int64) throws(LedgerError) -> Bool {
        let end = try connection.first(
            "SELECT lease_until FROM maintenance WHERE task = ?", { $0.text(task) }, row: { $0.integer(0) })
        return end.map { Lease.isHeld(until: $0, now: now) } ?? false
    }
}
