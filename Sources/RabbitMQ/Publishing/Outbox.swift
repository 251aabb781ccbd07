/// The messages that wait to be sent, first come first served.
struct Outbox {
    /// A message and whose it is.
    struct Item {
        let call: PublishCall
        let index: Int
        let message: EncodedMessage
    }

    private var items: [Item?] = []
    private var head = 0

    var isEmpty: Bool { head == items.count }
    var count: Int { items.count - head }

    mutating func append(_ item: Item) { items.append(item) }

    mutating func popFirst() -> Item? {
        guard head < items.count else { return nil }
        defer {
            items[head] = nil
            head += 1
            if head == items.count {
                // A backlog's room is not kept for ever.
                items.removeAll(keepingCapacity: items.capacity <= 4096)
                head = 0
            } else if head > 4096, head > items.count / 2 {
                items.removeFirst(head)
                head = 0
            }
        }
        return items[head]
    }

    /// Forgets messages whose caller has its answer, and the memory they had.
    mutating func removeFinished() {
        items = items[head...].filter { $0.map { !$0.call.isFinished } ?? false }
        head = 0
    }

    mutating func prepend(_ returned: [Item]) {
        items.replaceSubrange(0..<head, with: returned)
        head = 0
    }
}
