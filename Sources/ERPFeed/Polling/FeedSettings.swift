/// How a feed reads.
struct FeedSettings: Sendable {
    /// How long to wait once there was nothing new.
    var interval: Duration = .seconds(2)
    /// Most changes in a page, and so in memory for each stream.
    var pageSize = 500
    /// Most changes a second of each stream.
    var rate = 5_000
    /// How far back it is looked for changes that appeared behind the cursor.
    var lookBack: Duration = .seconds(60)
    /// How often a stream is read from its beginning, for what no change tells: zero never.
    var fullRead: Duration = .seconds(86_400)
    /// From when on a page, or a read, looks like a mistake.
    var limits = GuardLimits()
    /// Whether pages are held against what the store shows, which only its tables say.
    var isGuarded = true

    /// How often it is looked whether the ERP has other warehouses.
    var warehouseInterval: Duration { fullRead > .zero ? min(fullRead, .seconds(300)) : .seconds(300) }
}
