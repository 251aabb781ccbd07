internal import Fleet
internal import Models

/// One rehearsal, step by step: a warm-up that measures the fleet, the outage, the return and the drain, the last orders.
/// What comes of it is in ``record``.
struct RehearsalRun {
    let plan: RehearsalPlan
    let site: RehearsalSite
    let broker: RehearsalBroker
    let erp: RehearsalERP
    let crew: RehearsalCrew
    let store: RehearsedStore
    let gauge: RehearsalGauge
    let ledger: RehearsalLedger
    let quotes: QuoteBook?
    let progress: RehearsalProgress
    let options: RehearsalOptions
    var record = RehearsalRecord()
    var clock = VirtualClock(at: 0, speed: 1)
    var arrivals = ArrivalLog()
    var series = RehearsalSeries()
    /// Messages before the outage, which are none of it.
    var sentBefore = 0
    private let begin = ContinuousClock.now
    private var sampledAt = -1.0

    /// Starts everything, and returns when all workers wait for orders.
    static func prepare(
        _ plan: RehearsalPlan, _ options: RehearsalOptions, on site: RehearsalSite, _ progress: RehearsalProgress
    ) async throws(ProgramError) -> RehearsalRun {
        guard let messages = RehearsedMessages() else { throw RehearsalError.simulator("an order") }
        progress.say("starting \(options.amqpURL == nil ? "a broker, " : "")the simulated ERP and the workers")
        let broker = try await RehearsalBroker.prepare(options.amqpURL, on: site)
        site.atEnd { await broker.leave() }
        let erp = try await RehearsalERP.start(on: site, seed: plan.seed)
        site.atEnd { await erp.close() }
        let settings = RehearsalCrew.Settings(
            brokerURL: broker.url, erpURL: erp.url, ledger: site.folder.file("ledger.db"), prefetch: options.prefetch,
            callPrefetch: options.callPrefetch, outageAfter: options.outageAfter / plan.speed, workers: plan.workers,
            hasStock: plan.stockPerHour > 0, hasQuotes: plan.quotesPerHour > 0)
        let crew = try RehearsalCrew(settings, on: site)
        let store = try await RehearsedStore(broker, plan, messages, site.interruption)
        site.atEnd { await store.close() }
        let quotes = plan.quotesPerHour > 0 ? try QuoteBook(broker) : nil
        let gauge = try RehearsalGauge(broker)
        site.atEnd { await gauge.close() }
        try await quotes?.open()
        try crew.start()
        let run = RehearsalRun(
            plan: plan, site: site, broker: broker, erp: erp, crew: crew, store: store, gauge: gauge,
            ledger: RehearsalLedger(path: settings.ledger), quotes: quotes, progress: progress,
            options: options)
        try await run.waitForWorkers()
        return run
    }

    private init(
        plan: RehearsalPlan, site: RehearsalSite, broker: RehearsalBroker, erp: RehearsalERP, crew: RehearsalCrew,
        store: RehearsedStore, gauge: RehearsalGauge, ledger: RehearsalLedger, quotes: QuoteBook?,
        progress: RehearsalProgress, options: RehearsalOptions
    ) {
        (self.plan, self.site, self.broker, self.erp, self.crew) = (plan, site, broker, erp, crew)
        (self.store, self.gauge, self.ledger, self.quotes) = (store, gauge, ledger, quotes)
        (self.progress, self.options) = (progress, options)
    }

    /// From the first order to the verdict.
    mutating func play() async throws(ProgramError) -> RehearsalReport {
        record.startedAt = .now()
        try await warmUp()
        try await outage()
        try await comeBack()
        try await settle()
        let verdict = try await judge()
        await quotes?.close()
        record.endedAt = .now()
        record.realSeconds = real
        return RehearsalReport(
            plan: plan, record: record, series: series, verdict: verdict, outageAfter: options.outageAfter / .seconds(1)
        )
    }

    // MARK: - What every step needs

    /// Seconds on the real clock since the run began.
    var real: Double { begin.duration(to: .now) / .seconds(1) }

    /// The virtual time.
    var now: Double { clock.time(at: real) }

    /// Whoever ended by itself ends the rehearsal.
    func check() throws(ProgramError) {
        if site.interruption.isRequested { throw RehearsalError.stopped }
        try broker.own?.check()
        try crew.check()
        if let end = erp.program.ended { throw RehearsalError.ended("The simulated ERP", end, erp.program.lastWords) }
    }

    /// Looks at everything, twice a second; says how many messages wait when it has looked.
    @discardableResult
    mutating func sample(always: Bool = false) async throws(ProgramError) -> Int? {
        guard always || real - sampledAt >= 0.5 else { return nil }
        sampledAt = real
        try check()
        guard let backlog = await gauge.backlog() else { return nil }
        let time = now
        let sent = await store.sent - sentBefore
        series.add(
            RehearsalSample(
                time: time, backlog: backlog, sent: sent, oldest: arrivals.oldestAge(waiting: backlog, at: time),
                brokerMemory: broker.own?.process.flatMap { ProcessMemory.resident($0) },
                workerMemory: crew.residentBytes))
        return backlog
    }

    private func waitForWorkers() async throws(ProgramError) {
        let deadline = ContinuousClock.now + .seconds(60)
        while await gauge.consumers(of: RehearsalGauge.orders) ?? 0 < plan.workers {
            try check()
            guard ContinuousClock.now < deadline else { throw RehearsalError.notStarted("An orders-worker", []) }
            try await site.rest(.milliseconds(100))
        }
    }
}
