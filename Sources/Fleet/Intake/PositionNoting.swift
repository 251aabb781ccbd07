internal import Ledger
internal import Models
internal import RabbitMQ
internal import Synchronization

/// Notes on the way how far a queue has been taken, once a second at most and without holding anything up.
final class PositionNoting: DeliverySource {
    private let source: any DeliverySource
    private let queue: String
    private let ledger: Ledger
    private let solitude: Solitude
    private let due = Mutex(ContinuousClock.now)

    init(_ source: any DeliverySource, queue: String, ledger: Ledger, solitude: Solitude) {
        self.source = source
        self.queue = queue
        self.ledger = ledger
        self.solitude = solitude
    }

    func nextBatch() async -> DeliveryBatch? {
        guard let batch = await source.nextBatch() else { return nil }
        // What came back was taken before, and says nothing about what waits.
        if let last = batch.deliveries.last(where: { !$0.redelivered }), isDue() { note(last) }
        return batch
    }

    func settle(_ settlements: [Settlement]) async { await source.settle(settlements) }
    func pause() async { await source.pause() }
    func resume() async { await source.resume() }

    private func isDue() -> Bool {
        due.withLock { due in
            guard due <= .now else { return false }
            due = .now + .seconds(1)
            return true
        }
    }

    /// A ledger that takes no note now takes the next one. Reading may crash the process, so that it waits while a suspect is
    /// tried.
    private func note(_ delivery: Delivery) {
        let takenAt = Timestamp.now().microseconds
        Task { [queue, ledger, solitude] in
            let time = await solitude.enter(alone: false) {
                try? MessageReader().read(Intake(delivery)).envelope.time
            }
            guard let time else { return }
            let position = FlowPosition(queue: queue, takenAt: takenAt, messageTime: time.microseconds)
            try? await ledger.write { try $0.record(position) }
        }
    }
}
