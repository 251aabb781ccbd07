internal import Logging
internal import Models

// What cannot wait for its turn: with thousands in the queue, what this worker holds is but the first of them.
extension CallWorker {
    /// Looks for it from time to time, while the flow goes.
    func lookAhead() async {
        guard road.knowsUrgency else { return }
        while (try? await Task.sleep(for: limits.ahead)) != nil { await callAhead() }
    }

    /// Some more than may be called for at once, so that there is always one to go on with.
    private var roomAhead: Int { road.gate.limit * 2 }

    private var mayCall: Bool { !isStopping && !isBlocked && pause == nil && road.gate.refusal == nil }

    private func callAhead() async {
        let most = roomAhead
        guard mayCall, !isLookingAhead, held.ahead <= most / 2 else { return }
        isLookingAhead = true
        defer { isLookingAhead = false }
        do {
            let found = try await road.pressing(
                atMost: most - held.ahead, above: held.schedule.lowestUrgency, except: held.schedule.subjects)
            guard mayCall, !found.isEmpty else { return }
            let unreadable = await take(found)
            if !unreadable.isEmpty { try await road.endPressing(unreadable) }
        } catch {
            guard !Task.isCancelled, !isStopping else { return }
            logger.warning("not looked for what cannot wait", metadata: ["reason": "\(error)"])
        }
    }

    /// Takes in what can be read, and returns the rest. Nothing is read while a suspect is tried.
    private func take(_ found: [(one: Pressing, body: [UInt8]?)]) async -> [Pressing] {
        await road.probation.solitude.acquire(alone: false)
        let works = found.map { one, body in
            (one, body.flatMap { CallWork(one, body: $0, epoch: road.epoch.current, with: reader) })
        }
        road.probation.solitude.release()
        guard mayCall else { return [] }
        let now = Timestamp.now().microseconds
        // What was delivered meanwhile, or has begun, is not taken twice.
        let taken = held.schedule.subjects
        for case (let one, let work?) in works where !taken.contains(work.subject) {
            held.add(work, urgency: one.urgency.value(at: now))
        }
        startReady()
        return works.filter { $0.1 == nil }.map { $0.0 }
    }

    /// Its delivery comes in any case: of whatever comes of this try, only what stops the flow is of consequence.
    func finishAhead(_ work: CallWork, subject: String, _ ending: CallEnding) async {
        if case .later(let delay, let mayHaveBeenCalled) = ending {
            held.schedule.parked()
            return await park(mayHaveBeenCalled ? work.interrupted : work, subject: subject, for: delay)
        }
        held.finishedAhead(subject: subject)
        switch ending {
        case .settled:
            startReady()
            await callAhead()
        case .detour(let way):
            if let cause = way.pause { await outage.begin(cause) }
            await leave(work, because: way.failure.sentence, isOver: way.pause == nil)
        case .blocked(let failure):
            isBlocked = pause == nil
            await outage.begin(.ledger(failure))
        case .returned: await leave(work, because: "its flow stands still, or its worker stops", isOver: false)
        case .later, .abandoned: break
        }
    }

    private func leave(_ work: CallWork, because reason: String, isOver: Bool) async {
        do {
            try await road.leaveToItsTurn(work, because: reason, isOver: isOver)
        } catch {
            guard !isStopping else { return }
            logger.warning(
                "not noted that a message waits for its turn", metadata: work.names.metadata(["reason": "\(error)"]))
        }
    }
}
