package import Ledger

// What the feed's own reads say of an object that somebody misses.
extension LedgerSnapshot {
    /// Whether the feed's last full read has not come upon the object, and nothing has since. False where no feed keeps lists.
    package func feedMisses(_ subject: String, in stream: String) throws -> Bool {
        guard try has("feed_listed"), try has("feed_full_read") else { return false }
        let latest = try first("SELECT latest FROM feed_full_read WHERE stream = ?", .text(stream)) { $0.integer(0) }
        guard let latest, latest > 0 else { return false }
        return try listedAt(subject, in: stream) ?? 0 < latest
    }

    /// Whether a feed has come upon the object at that time or later.
    package func feedHasSeen(_ subject: String, in stream: String, since time: Int64) throws -> Bool {
        guard try has("feed_listed") else { return false }
        return try listedAt(subject, in: stream).map { $0 >= time } ?? false
    }

    /// Whether so much of the stream is missing that the feed has a person look at it.
    package func feedMissesMany(in stream: String) throws -> Bool {
        guard try has("feed_full_read") else { return false }
        return try first("SELECT 1 FROM feed_full_read WHERE stream = ? AND many = 1", .text(stream)) { _ in true }
            ?? false
    }

    private func listedAt(_ subject: String, in stream: String) throws -> Int64? {
        try first("SELECT listed_at FROM feed_listed WHERE stream = ? AND subject = ?", .text(stream), .text(subject)) {
            $0.integer(0)
        }
    }
}
