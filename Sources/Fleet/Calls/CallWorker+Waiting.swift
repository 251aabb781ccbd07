internal import Ledger
internal import Models
internal import RabbitMQ

// How messages wait inside the worker, and how they leave it when they wait for too long.
extension CallWorker {
    func park(_ work: CallWork, subject: String, for delay: Duration?) async {
        if isStopping || pause != nil {
            held.finishedParked(work, subject: subject)
            guard !work.isAhead else { return }
            guard let pause, !isStopping else { return await putBack([work.intake]) }
            return await returnUnstarted([work.intake], pause)
        }
        held.park(work, subject: subject, for: delay) { await self.unpark($0) }
        startReady()
    }

    private func unpark(_ id: Int) {
        held.unpark(id, isStale: isStale)
        startReady()
    }

    private func isStale(_ work: CallWork) -> Bool { road.epoch.isStale(work.intake) }

    /// The ledger takes nothing: this message waits for it, and nothing is begun that would only wait as well.
    func block(_ work: CallWork, subject: String, _ failure: Failure) async {
        isBlocked = pause == nil
        await park(work, subject: subject, for: nil)
        await outage.begin(.ledger(failure))
    }

    /// The flow goes on.
    func goOn() {
        isBlocked = false
        pause = nil
        held.unparkBlocked(isStale: isStale)
        startReady()
    }

    // MARK: - Giving back

    /// The flow stands still for long: whatever has not begun goes back.
    func giveBackHeld(_ cause: PauseCause) async {
        pause = cause
        await returnUnstarted(held.takeAll(), cause)
    }

    func putBack(_ intakes: [Intake]) async {
        guard !intakes.isEmpty else { return }
        await consumer.settle(intakes.map { .requeue($0.delivery.tag) })
    }

    /// Gives messages back that have not begun. Each return counts towards the broker's delivery limit, so that a copy is
    /// returned once; the second time it leaves as a new copy, unless the ledger is away, which has to note that.
    private func returnUnstarted(_ intakes: [Intake], _ failure: Failure, isLedgerAway: Bool) async {
        await putBack(intakes.filter { isLedgerAway || !$0.wasReturned })
        for intake in intakes where !isLedgerAway && intake.wasReturned {
            takeAway(
                .init(
                    intake: intake, names: ContractNames(announcedBy: intake), failure: failure,
                    way: .giveBack(.fiveSeconds)))
        }
    }

    func returnUnstarted(_ intakes: [Intake], _ cause: PauseCause) async {
        await returnUnstarted(intakes, cause.failure, isLedgerAway: cause.isLedger)
    }

    /// Sends a message to another queue that is in the schedule no more.
    func takeAway(_ way: CallEnding.Detour) {
        launch(way.intake, isOnDetour: true) { worker, _ in
            let ending = await worker.road.take(way)
            if case .settled = ending {
                await worker.consumer.settle([.ack(way.intake.delivery.tag)])
            } else {
                await worker.giveUp(.suspect(way.intake), ending)
            }
        }
    }

    // MARK: - Bounds

    /// The broker delivers again whatever came on an older connection.
    func forgetStale() {
        _ = held.takeAll(where: isStale)
        for one in running.values where one.isOnDetour && road.epoch.isStale(one.intake) { one.task.cancel() }
    }

    /// Nothing is held for as long as the broker's consumer time-out.
    func sweep() async {
        while (try? await Task.sleep(for: limits.sweep)) != nil {
            let now = ContinuousClock.now
            road.gate.turnAwayOverdue(now)
            for one in running.values where one.isOnDetour && now - one.intake.receivedAt >= limits.detour {
                one.task.cancel()
            }
            let overdue = held.takeAll { now - $0.intake.receivedAt >= limits.waiting }
            guard !overdue.isEmpty else { continue }
            await returnUnstarted(overdue, .heldTooLong, isLedgerAway: isBlocked)
        }
    }
}
