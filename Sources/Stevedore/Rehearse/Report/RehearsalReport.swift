internal import Fleet

/// What a rehearsal has found out: the plan, the measures, and the verdict.
struct RehearsalReport: Sendable {
    let plan: RehearsalPlan
    var record: RehearsalRecord
    let series: RehearsalSeries
    let verdict: RehearsalVerdict
    /// How long an outage must last to be an alert, in seconds of the virtual clock.
    var outageAfter = 120.0

    /// In one line.
    var title: String {
        let outage = Figure.span(plan.outage)
        return verdict.isGood
            ? "\(outage) without the ERP: nothing lost, nothing doubled, nothing wrong"
            : "\(outage) without the ERP: NOT as it should be"
    }

    /// What a person wants to take away, a sentence each.
    var conclusions: [String] {
        [
            projected, measured, fleet,
        ] + notes
    }

    /// With the backlog that was measured.
    var projection: DrainProjection { record.projection(plan) }

    private var projected: String {
        let time = projection.seconds.map { Figure.span($0) } ?? "for ever"
        return
            "With your ERP at \(Figure.decimal(plan.erp.rate)) calls/s, \(Figure.span(plan.outage)) takes \(time) to drain "
            + "on a real clock: \(projection.formula)."
    }

    private var measured: String {
        guard let seconds = record.drainSeconds else { return "It did not drain while the rehearsal waited." }
        let rate = Figure.decimal(record.drainCallsPerSecond)
        let part = Figure.decimal(record.drainCallsPerSecond / plan.erp.rate * 100, 0)
        return
            "Measured: \(Figure.span(seconds)) on the virtual clock, at \(rate) calls/s, \(part) % of what the ERP takes. "
            + "The workers noticed its return after \(Figure.span(record.noticedAfter)) of a real clock."
    }

    private var fleet: String {
        let bears = "The fleet of this machine bears \(Figure.decimal(record.fleetCallsPerSecond, 0)) calls/s"
        return record.fleetCallsPerSecond >= plan.erp.rate
            ? "\(bears), more than your ERP takes: the ERP sets the pace."
            : "\(bears), less than your ERP takes: here the fleet would set the pace."
    }

    /// Whether the drain was slower than both the ERP and this machine's fleet would have let it be.
    private var fellShort: Bool {
        record.drainSeconds != nil && record.fleetCallsPerSecond >= plan.erp.rate
            && record.drainCallsPerSecond < plan.erp.rate * 0.8
    }

    private var notes: [String] {
        var notes: [String] = []
        if fellShort {
            notes.append(
                "The drain was too short, or this machine too busy, for all that the ERP takes at "
                    + "\(Figure.decimal(record.drainSpeed))×: on a real clock the arithmetic is nearer than what was measured."
            )
        }
        if record.isSlowed {
            notes.append(
                "This machine did not follow \(Figure.decimal(plan.speed))×: the outage was played at "
                    + "\(Figure.decimal(record.outageSpeed))× on average.")
        }
        if plan.outage > outageAfter, record.alerts.allSatisfy({ !$0.key.hasPrefix("outage/") }) {
            let span = Figure.span(plan.outage / max(record.outageSpeed, 0.001))
            notes.append(
                "On a real clock the outage would have been an alert (alerts.outage-after is \(Figure.span(outageAfter))); "
                    + "here it was over before alerts-worker said so, within \(span).")
        }
        for label in record.stubborn { notes.append("\(label) did not end by itself and was killed.") }
        return notes
    }

    /// What was measured, by name.
    var measures: [(name: String, value: String)] {
        let peak = series.peak
        var rows = [
            ("orders", "\(Count.grouped(record.orders)) in \(Count.text(record.messages, "message"))"),
            ("backlog", "\(Count.text(record.backlog, "message")), \(Figure.bytes(record.backlogBytes)) of bodies"),
            ("at most", "\(Count.text(peak?.backlog ?? 0, "message")) at \(Figure.clock(peak?.time ?? 0))"),
            ("oldest order", Figure.span(series.oldest)),
        ]
        if let disk = record.brokerDisk { rows.append(("broker's disk", Figure.bytes(Double(disk)))) }
        if let memory = series.brokerPeak {
            rows.append(("broker's memory", Figure.bytes(Double(memory)) + " at most"))
        }
        rows.append(("workers' memory", workerMemory))
        rows.append(("mishaps", "\(Count.text(record.kills, "worker")) killed, broker restarted \(record.restarts)×"))
        rows.append(("sent again", Count.text(record.repeats, "message")))
        rows.append(("took", "\(Figure.span(record.realSeconds)) of a real clock"))
        return rows.map { (name: $0.0, value: $0.1) }
    }

    private var workerMemory: String {
        let most = series.samples.map(\.workerMemory).max() ?? 0
        let each = plan.workers == 1 ? "" : " (\(plan.workers) orders-workers together)"
        let growth = Figure.bytes(Double(series.workerGrowth ?? 0))
        return "\(Figure.bytes(Double(most))) at most\(each), \(growth) of it growth"
    }

    /// The alerts, as sentences.
    var alertHeading: String {
        let count = Count.text(record.alerts.count, "alert")
        let told = record.alerts.count { !$0.told.isEmpty }
        return "\(count) raised, of \(Count.grouped(told)) somebody would have been told by your alerts.rules"
    }
}
