internal import Fleet
internal import Ledger
internal import Models

extension LedgerSnapshot {
    /// Asks one of the statements that are known to be quick.
    func rows<Value>(
        _ sql: WhySQL, _ values: SQLValue..., row: (borrowing SQLRow) throws(LedgerError) -> Value
    ) throws(LedgerError) -> [Value] {
        try query(text: sql.text.description, values, row: row)
    }

    /// Which of the tables that other modules bring along are there, in a shape that this program knows.
    /// - Parameter adapters: How the store is told now: it may have been told otherwise before.
    func whyTables(_ adapters: Set<StorefrontAdapter>) throws -> WhyTables {
        let versions = try rows(.versions) { ($0.text(0), $0.integer(1)) }
        var tables = WhyTables(versions: Dictionary(versions) { first, _ in first }, adapters: adapters)
        guard tables.hasFeed else { return tables }
        tables.stockStreams = Set(try feedCursors().map(\.stream).filter { $0.hasPrefix("stock/") }).sorted()
        return tables
    }
}

/// Which tables can be asked.
struct WhyTables: Hashable, Sendable {
    let hasFleet: Bool
    let hasAlerts: Bool
    let hasExpectations: Bool
    let hasSettlements: Bool
    let hasFeed: Bool
    let hasStore: Bool
    let hasPosts: Bool
    let hasPositions: Bool
    /// The feed's streams of stock, `stock/EAST` for one.
    var stockStreams: [String] = []

    init(versions: [String: Int64], adapters: Set<StorefrontAdapter>) {
        func has(_ component: String, _ version: Int64) -> Bool { (versions[component] ?? 0) >= version }
        hasFleet = has("fleet", 4)
        hasAlerts = has("fleet", 5)
        hasExpectations = has("fleet", 6)
        hasSettlements = has("fleet", 10)
        hasFeed = has("erp-feed", 8)
        hasStore = adapters.contains(.database) && has("storefront", 9)
        hasPosts = adapters.contains(.webhook) && has("storefront.webhook", 1)
        hasPositions = has("flow-position", 1)
    }
}

/// Moments and spans as sentences say them.
enum WhyTime {
    /// `2026-03-01T10:00:00Z`: to the second.
    static func text(_ microseconds: Int64) -> String {
        let second = microseconds - ((microseconds % 1_000_000) + 1_000_000) % 1_000_000
        return Timestamp(microseconds: second)?.description ?? "an unknown time"
    }

    /// A moment as the store's tables write it.
    static func microseconds(_ text: String?) -> Int64? {
        text.flatMap { Timestamp(rfc3339: $0) }?.microseconds
    }
}
