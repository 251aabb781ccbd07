/// One object at one revision, as it is posted.
struct WebhookPost: Hashable, Sendable {
    /// The CloudEvents `id` and the `webhook-id`: the same however often it is posted.
    var id: String
    var type: String
    /// With `subject` the object: never two posts of it at once, and never an older one after a newer one.
    var family: String
    var subject: String
    var revision: Int64
    var body: [UInt8]
}

/// A post that one sender may make until the lease is over.
struct LeasedPost: Hashable, Sendable {
    /// Its place, never used again for another object's row.
    var sequence: Int64
    /// Proves later that nobody else took it meanwhile.
    var fence: Int64
    /// How often this revision has been tried, this time included.
    var attempts: Int
    var post: WebhookPost
}
