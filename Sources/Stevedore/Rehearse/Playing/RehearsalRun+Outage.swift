internal import Fleet

/// Before the ERP goes, and while it is away.
extension RehearsalRun {
    /// An ordinary time, as fast as it goes: what the fleet of this machine bears.
    mutating func warmUp() async throws(ProgramError) {
        let count = min(2_000, max(100, plan.orders / 10))
        progress.say("warming up with \(Count.text(count, "order")), to see what this machine bears")
        var meter = RateMeter()
        try await store.place(count)
        let deadline = real + 180
        while true {
            try check()
            let worked = try await erp.summary().worked
            meter.add(worked, at: real)
            let (waiting, pending) = (await gauge.waiting(), try await ledger.pending())
            if waiting == 0, pending.isNone { break }
            guard real < deadline else {
                throw RehearsalError.notStarted("The fleet", ["After 180 s it had not worked off \(count) orders."])
            }
            try await site.rest(.milliseconds(50))
        }
        record.fleetCallsPerSecond = meter.perSecond ?? Double(count)
        sentBefore = await store.sent
        progress.say("this machine's fleet bears \(Figure.decimal(record.fleetCallsPerSecond, 0)) calls/s")
    }

    /// The ERP goes; orders go on arriving.
    mutating func outage() async throws(ProgramError) {
        try await erp.goDown()
        clock = VirtualClock(at: real, speed: plan.speed)
        record.outageSpeed = plan.speed
        let wait = Figure.span(plan.realSeconds)
        progress.say("the ERP is away for \(Figure.span(plan.outage)), played in \(wait) (\(speedText(plan.speed)))")
        var mishaps = Mishaps(plan)
        var traffic = Traffic(plan)
        let began = real
        var (mark, markedAt) = (0, began)
        while traffic.orders < plan.orders || now < plan.outage {
            let due = traffic.due(at: now, most: plan.orders)
            if due.isNothing { try await site.rest(.milliseconds(10)) } else { try await send(due, &traffic) }
            try await sample()
            if let borne = borneSpeed(traffic.orders, since: mark, at: markedAt) {
                slowDown(to: borne, orders: traffic.orders)
                (mark, markedAt) = (traffic.orders, real)
            } else if let faster = fasterSpeed(traffic.orders, since: markedAt) {
                speedUp(to: faster)
                (mark, markedAt) = (traffic.orders, real)
            }
            if let mishap = mishaps.next(after: traffic.orders) {
                try await strike(mishap)
                (mark, markedAt) = (traffic.orders, real)
            }
            progress.tick(status("outage", left: (plan.outage - now) / clock.speed))
        }
        if record.isSlowed { record.outageSpeed = now / max(real - began, 0.001) }
    }

    /// Sends what is due.
    mutating func send(_ due: Traffic.Due, _ traffic: inout Traffic) async throws(ProgramError) {
        let messages = try await store.place(due.orders)
        arrivals.add(messages, at: now)
        if due.stock > 0 { try await store.restock(due.stock) }
        if due.questions > 0, let quotes { try await store.ask(due.questions, in: quotes) }
        await quotes?.collect()
        traffic.sent(due)
    }

    func speedText(_ speed: Double) -> String { "\(Figure.decimal(speed))×" }

    func status(_ phase: String, left: Double) -> String {
        let last = series.last
        return "\(phase)  \(Figure.clock(now))  \(Count.grouped(last?.backlog ?? 0)) wait, the oldest for "
            + "\(Figure.span(last?.oldest ?? 0))  about \(Figure.span(max(0, left))) to go"
    }

    // MARK: - When the machine does not follow

    private func borneSpeed(_ orders: Int, since mark: Int, at markedAt: Double) -> Double? {
        let due = min(plan.orders, Int(now * plan.ordersPerSecond))
        return SpeedGovernor().lowered(
            due: due, sent: orders, rate: Double(orders - mark) / max(real - markedAt, 0.001),
            ordersPerSecond: plan.ordersPerSecond, speed: clock.speed)
    }

    private func fasterSpeed(_ orders: Int, since markedAt: Double) -> Double? {
        SpeedGovernor().raised(
            behind: min(plan.orders, Int(now * plan.ordersPerSecond)) - orders, for: real - markedAt,
            ordersPerSecond: plan.ordersPerSecond, speed: clock.speed, wanted: plan.speed)
    }

    private mutating func speedUp(to speed: Double) {
        clock.change(speed: speed, at: real)
        progress.say("this machine follows: going on at \(speedText(speed))")
    }

    /// The clock goes back to what has really been sent.
    private mutating func slowDown(to speed: Double, orders: Int) {
        clock.change(speed: speed, at: real, virtual: Double(orders) / plan.ordersPerSecond)
        record.isSlowed = true
        progress.say(
            "this machine does not publish \(Figure.decimal(plan.ordersPerSecond * plan.speed, 0)) orders/s: "
                + "going on at \(speedText(speed))")
    }

    // MARK: - Mishaps

    /// The clock stands still meanwhile: a store that cannot send does not lose what it has.
    private mutating func strike(_ mishap: Mishaps.Kind) async throws(ProgramError) {
        let time = now
        switch mishap {
        case .worker:
            try await crew.killOne()
            record.kills += 1
        case .broker:
            progress.say("the broker is killed and started again")
            try await broker.own?.restart()
            try await store.reconnect()
            record.restarts += 1
        }
        clock.change(speed: clock.speed, at: real, virtual: time)
    }
}
