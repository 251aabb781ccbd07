internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// Consumes one queue whose messages are written into tables: whatever has arrived, in one ledger transaction, then one
/// acknowledgement.
///
/// There is no window of time to fill a batch: what is there is committed, so a quiet queue has the latency of one
/// commit and a busy one the throughput of large groups.
actor ProjectionWorker: FlowWorker {
    private let consumer: any DeliverySource
    private let road: ProjectionRoad
    private let finished: Latch<Void>
    private let metrics: FlowMetrics
    private let logger: Logger
    private let reader = MessageReader()
    private var isAbandoned = false
    private var current: Task<Void, Never>?

    init(
        consumer: any DeliverySource, road: ProjectionRoad, finished: Latch<Void>, metrics: FlowMetrics, logger: Logger
    ) {
        self.consumer = consumer
        self.road = road
        self.finished = finished
        self.metrics = metrics
        self.logger = logger
    }

    /// Returns when the consumer has been stopped and everything in hand is settled.
    ///
    /// While one batch is being committed the next is decoded, so that neither the disk nor the processor waits.
    func run() async {
        while let batch = await consumer.nextBatch() {
            metrics.consumed.add(batch.deliveries.count)
            let items = batch.deliveries.map(decode)
            await current?.value
            metrics.inFlight.set(items.count)
            let task = Task { await handle(items) }
            current = task
            // Nothing else is read while a suspect is on trial.
            if items.contains(where: \.intake.isSuspect) { await task.value }
        }
        await current?.value
        finished.open()
    }

    func abandon() -> Int {
        isAbandoned = true
        current?.cancel()
        return current == nil ? 0 : 1
    }

    private func handle(_ items: [ProjectionRoad.Item]) async {
        for item in items where item.intake.isSuspect { await travel([item]) }
        await travel(items.filter { !$0.intake.isSuspect })
        metrics.inFlight.set(0)
        current = nil
    }

    /// Tries until the group has an ending; only a shutdown gives up, and then nothing is acknowledged.
    private func travel(_ group: [ProjectionRoad.Item]) async {
        guard !group.isEmpty else { return }
        while !isAbandoned {
            do {
                try await road.travel(group)
                await consumer.settle(group.map { .ack($0.intake.delivery.tag) })
                FaultPoint.afterSettle.pass()
                return
            } catch is CancellationError {
                return
            } catch {
                logger.error("blocked", metadata: ["reason": "\(error)", "messages": "\(group.count)"])
                guard (try? await Task.sleep(for: .seconds(2))) != nil else { return }
            }
        }
    }

    private func decode(_ delivery: Delivery) -> ProjectionRoad.Item {
        let intake = Intake(delivery)
        do throws(ContractError) {
            return .init(intake, try reader.read(intake))
        } catch {
            return .init(intake, ContractNames(error, properties: intake.properties), Failure(error))
        }
    }
}
