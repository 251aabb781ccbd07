/// What happens while posts are made, for the log and the counters.
public enum WebhookEvent: Sendable {
    /// Which object at which revision, and which try it was.
    public struct Post: Hashable, Sendable {
        /// The `webhook-id`.
        public var id: String
        /// The message type.
        public var type: String
        /// The business key.
        public var subject: String
        /// The object's revision.
        public var revision: Int64
        /// Counts the tries of this revision from 1.
        public var attempt: Int
    }

    /// The store has taken it.
    case delivered(Post)
    /// The store has not; it is tried again after the delay.
    case refused(Post, code: String, reason: String, retry: Duration)
    /// The store is away, as all processes know by now: the post is made when it is back.
    case away(Post, code: String, reason: String)
    /// The store asks to be left alone for so long.
    case paused(Duration, reason: String)
    /// The store wants no posts any more (410 Gone): none is made until a worker is started anew.
    case gone
    /// The ledger takes nothing, so nothing is posted.
    case waiting(reason: String)
}

extension WebhookEvent.Post {
    init(_ leased: LeasedPost) {
        self.init(
            id: leased.post.id, type: leased.post.type, subject: leased.post.subject, revision: leased.post.revision,
            attempt: leased.attempts)
    }
}
