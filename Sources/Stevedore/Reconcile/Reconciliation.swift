internal import ERP
internal import Fleet
internal import Ledger
internal import Models
internal import Storefront
#if canImport(Glibc)
    internal import Glibc
#endif

/// One call of `stevedore reconcile`: its ledger, its ERP, its files, and what it says in the end.
struct Reconciliation {
    let command: ReconcileCommand
    let configuration: Configuration
    private let interruption = Interruption()
    private let progress: ReconcileProgress

    init(command: ReconcileCommand, configuration: Configuration) {
        self.command = command
        self.configuration = configuration
        progress = ReconcileProgress(isShown: Terminal.isInteractive(.error) && !command.output.json)
    }

    func run() async throws(ProgramError) {
        guard access(configuration.ledgerPath, F_OK) == 0 else { throw .noReconcileLedger(configuration.ledgerPath) }
        let erp = try ERPAssembly(configuration).erp(connections: 2)
        let listening = await interruption.listen()
        defer { listening.cancel() }
        let folder = try ScratchFolder()
        defer { folder.remove() }
        let table = try openTable()
        // Before anything is read: a report that cannot be written is not found out at its end.
        let page = try openPage(table)
        let report: ReconcileReport
        do throws(ProgramError) { report = try await self.report(erp, folder, table) } catch {
            table?.discard()
            page?.discard()
            throw error
        }
        // Half of the findings is no report of them.
        if report.isWhole { try table?.finish() } else { table?.discard() }
        if report.isWhole { try page?.finish(ReconcilePage(report).text) } else { page?.discard() }
        say(report)
        try conclude(report)
    }

    private func openPage(_ table: ReconcileTable?) throws(ProgramError) -> ReportFile.Writer? {
        guard let path = command.html else { return nil }
        do throws(ProgramError) { return try ReportFile.open(path) } catch {
            table?.discard()
            throw error
        }
    }

    private func openTable() throws(ProgramError) -> ReconcileTable? {
        guard let path = command.csv else { return nil }
        return try ReconcileTable(path: path)
    }

    private func report(
        _ erp: any ERP, _ folder: ScratchFolder, _ table: ReconcileTable?
    ) async throws(ProgramError) -> ReconcileReport {
        do {
            let ledger = try await openLedger()
            var run = ReconcileRun(
                erp: erp, real: ledger, folder: folder, options: options, interruption: interruption,
                progress: progress)
            run.emptyFlows = { [configuration] in await Excuses.emptyFlows(configuration) }
            if let table { run.export = { stream, page throws(ProgramError) in try table.add(page, of: stream) } }
            let result: Result<ReconcileReport, any Error>
            do { result = .success(try await run.run()) } catch { result = .failure(error) }
            await ledger.close()
            return named(try result.get())
        } catch {
            progress.clear()
            throw ProgramError(reconciling: error)
        }
    }

    /// Only what changes something needs to write.
    private func openLedger() async throws -> Ledger {
        guard command.repair || command.remember else {
            return try Ledger.openReadOnly(path: configuration.ledgerPath)
        }
        let ledger = try Ledger.open(path: configuration.ledgerPath)
        if command.remember { try await DriftTable.migrate(ledger) }
        return ledger
    }

    private var options: ReconcileOptions {
        var options = ReconcileOptions()
        options.kinds = Set(command.kinds)
        options.warehouse = command.warehouse
        options.settle = SettleTime(command.settle)?.duration ?? options.settle
        options.samples = command.samples
        options.isRemembered = command.remember
        options.hasTables = configuration.storefrontAdapters.contains(.database)
        guard command.repair else { return options }
        let note = RepairNote(by: Operator.name, reason: command.reason ?? "")
        var repair = ReconcileOptions.Repair(note: note)
        (repair.rate, repair.limit, repair.only) = (command.rate, command.limit, Set(command.only))
        (repair.rowsDropped, repair.minimum) = (configuration.guardRowsDropped, configuration.guardMinimum)
        if !command.yes {
            repair.approve = { [progress] count throws(ProgramError) in
                progress.clear()
                try ReconcileApproval.ask(count)
            }
            repair.approveWithdrawals = { [progress] withdrawals throws(ProgramError) in
                progress.clear()
                try ReconcileApproval.ask(withdrawals)
            }
        }
        options.repair = repair
        return options
    }

    private func named(_ report: ReconcileReport) -> ReconcileReport {
        var report = report
        report.erp = RESTConfiguration(baseURL: configuration.erpURL).shownURL
        report.ledger = configuration.ledgerPath
        report.hasPosts = configuration.storefrontAdapters.contains(.webhook)
        return report
    }

    private func say(_ report: ReconcileReport) {
        guard !command.output.json else { return Terminal.say(report.json.pretty()) }
        Terminal.write(report.text(width: Terminal.width(of: .output)))
    }

    private func conclude(_ report: ReconcileReport) throws(ProgramError) {
        if report.isStopped { throw .reconcileStopped(report) }
        guard report.drifted > 0, !report.isRepaired else { return }
        throw ProgramError(
            code: "reconcile.drift", sentence: "\(Count.text(report.drifted, "object has", "objects have")) drifted.",
            remedy: report.remedy, exit: .failure)
    }
}

extension ProgramError {
    /// Of a run that was stopped while it repaired everything was compared.
    fileprivate static func reconcileStopped(_ report: ReconcileReport) -> ProgramError {
        guard !report.isWhole else {
            return ProgramError(
                code: "reconcile.stopped", sentence: "Stopped before all repairs were sent.",
                remedy: "What was sent stays sent. Run it again for the rest.", exit: .failure)
        }
        return ProgramError(
            code: "reconcile.stopped", sentence: "Stopped before everything was compared.",
            remedy: "Nothing was repaired, and files of earlier runs are as they were. Run it again.", exit: .failure)
    }

    fileprivate static func noReconcileLedger(_ path: String) -> ProgramError {
        ProgramError(
            code: "reconcile.no-ledger", sentence: "There is no ledger at \(path) (setting ledger.path).",
            remedy: "Run it where the workers' ledger is, or set STEVEDORE_LEDGER_PATH.", exit: .configuration)
    }

    fileprivate init(reconciling error: any Error) {
        switch error {
        case let error as ProgramError: self = error
        case let error as LedgerError:
            self.init(error)
            if error.isRecoverable { exit = .unavailable }
        case let error as ERPError:
            self.init(code: error.code, sentence: error.sentence, remedy: error.reconcileRemedy, exit: .unavailable)
        default: self = .unexpected(error)
        }
    }
}

extension ERPError {
    /// Nothing is sent here, so that nothing can be lost.
    fileprivate var reconcileRemedy: String {
        switch self {
        case .unavailable(_, .outage), .slowDown: "Nothing was compared to its end. Run it again when the ERP answers."
        default: remedy
        }
    }
}
