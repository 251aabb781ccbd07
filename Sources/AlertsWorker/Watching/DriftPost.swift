internal import Fleet
internal import Ledger
internal import Models

/// What the last reconciliation that was to be remembered has found: store and ERP do not agree.
struct DriftPost: Watchpost {
    let prefix = "drift/"

    func findings(_ snapshot: LedgerSnapshot, now: Int64) throws -> [Finding] {
        let kinds = try snapshot.driftCounts()
        guard !kinds.isEmpty else { return [] }
        let spans = try snapshot.driftSpans()
        return try kinds.sorted { $0.key < $1.key }.compactMap { kind, counts -> Finding? in
            guard let span = spans[kind] else { return nil }
            let parts = Drift.Class.allCases.compactMap { what in counts[what].map { Self.text($0, what) } }
            return Finding(
                key: Finding.name(prefix, kind), kind: .drift, severity: .error, code: "reconcile.drift",
                sentence: "ERP and store do not agree about \(kind): " + parts.joined(separator: ", ") + ".",
                remedy: "Look at the report; a repair sends what is missing or differs by the ordinary workers.",
                commands: [
                    "stevedore reconcile \(Self.arguments(kind)) --remember",
                    "stevedore reconcile \(Self.arguments(kind)) --repair --remember --reason '…'",
                ],
                count: Int64(counts.values.reduce(0, +)),
                subjects: try snapshot.driftSubjects(of: kind, limit: Alert.mostSubjects), since: span.lowerBound,
                last: span.upperBound)
        }
    }

    func ending(of alert: Alert, now: Int64) -> String {
        "ERP and store agree again about \(alert.key.dropFirst(prefix.count))."
    }

    /// `stock/EAST` as the command takes it. Without `--remember` it would leave what the alert is about as it is.
    private static func arguments(_ kind: String) -> String {
        let parts = kind.split(separator: "/", maxSplits: 1).map { MailText.shellWord(String($0)) }
        return parts.count == 2 ? "\(parts[0]) --warehouse \(parts[1])" : parts.joined(separator: "/")
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
