internal import Fleet
internal import Ledger

/// The feed's own tables in the ledger's file.
enum FeedTables {
    /// Brings them up to date; the feed and its commands do at their start.
    static func migrate(_ ledger: Ledger) async throws {
        try await ledger.migrate(
            component: FeedCursor.component,
            [
                FeedCursor.migration, ParkedBatches.migration, FeedCursor.lengths, ListedObjects.migration,
                ListedObjects.due, FeedGap.migration, FeedWait.migration, ParkedBatches.subjects,
            ])
    }
}
