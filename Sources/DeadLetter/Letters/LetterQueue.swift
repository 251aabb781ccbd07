internal import DequeModule
internal import Fleet
internal import Models
internal import RabbitMQ

/// One queue of letters, read from its front.
///
/// What is taken and not acknowledged is given back at the end; dead-letter queues are declared so that the broker never
/// drops a letter for having been looked at.
final class LetterQueue {
    private let source: LetterSource
    private let admin: BrokerAdmin
    /// So many are taken at once, fewer of large ones; 0 takes one by one.
    private let burst: UInt16
    private var nextBurst: UInt16 = 10
    private let reader = MessageReader()
    /// Taken and not settled, in the order in which they lay.
    private var held: [DeliveryTag] = []
    /// The first of each burst of them. The broker has a reader for each burst, and what goes back from two of them at once
    /// it puts back in any order.
    private var seams: Set<DeliveryTag> = []
    /// Those of them that have been settled since; cleared out when they are many.
    private var settled: Set<DeliveryTag> = []
    private var waiting: Delivery?
    /// Taken, and behind the one that waits.
    private var ahead: Deque<Delivery> = []
    private var heldSince: ContinuousClock.Instant?
    /// The burst that follows, while what was handed out is dealt with.
    private var coming: Task<Result<[Delivery], BrokerError>, Never>?
    /// Whether the broker may have acknowledgements yet to work off.
    private var isUnsafe = false

    /// Nil when there is no such queue.
    init?(_ source: LetterSource, admin: BrokerAdmin, burst: UInt16 = 0) async throws(BrokerError) {
        guard try await admin.status(ofQueue: source.queue) != nil else { return nil }
        self.burst = burst
        self.source = source
        self.admin = admin
    }

    /// The next letter.
    func next() async throws(BrokerError) -> Letter? {
        try await look()
        guard let delivery = waiting else { return nil }
        waiting = nil
        return Letter(delivery, source: source, reader: reader)
    }

    /// The next letters, as many as are at hand.
    /// - Parameter isReadingOn: whether those behind them may be taken meanwhile, because they will be wanted as well.
    func nextMany(isReadingOn: Bool = false) async throws(BrokerError) -> [Letter] {
        try await look()
        let deliveries = [waiting].compactMap { $0 } + ahead
        (waiting, ahead) = (nil, [])
        if isReadingOn, burst > 0, !deliveries.isEmpty { readOn() }
        return deliveries.map { Letter($0, source: source, reader: reader) }
    }

    /// Takes letters off the queue for good.
    ///
    /// The broker keeps acknowledgements of a quorum queue back when more than 32 are on their way, and forgets those
    /// when the channel closes. The next get passes through the queue's log behind them, so they are safe when it returns.
    /// Who takes in bursts waits for that only before the end, in `giveBack`.
    func acknowledge(_ letters: [Letter]) async throws(BrokerError) {
        guard !letters.isEmpty else { return }
        settled.formUnion(letters.map(\.tag))
        if settled.count * 2 > held.count { forgetSettled() }
        try await admin.settle(letters.map { .ack($0.tag) })
        guard burst > 0 else { return try await look() }
        isUnsafe = true
    }

    /// Gives everything back that was not acknowledged, in its order: a few commands at a time, because what the broker has
    /// to hold back it returns in any order, as it does when the connection just closes.
    func giveBack() async throws(BrokerError) {
        hold(try await arrived())
        try await awaitAcknowledgements()
        try await takeWhatWasGivenBackBefore()
        forgetSettled()
        let (few, portions) = (16, portions)
        for start in stride(from: 0, to: portions.count, by: few) {
            let now = portions[start..<min(start + few, portions.count)]
            let before = try await readyCount()
            for portion in now { try await admin.giveBack(portion) }
            try await waitForReady(now.reduce(before) { $0 + $1.count })
        }
        (held, seams) = ([], [])
        waiting = nil
        ahead = []
        heldSince = nil
    }

