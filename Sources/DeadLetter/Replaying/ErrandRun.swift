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
        var progress = Progress(
            selection: ReplaySelection(ids: errand.ids, filter: errand.filter, isForFlows: errand.deed == .replay))
        progress.plan = try await plan(ledger)
        try expectFit(&progress)
        try await approve(progress.plan)
        do throws(ProgramError) {
            try await work(ledger, &progress)
        } catch {
            if interruption.isRequested { progress.counts.remaining = await remaining() }
            report(progress)
            throw error
        }
        await ledger?.close()
        if interruption.isRequested || progress.counts.unsent > 0 { progress.counts.remaining = await remaining() }
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

    /// While the patch does not fit some, nothing at all moves; a dry run goes on, to say what else there is.
    private func expectFit(_ progress: inout Progress) throws(ProgramError) {
        guard let recipe = errand.recipe, !recipe.isPartial, !errand.isDryRun,
            let findings = progress.plan?.findings, findings.misfitCount > 0
        else { return }
        progress.counts.findings = findings
        if errand.isJSON { report(progress) }
        throw .misfits(findings)
    }

    private func approve(_ plan: ReplayPlan?) async throws(ProgramError) {
        guard errand.ids.isEmpty, !errand.isDryRun, !errand.isApproved else { return }
        let count = try await mostMeant(plan)
        guard count > LetterErrand.unasked else { return }
        try Approval.ask("\(errand.deed.verb) up to \(Count.text(count, "letter"))")
    }

    /// By the index, and whatever lies in the queues that the index does not know.
    private func mostMeant(_ plan: ReplayPlan?) async throws(ProgramError) -> Int {
        let (query, sources) = (errand.filter.query(state: .open), errand.filter.sources)
        let known = try await LedgerFile.read(configuration) { snapshot in
            let all = try sources.reduce(0) { try $0 + snapshot.deadLetterCount(DeadLetterFilter(flow: $1.flow)) }
            return (meant: try snapshot.deadLetterCount(query), all: all)
        }
        let there = try await LetterBrowser(configuration: configuration).count(sources)
        guard let known else { return there }
        return max(plan?.total ?? 0, known.meant) + max(0, there - known.all)
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
        case .discard:
            return ledger.map {
                DiscardDeed(ledger: $0, order: errand.order, tellsStore: errand.tellsStore)
            }
        case .replay: return publisher.flatMap { replayDeed(ReplayPublisher(publisher: $0), ledger) }
        }
    }

    private func replayDeed(_ publisher: ReplayPublisher, _ ledger: ReplayLedger?) -> (any LetterDeed)? {
        guard let recipe = errand.recipe else {
            return ReplayDeed(publisher: publisher, ledger: ledger, order: errand.order)
        }
        return ledger.map {
            CorrectionDeed(publisher: publisher, ledger: $0, order: errand.order, patch: recipe.title)
        }
    }

    private func letterRun(
        _ source: LetterSource, _ deed: (any LetterDeed)?, _ ledger: ReplayLedger?, _ admin: BrokerAdmin
    ) async throws(ProgramError) -> ReplayRun {
        var run = ReplayRun(deed: deed, ledger: ledger, order: errand.order, interruption: interruption)
        run.isJudged = errand.deed == .replay && source != .unrouted
        run.isForced = errand.isForced
        run.batchLimit = batchLimit
        run.trial = errand.recipe.map { RecipeTrial($0, errand.order) }
        run.watch = try await watch(source, ledger, admin)
        run.isReadingOn = isHasty && errand.ids.isEmpty
        run.underWay = isHasty ? 3 : 0
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
            return try await LetterQueue(source, admin: admin, burst: isHasty ? 1_000 : 100)
        } catch {
            throw ProgramError(error)
        }
    }

    /// Larger where nobody waits for what comes of them. Three are under way then, and these, a thousand at most, a crash may send twice.
    private var batchLimit: Int { isHasty ? 330 : 100 }
    private var isHasty: Bool { errand.patience == nil && errand.rate == nil }

    // MARK: - The end

    private func report(_ progress: Progress) {
        guard errand.isJSON else { return say(progress) }
        var json = progress.counts.json(
            errand.deed.member, isDryRun: errand.isDryRun, missing: progress.selection.missing)
        if let plan = progress.plan { json = json.adding("plan", plan.json) }
        if let recipe = errand.recipe {
            json = json.adding("recipe", .optional(recipe.name)).merging(progress.counts.findings.json)
        }
        Terminal.say(json.compact)
    }

    private func say(_ progress: Progress) {
        let (counts, isDryRun) = (progress.counts, errand.isDryRun)
        // Of those that the plan knew, it has said why.
        if progress.plan?.findings.misfitCount ?? 0 == 0 { Terminal.write(counts.findings.misfitText, to: .error) }
        if isDryRun { Terminal.write(counts.findings.sampleText) }
        let noun = errand.recipe == nil ? "letter" : "corrected letter"
        let text = counts.sentence(errand.deed.verb, isDryRun: isDryRun, noun: noun)
        Terminal.say(text.prefix(1).uppercased() + text.dropFirst() + ".")
    }

    /// Of the selected letters, those that the same command would find open now; nil where no index knows them, and for
    /// a dry run, which has changed nothing.
    private func remaining() async -> Int? {
        guard !errand.isDryRun, errand.filter.sources != [.unrouted] else { return nil }
        let (ids, query) = (Set(errand.ids), errand.filter.query(state: .open))
        return try? await LedgerFile.read(configuration) { snapshot in
            guard !ids.isEmpty else { return try snapshot.deadLetterCount(query) }
            return try ids.reduce(0) { try $0 + (snapshot.deadLetter(id: $1)?.state == .open ? 1 : 0) }
        }
    }

    private func conclude(_ progress: Progress) throws(ProgramError) {
        if interruption.isRequested { throw .stopped }
        guard progress.selection.missing.isEmpty else { throw .missing(progress.selection.missing) }
        guard progress.selection.unwanted.isEmpty else { throw .unwanted(progress.selection.unwanted) }
        let back = progress.counts.cameBack
        if back > 0 { throw errand.filter.sources == [.unrouted] ? .stillUnrouted(back) : .cameBack(back) }
        try expectDryRunFits(progress)
        try expectSent(progress.counts)
    }

    /// Whoever named a letter has to learn that it stays, and a script that nothing went although letters wait.
    private func expectSent(_ counts: ReplayCounts) throws(ProgramError) {
        guard errand.deed == .replay, !errand.isDryRun else { return }
        if !errand.ids.isEmpty, let kind = counts.reasonLeft { throw .leftBehind(kind) }
        if counts.isIdle { throw .nothingSent(counts.reasonLeft, isMisfit: counts.findings.misfitCount > 0) }
    }

    /// Where the command itself would be refused, its dry run ends as it would.
    private func expectDryRunFits(_ progress: Progress) throws(ProgramError) {
        guard errand.isDryRun, let recipe = errand.recipe, !recipe.isPartial else { return }
        // Some may be in the index alone, and some in their queue alone.
        let both = [progress.counts.findings, progress.plan?.findings].compactMap { $0 }
        if let findings = both.first(where: { $0.misfitCount > 0 }) { throw .misfits(findings) }
    }

    /// Another command that looks into a queue holds its letters meanwhile, and this one sees nothing of them.
    private func expectNoneHeld(_ selection: ReplaySelection) async throws(ProgramError) {
        guard errand.ids.isEmpty && !selection.hasFound else { return }
        let query = errand.filter.query(state: .open)
        let known = try await LedgerFile.read(configuration) { try $0.deadLetterCount(query) }
        guard let known, known > 0 else { return }
        throw .held(known)
    }
}
