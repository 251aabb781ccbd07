internal import RabbitMQ

/// A queue of letters, read from its front to its end.
///
/// What is taken and not acknowledged is given back in its order; dead-letter queues are declared so that the broker never
/// drops a letter for having been looked at.
final class EraseQueue {
    let name: String
    private let admin: BrokerAdmin
    /// Taken and not settled, in the order in which they lay.
    private var held: [DeliveryTag] = []
    private var settled: Set<DeliveryTag> = []
    private static let burst: UInt16 = 100
    /// Somebody else held letters of it, or consumes from it: some may not have been handed out.
    private(set) var isShared = false

    /// Nil when there is no such queue.
    /// - Parameter patience: How long to wait for others to give back what they hold. Who just looks is soon through, and the
    ///   broker takes a moment to notice that a program was killed.
    init?(_ name: String, _ admin: BrokerAdmin, patience: Duration = .seconds(5)) async throws(BrokerError) {
        guard try await admin.status(ofQueue: name) != nil else { return nil }
        (self.name, self.admin) = (name, admin)
        isShared = try await !isAlone(within: patience)
    }

    /// Whether nobody else has anything of it in hand. The broker counts whoever holds a message of a quorum queue among its
    /// consumers; asked only while nothing is held here.
    private func isAlone(within patience: Duration) async throws(BrokerError) -> Bool {
        let deadline = ContinuousClock.now + patience
        while try await (admin.status(ofQueue: name)?.consumerCount ?? 0) > 0 {
            guard ContinuousClock.now < deadline else { return false }
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return false }
        }
        return true
    }

    /// The next letters; none at the end.
    func next() async throws(BrokerError) -> [Delivery] {
        let taken = try await admin.take(upTo: Self.burst, queue: name)
        held += taken.map(\.tag)
        return taken
    }

    /// Takes letters off for good, once there are copies of them.
    ///
    /// The broker keeps acknowledgements of a quorum queue back when more than 32 are on their way, and forgets those when
    /// the channel closes. The get passes through the queue's log behind them, so they are safe when it returns.
    func acknowledge(_ letters: [Delivery]) async throws(BrokerError) {
        guard !letters.isEmpty else { return }
        settled.formUnion(letters.map(\.tag))
        try await admin.settle(letters.map { .ack($0.tag) })
        if let next = try await admin.get(queue: name) { passed.append(next) }
    }

    /// Letters that a get brought along.
    private var passed: [Delivery] = []

    /// Those, each once.
    func takePassed() -> [Delivery] {
        defer { passed = [] }
        held += passed.map(\.tag)
        return passed
    }

    /// Gives everything back that was not acknowledged: a few at a time, because what the broker has to hold back it returns
    /// in any order, as it does when the connection just closes.
    func giveBack() async throws(BrokerError) {
        _ = takePassed()
        // What was given back by somebody else lies in front, and would come to lie behind.
        while !held.isEmpty, try await next().last?.redelivered == true {}
        held.removeAll { settled.contains($0) }
        let few = 16
        for start in stride(from: 0, to: held.count, by: few) {
            let tags = held[start..<min(start + few, held.count)]
            let before = try await readyCount()
            try await admin.settle(tags.map { .requeue($0) })
            try await waitForReady(before + tags.count)
        }
        (held, settled) = ([], [])
        // Who came meanwhile may have taken letters before they were reached here.
        if try await !isAlone(within: .milliseconds(500)) { isShared = true }
    }

    /// Waits until the queue has as many letters again. Others may take some meanwhile, so not for long.
    private func waitForReady(_ count: Int) async throws(BrokerError) {
        let deadline = ContinuousClock.now + .seconds(1)
        while try await readyCount() < count, .now < deadline {
            guard (try? await Task.sleep(for: .milliseconds(1))) != nil else { return }
        }
    }

    private func readyCount() async throws(BrokerError) -> Int {
        try await admin.status(ofQueue: name)?.messageCount ?? 0
    }
}
