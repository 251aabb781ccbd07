internal import Fleet
internal import Ledger
internal import Models

/// What the last reconciliation that was to be remembered has found: store and ERP do not agree.
struct DriftPost: Watchpost {
    let prefix = "drift/"

    func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding] {
        let kinds = try snapshot.driftCounts()
        guard !kinds.isEmpty else { return [] }
        let all = Dictionary(grouping: try snapshot.drift(limit: 10_000), by: \.kind)
        return kinds.sorted { $0.key < $1.key }.map { kind, counts in
            let some = all[kind] ?? []
            let parts = Drift.Class.allCases.compactMap { what in counts[what].map { Self.text($0, what) } }
            return Finding(
                key: prefix + kind, kind: .drift, severity: .error, code: "reconcile.drift",
                sentence: "ERP and store do not agree about \(kind): " + parts.joined(separator: ", ") + ".",
                remedy: "Look at the report; a repair sends what is missing or differs by the ordinary workers.",
                commands: [
                    "stevedore reconcile \(Self.arguments(kind))",
                    "stevedore reconcile \(Self.arguments(kind)) --repair --reason '…'",
                ],
                count: Int64(counts.values.reduce(0, +)), subjects: some.suffix(Alert.mostSubjects).map(\.subject),
                since: some.map(\.since).min() ?? now, last: some.map(\.since).max() ?? now)
        }
    }

    func ending(of alert: Alert, now: Int64) -> String {
        "ERP and store agree again about \(alert.key.dropFirst(prefix.count))."
    }

    /// `stock/EAST` as the command takes it.
    private static func arguments(_ kind: String) -> String {
        let parts = kind.split(separator: "/", maxSplits: 1).map(String.init)
        return parts.count == 2 ? "\(parts[0]) --warehouse \(parts[1])" : kind
    }

    private static func text(_ count: Int, _ what: Drift.Class) -> String {
        let number = Count.grouped(count)
        return switch what {
        case .missingInStore: "\(number) missing in the store"
        case .missingInERP: "\(number) missing in the ERP"
        case .differing: "\(number) differing"
        case .orphaned: "\(number) that only the store has"
        }
    }
}
