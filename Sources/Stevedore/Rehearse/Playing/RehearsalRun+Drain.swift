internal import Fleet
internal import Models

/// When the ERP is back.
extension RehearsalRun {
    /// The backlog goes, while orders go on arriving. It is played at a speed at which this machine lets the ERP take exactly
    /// what it is declared to take.
    mutating func comeBack() async throws(ProgramError) {
        try await noteBacklog()
        let speed = plan.drainSpeed(fleetCallsPerSecond: record.fleetCallsPerSecond)
        record.drainSpeed = speed
        clock.change(speed: speed, at: real)
        series.returnedAt = now
        let rate = plan.erp.rate * speed
        progress.say("the ERP is back: \(record.projection(plan).formula), played at \(speedText(speed))")
        let before = try await erp.summary()
        try await erp.comeBack(latency: plan.erp.latency(for: rate), atOnce: plan.erp.atOnce)
        try await drain(since: before)
    }

    private mutating func noteBacklog() async throws(ProgramError) {
        record.mostReturns = await gauge.mostReturns()
        // What was looked at is on its way back into the queue.
        try await site.rest(.milliseconds(500))
        record.backlog = try await sample(always: true) ?? series.last?.backlog ?? 0
        record.bytesOfMessage = await store.bytesOfMessage
        record.brokerDisk = broker.own.map { FolderSize.bytes($0.data) }
    }

    private mutating func drain(since before: ERPSummary) async throws(ProgramError) {
        let (returned, limit) = (real, patience)
        var first: Double?
        var traffic = Traffic(plan, from: now)
        while real - returned < limit {
            let due = traffic.due(at: now)
            if due.isNothing { try await site.rest(.milliseconds(10)) } else { try await send(due, &traffic) }
            let backlog = try await sample()
            if first == nil, try await erp.hasWorked(since: before.requests) {
                first = now
                record.noticedAfter = real - returned
            }
            if let first, backlog == 0, try await isDrained() {
                return try await noteDrained(since: first, before)
            }
            progress.tick(status("drain", left: remaining(backlog)))
        }
        progress.say("it has not drained within \(Figure.span(limit)), so the rehearsal goes on without waiting")
    }

    /// What workers have in hand has left the queue and waits all the same; orders that arrive just now always do.
    private func isDrained() async throws(ProgramError) -> Bool {
        try await ledger.pending().unanswered <= plan.erp.atOnce
    }

    private mutating func noteDrained(since first: Double, _ before: ERPSummary) async throws(ProgramError) {
        let seconds = now - first
        series.drainedAt = now
        record.drainSeconds = seconds
        let calls = try await erp.summary().worked - before.worked
        record.drainCallsPerSecond = Double(calls) / max(seconds, 0.001)
    }

    /// On a real clock.
    private func remaining(_ backlog: Int?) -> Double {
        var projection = record.projection(plan)
        projection.backlog = Double(backlog ?? series.last?.backlog ?? 0)
        return (projection.seconds ?? 0) / clock.speed
    }

    /// Three times what it should take, and time for the workers to notice.
    private var patience: Double { (record.projection(plan).seconds ?? 0) / record.drainSpeed * 3 + 120 }

    // MARK: - The end

    /// Until nothing waits anywhere, and nobody has anything in hand: the last look is at a fleet that has ended.
    mutating func settle() async throws(ProgramError) {
        progress.say("the last orders")
        try await store.finishChanges()
        try await erp.flawless()
        let deadline = real + 300
        while real < deadline {
            try await waitUntilQuiet(deadline)
            let stubborn = await crew.stop()
            record.stubborn += stubborn
            let (waiting, pending) = (await gauge.waiting(), try await ledger.pending())
            if waiting == 0, pending.isNone { return }
            try crew.start()
        }
        record.drainSeconds = nil
        _ = await crew.stop()
    }

    private mutating func waitUntilQuiet(_ deadline: Double) async throws(ProgramError) {
        var quiet = 0
        while quiet < 3, real < deadline {
            try check()
            await quotes?.collect()
            let (waiting, pending) = (await gauge.waiting(), try await ledger.pending())
            quiet = waiting == 0 && pending.isNone ? quiet + 1 : 0
            progress.tick("the last orders: \(Count.text(waiting ?? 0, "message")) wait")
            try await site.rest(.milliseconds(200))
        }
    }

    /// Holds what was sent against the ERP's books and the store's tables.
    mutating func judge() async throws(ProgramError) -> RehearsalVerdict {
        progress.say("comparing what was sent with the ERP's books and with what the store shows")
        var standing: [String: RehearsalVerdict.Standing] = [:]
        try await erp.orders { rows in
            for row in rows {
                guard let number = row.storeNumber else { continue }
                standing[number] = .init(revision: row.storeRevision ?? 0, state: row.state)
            }
        }
        var shown: [String: (revision: Int64?, state: String)] = [:]
        try await ledger.shownOrders { orders in
            for order in orders { shown[order.number] = (order.answered, order.state) }
        }
        let book = await store.book
        let doubled = try await erp.summary().duplicates.map(\.storeNumber)
        var verdict = RehearsalVerdict(book: book, erp: standing, doubled: doubled, shown: shown)
        try await addEvidence(to: &verdict)
        record.alerts = try await ledger.alerts().map { RehearsedAlert($0, options.alertRules) }
        (record.orders, record.messages, record.repeats) = (book.count, await store.sent, await store.repeats)
        return verdict
    }

    private mutating func addEvidence(to verdict: inout RehearsalVerdict) async throws(ProgramError) {
        let lost = await gauge.lost()
        let letters = try await ledger.deadLetters()
        verdict.deadLetters = max(lost?.deadLetters ?? 0, letters.reduce(0) { $0 + $1.count })
        record.deadLetterCodes = letters.map(\.code)
        verdict.unrouted = lost?.unrouted ?? 0
        verdict.spentAttempts = try await ledger.spentAttempts()
        verdict.mostReturns = record.mostReturns
        // Each start of a worker and each loss of the broker may give back what was just taken.
        verdict.allowedReturns = 3 + record.kills + record.restarts
        verdict.isDrained = record.drainSeconds != nil
        if plan.stockPerHour > 0 { verdict.staleStock = try await staleStock() }
        await quotes?.collect()
        await quotes?.finish()
        verdict.quotes = await quotes?.tally
    }

    private func staleStock() async throws(ProgramError) -> Int {
        let (sent, shown) = (await store.stock, try await ledger.shownStock())
        return sent.count { shown[$0.key] != $0.value }
    }
}
