internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// One call of `stevedore rehearse`: what it checks before anything runs, what it cleans up whatever happens, and what it says
/// in the end.
struct Rehearsal {
    let plan: RehearsalPlan
    let options: RehearsalOptions
    let html: String?
    let isJSON: Bool
    private let interruption = Interruption()
    private let progress = RehearsalProgress()

    init(plan: RehearsalPlan, options: RehearsalOptions, html: String?, isJSON: Bool) {
        (self.plan, self.options, self.html, self.isJSON) = (plan, options, html, isJSON)
    }

    func run() async throws(ProgramError) {
        guard plan.projection.seconds != nil else { throw neverDrains }
        try RehearsalCrew.checkPrograms(hasStock: plan.stockPerHour > 0, hasQuotes: plan.quotesPerHour > 0)
        if options.amqpURL == nil { _ = try BrokerPrograms.find() }
        try RehearsalFolder.checkRoom(for: plan.neededBytes)
        // A report that cannot be written is not found out at its end.
        let page = try openPage()
        let listening = await interruption.listen()
        defer { listening.cancel() }
        let report: RehearsalReport
        do throws(ProgramError) { report = try await play() } catch {
            progress.clear()
            page?.discard()
            throw error
        }
        progress.clear()
        try page?.finish(RehearsalPage(report).text)
        isJSON
            ? Terminal.say(report.json.pretty())
            : Terminal.write("\n" + report.text(width: Terminal.width(of: .output)))
        if !report.verdict.isGood { throw Self.failed(report.verdict) }
    }

    private func openPage() throws(ProgramError) -> ReportFile.Writer? {
        guard let html else { return nil }
        return try ReportFile.open(html)
    }

    private func play() async throws(ProgramError) -> RehearsalReport {
        let site = try RehearsalSite(interruption: interruption)
        do throws(ProgramError) {
            var run = try await RehearsalRun.prepare(plan, options, on: site, progress)
            var report = try await run.play()
            if options.isKept {
                try site.folder.keep()
                report.record.keptIn = site.folder.path
            }
            await site.close(keeping: options.isKept)
            return report
        } catch {
            // Of a run that was stopped nothing is worth keeping.
            let isKept = options.isKept && error.code != RehearsalError.stopped.code
            if isKept { try? site.folder.keep() }
            await site.close(keeping: isKept)
            if isKept { remark("ledger, the ERP's books and logs are in \(site.folder.path)") }
            throw error
        }
    }

    private var neverDrains: ProgramError {
        ProgramError(
            code: "rehearse.never-drains", sentence: plan.conclusion,
            remedy: "A rehearsal would not end: give it a faster ERP or fewer orders, or see --dry-run.", exit: .usage)
    }

    private static func failed(_ verdict: RehearsalVerdict) -> ProgramError {
        let faults = verdict.rows.filter { !$0.isGood }.map { "\($0.name): \($0.value)" }
        return ProgramError(
            code: "rehearse.failed",
            sentence: "The rehearsal found what must not be: \(faults.joined(separator: "; ")).",
            remedy: "Run it again with --keep and the same --seed, and look at the ledger with `stevedore why ORDER`.",
            exit: .failure)
    }
}
