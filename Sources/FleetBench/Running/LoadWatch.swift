internal import Fleet
internal import Ledger

/// Sees in a ledger when everything that the feed has told is in the store's tables.
struct LoadWatch {
    let ledger: String

    /// How many messages that were; nil as long as something is missing.
    func loaded() async -> Int64? {
        guard let ledger = try? Ledger.openReadOnly(path: ledger) else { return nil }
        let told = try? await ledger.read { snapshot -> Int64? in
            let live = try snapshot.feedCursors().filter { $0.pass == .live }
            guard !live.isEmpty, live.allSatisfy({ $0.finishedAt != nil }) else { return nil }
            let told = live.reduce(0) { $0 + $1.told }
            let applied = try snapshot.first("SELECT max(id) FROM journal") { $0.integer(0) }
            return told > 0 && applied ?? 0 >= told ? told : nil
        }
        await ledger.close()
        return told ?? nil
    }
}
