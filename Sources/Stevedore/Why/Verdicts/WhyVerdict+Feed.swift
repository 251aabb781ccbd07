internal import Fleet

// What is said of the feed: when it has looked, and what keeps it from looking.
extension WhyFacts {
    /// `the feed last read shipments at …`.
    func lastRead(_ stream: String) -> String {
        guard let readAt = feed(stream)?.readAt else { return "no feed has read \(stream) into this ledger" }
        return "the feed last read \(stream) at \(WhyTime.text(readAt))"
    }

    /// What has to happen before a change in the ERP is heard of.
    func feedNext(_ stream: String) -> String {
        guard let feed = feed(stream), feed.readAt != nil || feed.wait != nil else {
            return "What changes in the ERP is told when the ERP publishes it, or when an erp-feed runs."
        }
        if let wait = feed.wait {
            return "The feed waits for \(stream) since \(WhyTime.text(wait.since)) and tries again at "
                + "\(WhyTime.text(wait.until)): \(wait.reason)"
        }
        if !feed.isRead { return "Nothing: no erp-feed runs that would hear of a change in the ERP." }
        return "The feed reads \(stream) on, and tells the next change by itself."
    }

    func feedRemedy(_ stream: String) -> String? {
        guard let feed = feed(stream), feed.readAt != nil || feed.wait != nil else { return nil }
        if let wait = feed.wait { return wait.remedy }
        return feed.isRead ? nil : "Start an erp-feed, or `stevedore up`."
    }

    /// The same in the middle of a sentence.
    func feedTells(_ stream: String) -> String {
        feed(stream)?.isRead == true ? "the feed tells it by itself." : "a feed has to run to tell it."
    }

    /// What keeps the store from being told what the ERP has: held back, unreadable, or not taken by the store; nil
    /// when nothing does.
    var obstacle: WhyVerdict? { parkedVerdict ?? gapVerdict ?? postVerdict }

    private var parkedVerdict: WhyVerdict? {
        parked.max { $0.at < $1.at }.map { batch in
            WhyVerdict(
                "feed.parked",
                "A change of \(thing.name) is held back since \(WhyTime.text(batch.at)) in batch \(batch.batch) of "
                    + "\(batch.stream): \(Self.bare(batch.reason)).",
                next: "Nothing, until a person has decided; a later change is told all the same.",
                remedy: "See `erp-feed parked show \(batch.batch)`, then `erp-feed parked release \(batch.batch)` "
                    + "or `… discard \(batch.batch)`.")
        }
    }

    private var gapVerdict: WhyVerdict? {
        gaps.first.map { gap in
            let isAll = gap.kind == .unreadable
            return WhyVerdict(
                isAll ? "feed.unreadable" : "feed.incomplete",
                "What the ERP says of \(thing.name) cannot be \(isAll ? "read" : "told in full") since "
                    + "\(WhyTime.text(gap.since)): \(Self.bare(gap.reason)).",
                next: isAll
                    ? "The store goes on showing what it was told before." : "The rest of it is told as always.",
                remedy: "Correct it in the ERP: its next change is read again.")
        }
    }

    /// One that has not been tried is on its way, and no obstacle.
    private var postVerdict: WhyVerdict? {
        if let postPause, let post = posts.first {
            return WhyVerdict(
                "webhook.paused",
                "\(title) waits since \(WhyTime.text(post.since)) to be posted to the store: "
                    + "\(Self.bare(postPause.reason)).",
                next: postPause.until.map { "Posts go on by themselves at \(WhyTime.text($0))." } ?? "Nothing.",
                remedy: postPause.until == nil
                    ? "Correct `storefront.webhook.url`, or let the store take posts again, and start a worker anew."
                    : nil)
        }
        guard let post = posts.first(where: { $0.failingSince != nil }), let since = post.failingSince else {
            return nil
        }
        return WhyVerdict(
            "webhook.refused",
            "The store does not take \(thing.name) (revision \(post.revision)) since \(WhyTime.text(since)): "
                + "\(Self.bare(post.failure ?? "it gave no reason")).",
            next: "It is posted again at \(WhyTime.text(post.dueAt)), and so on until it is taken.",
            remedy: "Look into the store's log for the posts it refuses.")
    }
}
