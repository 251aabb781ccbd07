internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// Consumes one queue whose messages are written into tables: whatever has arrived, in one ledger transaction, then one
/// acknowledgement.
///
/// There is no window of time to fill a batch: what is there is committed, so a quiet queue has the latency of one
/// commit and a busy one the throughput of large groups. Only large messages are committed fewer at a time. What was not applied leaves by tasks of its own, so that a
/// dead-letter queue out of reach holds back nothing but its own letters.
actor ProjectionWorker: FlowWorker {
    private let consumer: any DeliverySource
    private let road: ProjectionRoad
    private let ledgerWatch: LedgerWatch
    private let finished: Latch<Void>
    private let metrics: FlowMetrics
    private let logger: Logger
    private let reader = MessageReader()
    private var isAbandoned = false
    private var current: Task<Void, Never>?
    /// Messages on their way elsewhere. Each is unacknowledged, so there are never more than the prefetch.
    private var detours: [Int: Task<Void, Never>] = [:]
    private var nextDetour = 0

    init(
        consumer: any DeliverySource, road: ProjectionRoad, ledgerWatch: LedgerWatch, finished: Latch<Void>,
        metrics: FlowMetrics, logger: Logger
    ) {
        self.consumer = consumer
        self.road = road
        self.ledgerWatch = ledgerWatch
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
            let intakes = batch.deliveries.map(Intake.init)
            let suspects = intakes.filter(\.isSuspect)
            let items = await read(intakes.filter { !$0.isSuspect })
            await current?.value
            metrics.inFlight.set(intakes.count)
            let task = Task { await handle(suspects, items) }
            current = task
            // Nothing else is read while a suspect is on trial.
            if !suspects.isEmpty { await task.value }
        }
        await current?.value
        while let detour = detours.first { await detour.value.value }
        await ledgerWatch.cancel()
        finished.open()
    }

    /// Reading may crash the process as writing may, so that nothing is read while a suspect of any flow is tried.
    private func read(_ intakes: [Intake]) async -> [ProjectionRoad.Item] {
        guard !intakes.isEmpty else { return [] }
        await road.probation.solitude.acquire(alone: false)
        defer { road.probation.solitude.release() }
        return intakes.map { ProjectionRoad.Item(reading: $0, with: reader) }
    }

    func abandon() -> Int {
        isAbandoned = true
        current?.cancel()
        for detour in detours.values { detour.cancel() }
        return (current == nil ? 0 : 1) + detours.count
    }

    private func handle(_ suspects: [Intake], _ items: [ProjectionRoad.Item]) async {
        for suspect in await letGo(suspects) {
            await bring([suspect]) { [road, ledgerWatch] in
                let strays = try await road.travel(suspect: suspect)
                await ledgerWatch.worked()
                return strays
            }
        }
        for group in ProjectionRoad.groups(of: items) {
            await bring(group.map(\.intake)) { [road, ledgerWatch] in
                let strays = try await road.travel(group)
                await ledgerWatch.worked()
                return strays
            }
        }
        metrics.inFlight.set(0)
        current = nil
    }

    /// Every crash while a suspect is tried counts against the others, so whoever is near the broker's limit leaves first.
    /// Returns those that stay.
    private func letGo(_ suspects: [Intake]) async -> [Intake] {
        await withTaskGroup(of: (Intake, hasLeft: Bool).self) { [road] group in
            for suspect in suspects where suspect.isNearDeliveryLimit {
                group.addTask { (suspect, await road.detour.letGo(suspect)) }
            }
            var staying = suspects.filter { !$0.isNearDeliveryLimit }
            for await (suspect, hasLeft) in group {
                if hasLeft { await settle([suspect], except: []) } else { staying.append(suspect) }
            }
            return staying
        }
    }

    /// Tries until the messages have an ending; only a shutdown gives up, and then nothing is acknowledged. A ledger or a
    /// queue that is out of reach for long gets them back to their own queue.
    private func bring(
        _ intakes: [Intake], _ travel: @Sendable () async throws -> [ProjectionRoad.Stray]
    ) async {
        while !isAbandoned {
            do {
                return await settle(intakes, except: try await travel())
            } catch is CancellationError {
                return
            } catch let unplaced as ConfirmedPublisher.Unplaced {
                logger.error("given back", metadata: ["reason": "\(unplaced.reason)"])
                return await giveBack(intakes)
            } catch {
                switch await ledgerWatch.blocked(by: error) {
                case .wait(let delay): guard (try? await Task.sleep(for: delay)) != nil else { return }
                case .giveBack: return await giveBack(intakes)
                }
            }
        }
    }

    private func settle(_ intakes: [Intake], except strays: [ProjectionRoad.Stray]) async {
        let straying = Set(strays.map(\.intake.delivery.tag))
        let ended = straying.isEmpty ? intakes : intakes.filter { !straying.contains($0.delivery.tag) }
        if !ended.isEmpty {
            for intake in ended { FaultPoint.beforeSettle.pass(intake.announcedSubject) }
            await consumer.settle(ended.map { .ack($0.delivery.tag) })
            for intake in ended { FaultPoint.afterSettle.pass(intake.announcedSubject) }
        }
        for stray in strays { detour(stray) }
    }

    private func giveBack(_ intakes: [Intake]) async {
        await consumer.settle(intakes.map { .requeue($0.delivery.tag) })
    }

    private func detour(_ stray: ProjectionRoad.Stray) {
        nextDetour += 1
        detours[nextDetour] = Task { [number = nextDetour] in
            await bring([stray.intake]) { [road] in
                try await road.detour.take(stray.intake, names: stray.names, failure: stray.failure)
                return []
            }
            detours[number] = nil
        }
    }
}
