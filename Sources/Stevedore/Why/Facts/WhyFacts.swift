internal import Fleet
internal import Ledger
internal import Models

/// All that the ledger, with the feed's and the store's tables in it, knows about one thing; read in one snapshot.
struct WhyFacts: Sendable {
    /// What people say of a dead letter's cause, and how many letters share it.
    struct Cause: Hashable, Sendable {
        var count = 0
        /// How many of the newest say the very same: others of the group may name something else.
        var alike = 0
        var assignee: String?
        var note: String?
    }

    /// Something that has to happen yet.
    struct Expected: Hashable, Sendable {
        var name: String
        var since: Int64
        /// When its time was over; nil while it has some left.
        var missedAt: Int64?
        var told: WhyTold?
    }

    /// What is held back until a person has looked at it.
    struct Parked: Hashable, Sendable {
        var batch: Int64
        var stream: String
        var at: Int64
        var reason: String
        var type: String
        var subject: String
        var revision: Int64
    }

    /// An object that a store which is posted to has yet to take.
    struct Post: Hashable, Sendable {
        var family: String
        var subject: String
        var revision: Int64
        var since: Int64
        var dueAt: Int64
        var failingSince: Int64?
        var failure: String?
    }

    /// What is known of a stream of the ERP's changes.
    struct Feed: Hashable, Sendable {
        var stream: String
        /// When a page of it was read last, whatever for; nil when none ever was.
        var readAt: Int64?
        /// Whether a process reads it now.
        var isRead = false
        var wait: FeedWait?
    }

    var thing: WhyThing
    /// In microseconds since 1970.
    var now: Int64
    /// The road to the ERP first, where there is one; a product's own road before those of its stock, by warehouse.
    var legs: [WhyLeg]
    /// The road of shipments, where one is what an order waits for.
    var shipping: WhyLeg?
    var cause: Cause?
    /// Open dead letters of other things that name it.
    var naming: WhyNaming?
    /// Who knows of the dead letter that stops it.
    var told: WhyTold?
    /// What is expected of it and has not happened, and who knows of that.
    var expected: [Expected] = []
    /// What the last comparison with the ERP that was to be remembered found of it.
    var drift: Drift?
    /// What the ERP charges where an order had estimated.
    var settlements: [QuoteSettlement] = []
    var feeds: [Feed] = []
    var gaps: [FeedGap] = []
    var parked: [Parked] = []
    var posts: [Post] = []
    /// Why nothing is posted to the store, and until when.
    var postPause: (reason: String, until: Int64?)?
    var shown = WhyShown()
    /// Steps of the thing that are of no road: what the feed could not read.
    var others: [JournalEntry] = []
    var broker = WhyBroker.notAsked("nothing needed it")

    /// The road on which the store is told of the thing itself.
    var toStore: WhyLeg { legs[thing.types.count - 1] }

    /// The roads of a product's stock.
    var stockLegs: [WhyLeg] { Array(legs.dropFirst(thing.types.count)) }

    /// The stream's feed; nil when no feed has run on this ledger.
    func feed(_ stream: String) -> Feed? { feeds.first { $0.stream == stream } }
}

/// What the store's tables show of a thing; empty where the store has none.
struct WhyShown: Hashable, Sendable {
    struct Order: Hashable, Sendable {
        var erpNumber: String?
        var account: String?
        var purchaseOrderNumber: String?
        var placedAt: Int64?
        var state: String
        var reasonCode: String?
        var reason: String?
        var revision: Int64
        var takenRevision: Int64?
        var answeredRevision: Int64?
        var changedAt: Int64
        var takenAt: Int64?
    }

    struct Backorder: Hashable, Sendable {
        var sku: String
        var quantity: String
        var promised: String?
    }

    /// A state that an order was in.
    struct State: Hashable, Sendable {
        var at: Int64
        var state: String
        var reason: String?
    }

    struct Shipment: Hashable, Sendable {
        var id: String
        var number: String
        var origin: String
        var warehouse: String
        var state: String
        var carrier: String?
        var shipDate: String?
        var changedAt: Int64
        var parcels: [String] = []
    }

    struct Product: Hashable, Sendable {
        var name: String
        var isActive: Bool
        var replacement: String?
        var price: String?
        var revision: Int64
        var changedAt: Int64
    }

    struct Stock: Hashable, Sendable {
        var warehouse: String
        var available: String
        var unit: String
        var nextReceipt: String?
        var revision: Int64
        var shownAt: Int64
    }

    struct Account: Hashable, Sendable {
        var name: String
        var terms: String?
        var mayPayLater: Bool
        var hold: String?
        var isActive: Bool
        var revision: Int64
        var changedAt: Int64
    }

    /// Whether there are such tables at all: a store that is told by posts alone has none here.
    var isThere = false
    var order: Order?
    /// Whether the ERP did not take the last change of the order.
    var isRefused = false
    var backorders: [Backorder] = []
    /// The newest first.
    var states: [State] = []
    var shipments: [Shipment] = []
    var product: Product?
    var stocks: [Stock] = []
    var account: Account?
}

/// What the broker says of queues, or why it was not asked.
enum WhyBroker: Hashable, Sendable {
    struct Queue: Hashable, Sendable {
        var ready: Int
        var workers: Int
    }

    case notAsked(String)
    case asked([String: Queue])

    /// Nil when nothing is known of the queue.
    subscript(queue: String) -> Queue? {
        if case .asked(let queues) = self { queues[queue] } else { nil }
    }
}
