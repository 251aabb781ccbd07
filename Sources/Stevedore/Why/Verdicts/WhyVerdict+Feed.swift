internal import Fleet
internal import Models

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
        if !feed.isRead {
            let place = stream.hasPrefix("stock/") ? stream : "the ERP"
            return "Nothing: no erp-feed runs that would hear of a change in \(place)."
        }
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

    /// The stream that tells of it; of a product the one of its own and its stock's that is worst off.
    var stream: String {
        let told = stockLegs.map { "stock/" + WhyThing.warehouse(ofStock: $0.subject) }
        let mine = feeds.filter { $0.stream == thing.stream || $0.stream.hasPrefix("stock/") }
        if let waiting = mine.first(where: { $0.wait != nil }) { return waiting.stream }
        let unread = mine.first { !$0.isRead && $0.readAt != nil && told.contains($0.stream) }
        return thing.isProduct && feed(thing.stream)?.isRead == true ? unread?.stream ?? thing.stream : thing.stream
    }

    // MARK: - Obstacles

    /// What keeps the store from being told what the ERP has: held back, unreadable, or not taken by the store; nil
    /// when nothing does.
    var obstacle: WhyVerdict? { parked.max { $0.at < $1.at }.map(held) ?? gapVerdict ?? postVerdict }

    /// What is held back of a road's messages.
    func parkedVerdict(on leg: WhyLeg) -> WhyVerdict? {
        parked.filter { $0.subject == leg.subject && leg.types.contains($0.type) }.max { $0.at < $1.at }.map(held)
    }

    private func held(_ batch: WhyFacts.Parked) -> WhyVerdict {
        let name = batch.type == Catalogue.stock.name ? WhyThing.stockName(batch.subject) : thing.name
        return WhyVerdict(
            "feed.parked",
            "A change of \(name) is held back since \(WhyTime.text(batch.at)) in batch \(batch.batch) of "
                + "\(batch.stream): \(Self.bare(batch.reason)).",
            next: "Nothing, until a person has decided; a later change is told all the same.",
            remedy: "See `erp-feed parked show \(batch.batch)`, then `erp-feed parked release \(batch.batch)` "
                + "or `… discard \(batch.batch)`.")
    }

    /// One that is told in part stops nothing.
    private var gapVerdict: WhyVerdict? {
        gaps.first { $0.kind == .unreadable }.map { gap in
            let isKnown = toStore.isApplied || shown.order != nil || !shown.stocks.isEmpty
            return WhyVerdict(
                "feed.unreadable", sentence(on: gap),
                next: isKnown
                    ? "The store goes on showing what it was told before."
                    : "Until then the store is told nothing of it.",
                remedy: Self.correction)
        }
    }

    func sentence(on gap: FeedGap) -> String {
        let name = gap.stream.hasPrefix("stock/") ? WhyThing.stockName(gap.key) : thing.name
        return "What the ERP says of \(name) cannot be \(gap.kind == .unreadable ? "read" : "told in full") since "
            + "\(WhyTime.text(gap.since)): \(Self.bare(gap.reason))."
    }

    static var correction: String { "Correct it in the ERP: its next change is read again." }

    // MARK: - Posts

    /// The code of what is to be posted and has not been tried.
    static var toBePosted: String { "webhook.waiting" }

    /// What a post tells of, in a sentence.
    func name(of post: WhyFacts.Post) -> String {
        let name =
            switch post.family {
            case Catalogue.stock.family: WhyThing.stockName(post.subject)
            case Catalogue.orderStatus.family: "the answer to \(thing.name)"
            default: thing.name
            }
        return "\(name) (revision \(post.revision))"
    }

    /// The same as a sentence that may go on.
    func waiting(_ post: WhyFacts.Post) -> String {
        "\(Self.capitalised(name(of: post))) waits since \(WhyTime.text(post.since)) to be posted to the store"
    }

    /// One that has not been tried is on its way, and no obstacle.
    private var postVerdict: WhyVerdict? {
        if let postPause, let post = posts.first {
            return WhyVerdict(
                "webhook.paused",
                "\(waiting(post)): \(Self.bare(postPause.reason)).",
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
            "The store does not take \(name(of: post)) since \(WhyTime.text(since)): "
                + "\(Self.bare(post.failure ?? "it gave no reason")).",
            next: "It is posted again at \(WhyTime.text(post.dueAt)), and so on until it is taken.",
            remedy: "Look into the store's log for the posts it refuses.")
    }
}
