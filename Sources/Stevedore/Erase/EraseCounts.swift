internal import Fleet

/// Where personal data is found, and what is counted there.
enum ErasePlace: String, Hashable, Sendable, CaseIterable {
    case payloads, outbox, posts, parked, alerts, journal, letterTexts, otherTexts, aliases, store, letters, exports

    var singular: String {
        switch self {
        case .payloads: "kept body"
        case .outbox: "message waiting to be published"
        case .posts: "webhook post that waits"
        case .parked: "message in parked batches"
        case .alerts: "alert that quotes them"
        case .journal: "step of the journal that quotes them"
        case .letterTexts: "sentence or note of a dead letter"
        case .otherTexts: "other text that quotes them"
        case .aliases: "e-mail address that leads to an order"
        case .store: "row of the store's tables"
        case .letters: "letter in a dead-letter queue"
        case .exports: "line of an export"
        }
    }

    var plural: String {
        switch self {
        case .payloads: "kept bodies"
        case .outbox: "messages waiting to be published"
        case .posts: "webhook posts that wait"
        case .parked: "messages in parked batches"
        case .alerts: "alerts that quote them"
        case .journal: "steps of the journal that quote them"
        case .letterTexts: "sentences or notes of dead letters"
        case .otherTexts: "other texts that quote them"
        case .aliases: "e-mail addresses that lead to an order"
        case .store: "rows of the store's tables"
        case .letters: "letters in dead-letter queues"
        case .exports: "lines of exports"
        }
    }
}

/// How much there is to erase, or has been erased, by place.
struct EraseCounts: Hashable, Sendable {
    private var counts: [ErasePlace: Int] = [:]
    /// Orders that were left alone because they are open.
    var open: Set<String> = []
    /// Open orders of theirs that are dead letters: nobody answers these by itself.
    var dead: Set<String> = []
    /// Messages in flow and retry queues, whosoever they are; nil where the broker was not asked.
    var onTheWay: Int?
    /// Queues of which somebody else had letters in hand, so that some may not have been looked at.
    var held: Set<String> = []

    /// What was left and is a dead letter, and what was left and waits for the ERP; each sorted.
    var left: (dead: [String], waiting: [String]) {
        (open.intersection(dead).sorted(), open.subtracting(dead).sorted())
    }

    subscript(place: ErasePlace) -> Int {
        get { counts[place] ?? 0 }
        set { counts[place] = newValue }
    }

    var total: Int { counts.values.reduce(0, +) }

    /// In one line, for the record: no names, only numbers.
    var summary: String {
        ErasePlace.allCases.filter { self[$0] > 0 }.map { "\($0.rawValue)=\(self[$0])" }.joined(separator: " ")
    }

    /// For people, a line for each place.
    var text: String {
        ErasePlace.allCases.filter { self[$0] > 0 }
            .map { "  " + Count.text(self[$0], $0.singular, $0.plural) + "\n" }.joined()
    }

    var json: JSONValue {
        let places = ErasePlace.allCases.map {
            JSONValue.Member(name: $0.rawValue, value: .integer(Int64(self[$0])))
        }
        return .object(
            places + [
                JSONValue.Member(name: "total", value: .integer(Int64(total))),
                JSONValue.Member(name: "openOrders", value: .array(open.sorted().map { .string($0) })),
                JSONValue.Member(name: "deadLetterOrders", value: .array(left.dead.map { .string($0) })),
                JSONValue.Member(name: "heldQueues", value: .array(held.sorted().map { .string($0) })),
                JSONValue.Member(name: "onTheWay", value: .optional(onTheWay.map { Int64($0) })),
            ])
    }
}