    /// How many the broker counts among the queue's consumers because of what is held here, as long as nothing of it was
    /// acknowledged.
    var readers: Int { seams.count }

    /// Whether anything has been held for so long.
    func hasHeld(for limit: Duration) -> Bool { heldSince.map { .now - $0 > limit } ?? false }

    /// What goes back with one command each: neighbours of one burst.
    private var portions: [ArraySlice<DeliveryTag>] {
        var (portions, start): ([ArraySlice<DeliveryTag>], Int) = ([], 0)
        for index in held.indices.dropFirst() {
            let isNext = held[index].value == held[index - 1].value + 1 && !seams.contains(held[index])
            guard !isNext || index - start == BrokerAdmin.returnedAtOnce else { continue }
            portions.append(held[start..<index])
            start = index
        }
        if start < held.count { portions.append(held[start...]) }
        return portions
    }

    private func awaitAcknowledgements() async throws(BrokerError) {
        guard isUnsafe else { return }
        if let next = try await admin.get(queue: source.queue) { hold([next]) }
        isUnsafe = false
    }

    private func readOn() {
        let (admin, queue, limit) = (admin, source.queue, min(burst, nextBurst))
        coming = Task {
            do throws(BrokerError) {
                return .success(try await admin.take(upTo: limit, queue: queue))
            } catch {
                return .failure(error)
            }
        }
    }

    /// What was read on; empty when nothing was.
    private func arrived() async throws(BrokerError) -> [Delivery] {
        guard let coming else { return [] }
        self.coming = nil
        return try await coming.value.get()
    }

    private func forgetSettled() {
        held.removeAll { settled.contains($0) }
        // The first of a burst may be gone: its neighbours lie behind a gap then.
        seams.subtract(settled)
        settled = []
    }

    /// What is given back lies before what nobody has taken yet, but behind whatever was given back earlier: without those
    /// behind it, it would come to lie after them.
    private func takeWhatWasGivenBackBefore() async throws(BrokerError) {
        guard !held.isEmpty else { return }
        try await look()
        while waiting?.redelivered == true {
            waiting = nil
            try await look()
        }
    }

    /// Waits until the queue has as many letters again. Others may take some meanwhile, so not for long.
    private func waitForReady(_ count: Int) async throws(BrokerError) {
        let deadline = ContinuousClock.now + .seconds(1)
        while try await readyCount() < count, .now < deadline {
            guard (try? await Task.sleep(for: .milliseconds(1))) != nil else { return }
        }
    }

    private func readyCount() async throws(BrokerError) -> Int {
        try await admin.status(ofQueue: source.queue)?.messageCount ?? 0
    }

    private func look() async throws(BrokerError) {
        guard waiting == nil else { return }
        if ahead.isEmpty {
            if burst > 0 {
                // What was read on may have found the queue empty that others have filled since.
                var deliveries = try await arrived()
                if deliveries.isEmpty {
                    deliveries = try await admin.take(upTo: min(burst, nextBurst), queue: source.queue)
                }
                nextBurst = min(Self.count(after: deliveries), min(nextBurst, burst) * 4)
                hold(deliveries)
            } else if let next = try await admin.get(queue: source.queue) {
                hold([next])
            }
        }
        waiting = ahead.popFirst()
    }

    /// About 8 MiB.
    private static func count(after deliveries: [Delivery]) -> UInt16 {
        let bytes = deliveries.reduce(0) { $0 + $1.body.count }
        return UInt16(clamping: max(10, (8 << 20) / max(1, bytes / max(1, deliveries.count))))
    }

    private func hold(_ deliveries: [Delivery]) {
        guard !deliveries.isEmpty else { return }
        ahead += deliveries
        seams.insert(deliveries[0].tag)
        held += deliveries.map(\.tag)
        heldSince = heldSince ?? .now
    }
}
