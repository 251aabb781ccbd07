/// How much a relay has in hand at once.
struct RelayLimits: Sendable {
    /// Rows in memory.
    var rows = 1_000
    /// Rows of one subject in memory: the others wait in the outbox, so that a subject with thousands of them leaves room for
    /// those behind it.
    var mostOfOne = 16
    /// Pages that are read at once, as long as they leave room.
    var pages = 8
    /// Bytes of messages in memory, beside one page.
    var bytes = 8 << 20
    /// Messages that await their confirm.
    var inFlight = 512
    /// Messages that are published together: small, so that the next of a subject need not wait for many others.
    var batch = 64
    /// Rows that are marked in one transaction: the store's writers wait for it.
    var marks = 200
    /// How long a confirm waits for others, to be marked together.
    var markPatience = Duration.milliseconds(100)
    /// Confirms that are not marked: beyond, nothing more is published until the database takes marks again.
    var unmarked = 5_000
    /// How often everything that waits is read again, for rows that were changed behind what has been read.
    var rescan = Duration.seconds(30)
    /// Until a database that cannot be used is tried again.
    var rest = Duration.seconds(1)
    /// Rows that are deleted in one transaction, and how soon the next ones, as long as there are any.
    var pruned = 100
    var pruneStep = Duration.milliseconds(250)
    /// How often it is looked whether there is something to delete.
    var pruneInterval = Duration.seconds(60)
}
