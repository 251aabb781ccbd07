/// Which sent messages await their answer: a pure map of the channel's publish numbers to whatever the caller
/// calls its messages.
///
/// The broker answers each number once with ack or nack, in any order, possibly many at once (`multiple`); a
/// return comes before the ack of its message.
public struct PublisherConfirms<ID> {
    /// An answered message.
    public struct Resolution {
        /// Whose it is.
        public let id: ID
        /// What became of it.
        public let outcome: PublishOutcome
    }

    fileprivate struct Slot {
        var id: ID
        var returned: (code: UInt16, text: String)?
    }

    private var slots: [Slot?] = []
    private var head = 0
    private var base: UInt64 = 1
    /// Messages that are awaiting their answer, given up ones among them.
    public private(set) var inFlight = 0

    /// Nothing is in flight.
    public init() {}

    /// The message that has waited longest for its answer.
    public var oldest: ID? { head < slots.count ? slots[head]?.id : nil }

    /// The number that the next message has.
    public var nextTag: UInt64 { base &+ UInt64(slots.count &- head) }

    /// A message goes out; answers its number.
    @discardableResult
    public mutating func sent(_ id: ID) -> UInt64 {
        defer {
            slots.append(Slot(id: id))
            inFlight &+= 1
        }
        return nextTag
    }

    /// The broker's basic.ack.
    public mutating func ack(_ tag: UInt64, multiple: Bool) -> [Resolution] {
        resolve(tag, multiple: multiple) { slot in
            slot.returned.map { .returned(code: $0.code, text: $0.text) } ?? .confirmed
        }
    }

    /// The broker's basic.nack.
    public mutating func nack(_ tag: UInt64, multiple: Bool) -> [Resolution] {
        resolve(tag, multiple: multiple) { _ in .nacked }
    }

    /// The broker's basic.return; it carries no number, so the oldest message that matches is the one.
    /// False when none does.
    public mutating func returned(code: UInt16, text: String, where matches: (ID) -> Bool) -> Bool {
        for index in head..<slots.count {
            guard let slot = slots[index], slot.returned == nil, matches(slot.id) else { continue }
            slots[index]?.returned = (code, text)
            return true
        }
        return false
    }

    /// The channel is gone: everything unanswered, oldest first, with what is known. Numbers start again.
    public mutating func drain() -> [Resolution] {
        defer { self = PublisherConfirms() }
        return slots[head...].compactMap { slot in
            slot.map { slot in
                let outcome: PublishOutcome =
                    slot.returned.map { .returned(code: $0.code, text: $0.text) }
                    ?? .unknown(reason: "the channel closed before the answer came")
                return Resolution(id: slot.id, outcome: outcome)
            }
        }
    }

    private mutating func resolve(
        _ tag: UInt64, multiple: Bool, _ outcome: (Slot) -> PublishOutcome
    ) -> [Resolution] {
        // Numbers from the peer may be anything: 0 with multiple means "all", others outside are ignored.
        let end = nextTag
        let last = multiple && tag == 0 ? end &- 1 : tag
        guard last >= base, last < end, let lastIndex = Int(exactly: last &- base) else { return [] }
        let first = multiple ? head : head &+ lastIndex
        var resolved: [Resolution] = []
        for index in first...(head &+ lastIndex) {
            guard let slot = slots[index] else { continue }
            resolved.append(Resolution(id: slot.id, outcome: outcome(slot)))
            slots[index] = nil
            inFlight &-= 1
        }
        trim()
        return resolved
    }

    private mutating func trim() {
        while head < slots.count, slots[head] == nil {
            head &+= 1
            base &+= 1
        }
        if head == slots.count {
            slots.removeAll(keepingCapacity: slots.capacity <= 4096)
            head = 0
        } else if head > 4096, head > slots.count / 2 {
            slots.removeFirst(head)
            head = 0
        }
    }
}

extension PublisherConfirms: Sendable where ID: Sendable {}
extension PublisherConfirms.Slot: Sendable where ID: Sendable {}
extension PublisherConfirms.Resolution: Sendable where ID: Sendable {}
