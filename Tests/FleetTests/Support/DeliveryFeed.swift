import RabbitMQ

@testable import Fleet

/// A consumer's double: hands out what a test feeds it, and remembers how it was settled.
actor DeliveryFeed: DeliverySource {
    private var batches: [DeliveryBatch] = []
    private var waiter: CheckedContinuation<DeliveryBatch?, Never>?
    private var watchers: [(count: Int, latch: Latch<Void>)] = []
    private var isOver = false
    private(set) var settlements: [Settlement] = []
    private(set) var pauses = 0
    private(set) var resumes = 0

    func feed(_ deliveries: [Delivery]) {
        let batch = DeliveryBatch(deliveries: deliveries)
        guard let waiter else { return batches.append(batch) }
        self.waiter = nil
        waiter.resume(returning: batch)
    }

    func stop() {
        isOver = true
        waiter?.resume(returning: nil)
        waiter = nil
    }

    func nextBatch() async -> DeliveryBatch? {
        if !batches.isEmpty { return batches.removeFirst() }
        return isOver ? nil : await withCheckedContinuation { waiter = $0 }
    }

    func settle(_ settlements: [Settlement]) {
        self.settlements += settlements
        for watcher in watchers where watcher.count <= self.settlements.count { watcher.latch.open() }
    }

    func pause() { pauses += 1 }

    func resume() { resumes += 1 }

    /// Returns once so many deliveries have been settled.
    func settled(_ count: Int) async {
        guard settlements.count < count else { return }
        let latch = Latch<Void>()
        watchers.append((count, latch))
        await latch.wait()
    }
}
