internal import Fleet
internal import Ledger
internal import RabbitMQ

/// One call of `dead-letter replay` or `discard`: the plan, every queue it touches, one publisher, one count.
struct ErrandRun {
    let errand: LetterErrand
    let configuration: Configuration
    private let interruption = Interruption()

    init(_ errand: LetterErrand, _ configuration: Configuration) {
        self.errand = errand
        self.configuration = configuration
    }

    /// What the call has found and done so far.
    private struct Progress {
        var selection: ReplaySelection
        var counts = ReplayCounts()
        var plan: ReplayPlan?
        var pace: Pace?
    }

    func run() async throws(ProgramError) {
        let ledger = try await openLedger()
        let listening = await interruption.listen()
        defer { listening.cancel() }
        var progress = Progress(selection: ReplaySelection(ids: errand.ids, filter: errand.filter))
        progress.plan = try await plan(ledger)
        try await approve(progress.plan)
        do throws(ProgramError) {
            try await work(ledger, &progress)
        } catch {
            report(progress)
            throw error
        }
        await ledger?.close()
        report(progress)
        try conclude(progress)
        try await expectNoneHeld(progress.selection)
    }

    // MARK: - Before anything moves

    private func openLedger() async throws(ProgramError) -> ReplayLedger? {
        if !LedgerFile.exists(configuration) && (errand.withoutLedger || errand.isDryRun) { return nil }
        return try await ReplayLedger.open(configuration)
    }

    /// What would come of each letter; nil where only the queues know the letters.
    private func plan(_ ledger: ReplayLedger?) async throws(ProgramError) -> ReplayPlan? {
        guard errand.deed == .replay, let ledger, errand.filter.sources != [.unrouted] else { return nil }
        let plan = try await PlanReader(ledger: ledger, interruption: interruption).read(errand)
        guard !errand.isJSON, !plan.isEmpty else { return plan }
        Terminal.write(plan.text(width: Terminal.width(of: .error)), to: .error)
        return plan
    }

    private func approve(_ plan: ReplayPlan?) async throws(ProgramError) {
        guard errand.ids.isEmpty, !errand.isDryRun, !errand.isApproved else { return }
        let browser = LetterBrowser(configuration: configuration)
        let count = if let plan { plan.total } else { try await browser.count(errand.filter.sources) }
        guard count > LetterErrand.unasked else { return }
        try Approval.ask("\(errand.deed.verb) \(Count.text(count, "letter"))")
    }

    // MARK: - The work

    private func work(_ ledger: ReplayLedger?, _ progress: inout Progress) async throws(ProgramError) {
        // Connects first for the sentence why not: a publisher would wait for an absent broker.
        try await BrokerDesk.withAdmin(configuration, "dead-letter") { _ throws(BrokerError) in }
        let publisher =
            errand.isDryRun || errand.deed == .discard
            ? nil : try await BrokerDesk.publisher(try BrokerDesk.configuration(configuration, "dead-letter-publish"))
        progress.pace = errand.rate.map { Pace(perSecond: $0) }
        do throws(ProgramError) {
            for source in errand.filter.sources where !interruption.isRequested {
                try await work(source, deed(publisher, ledger), ledger, &progress)
            }
        } catch {
            await publisher?.close()
            throw error
        }
        await publisher?.close()
    }

    private func work(
        _ source: LetterSource, _ deed: (any LetterDeed)?, _ ledger: ReplayLedger?, _ progress: inout Progress
    ) async throws(ProgramError) {
        let admin = try BrokerDesk.admin(try BrokerDesk.configuration(configuration, "dead-letter"))
        do throws(ProgramError) {
            if let queue = try await open(source, admin) {
                let run = try await letterRun(source, deed, ledger, admin)
                try await run.run(queue, &progress.selection, &progress.counts, pace: &progress.pace)
            }
        } catch {
            await admin.close()
            throw error
        }
        await admin.close()
    }

    private func deed(_ publisher: Publisher?, _ ledger: ReplayLedger?) -> (any LetterDeed)? {
        guard !errand.isDryRun else { return nil }
        switch errand.deed {
        case .discard: return ledger.map { DiscardDeed(ledger: $0, order: errand.order) }
        case .replay:
            return publisher.map {
                ReplayDeed(publisher: ReplayPublisher(publisher: $0), ledger: ledger, order: errand.order)
            }
        }
    }

    private func letterRun(
        _ source: LetterSource, _ deed: (any LetterDeed)?, _ ledger: ReplayLedger?, _ admin: BrokerAdmin
    ) async throws(ProgramError) -> ReplayRun {
        var run = ReplayRun(deed: deed, ledger: ledger, order: errand.order, interruption: interruption)
        run.isJudged = errand.deed == .replay && source != .unrouted
        run.isForced = errand.isForced
        run.watch = try await watch(source, ledger, admin)
        run.isDone = { !errand.ids.isEmpty && $0.missing.isEmpty }
        return run
    }

    /// Where nobody takes letters from their flow, nothing comes of them for now.
    private func watch(
        _ source: LetterSource, _ ledger: ReplayLedger?, _ admin: BrokerAdmin
    ) async throws(ProgramError) -> OutcomeWatch? {
        guard errand.deed == .replay, !errand.isDryRun, source != .unrouted, let ledger,
            let patience = errand.patience, try await hasWorkers(source, admin)
        else { return nil }
        return OutcomeWatch(ledger: ledger, interruption: interruption, patience: patience)
    }

    private func hasWorkers(_ source: LetterSource, _ admin: BrokerAdmin) async throws(ProgramError) -> Bool {
        do throws(BrokerError) {
            return (try await admin.status(ofQueue: source.flow)?.consumerCount ?? 0) > 0
        } catch {
            throw ProgramError(error)
        }
    }

    private func open(_ source: LetterSource, _ admin: BrokerAdmin) async throws(ProgramError) -> LetterQueue? {
        do throws(BrokerError) {
            return try await LetterQueue(source, admin: admin)
        } catch {
            throw ProgramError(error)
        }
    }

    // MARK: - The end

    private func report(_ progress: Progress) {
        guard errand.isJSON else {
            let text = progress.counts.sentence(errand.deed.verb, isDryRun: errand.isDryRun)
            return Terminal.say(text.prefix(1).uppercased() + text.dropFirst() + ".")
        }
        var json = progress.counts.json(
            errand.deed.member, isDryRun: errand.isDryRun, missing: progress.selection.missing)
        if let plan = progress.plan { json = json.adding("plan", plan.json) }
        Terminal.say(json.compact)
    }

    private func conclude(_ progress: Progress) throws(ProgramError) {
        if interruption.isRequested { throw .stopped }
        guard progress.selection.missing.isEmpty else { throw .missing(progress.selection.missing) }
        guard progress.selection.unwanted.isEmpty else { throw .unwanted(progress.selection.unwanted) }
        if progress.counts.cameBack > 0 && errand.filter.sources == [.unrouted] {
            throw .stillUnrouted(progress.counts.cameBack)
        }
        if !errand.ids.isEmpty, !errand.isDryRun, let kind = progress.counts.left.keys.first {
            throw .leftBehind(kind, verb: errand.deed.verb)
        }
    }

    /// Another command that looks into a queue holds its letters meanwhile, and this one sees nothing of them.
    private func expectNoneHeld(_ selection: ReplaySelection) async throws(ProgramError) {
        guard errand.ids.isEmpty && selection.found.isEmpty else { return }
        let query = errand.filter.query(state: .open)
        let known = try await LedgerFile.read(configuration) { try $0.deadLetterCount(query) }
        guard let known, known > 0 else { return }
        throw .held(known)
    }
}
