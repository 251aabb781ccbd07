/// What ends by the wall clock, because several processes have to agree on it.
enum Lease {
    /// A quarter of an hour, in microseconds. No claim, lease of a task or wait of the outbox is longer (`worker.lease` is ten
    /// minutes at most), and one that would be is cut to this. So what would end later was written before the clock was set
    /// back: it is over.
    static let longest: Int64 = 900_000_000

    /// When a lease that is taken now ends.
    static func end(_ lease: Duration, from now: Int64) -> Int64 {
        now.adding(min(lease, .microseconds(longest)))
    }

    /// Whether a lease that ends then is held now.
    static func isHeld(until end: Int64, now: Int64) -> Bool { end > now && end - now <= longest }
}
