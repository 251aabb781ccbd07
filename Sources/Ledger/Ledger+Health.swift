extension Ledger {
    /// Proves that the ledger can be written, by writing: grows the file inside a savepoint, takes that back, and commits one
    /// small change with full sync. Costs one commit; made for readiness probes and for waiting out a full disk.
    public func checkWritable() async throws(LedgerError) {
        do {
            try await write { transaction in
                do {
                    try transaction.savepoint {
                        try transaction.execute("UPDATE probe SET filler = zeroblob(65536)")
                        throw ProbeEnd()
                    }
                } catch is ProbeEnd {}
                try transaction.execute("UPDATE probe SET beats = beats + 1")
            }
        } catch let error as LedgerError {
            throw error
        } catch {
            throw .sql(code: 0, message: "\(error)")
        }
    }
}

/// Thrown to take back the probe's growth.
private struct ProbeEnd: Error {}
