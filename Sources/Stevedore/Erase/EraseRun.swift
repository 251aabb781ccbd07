internal import Fleet
internal import Ledger
#if canImport(Glibc)
    internal import Glibc
#endif

/// One call of `stevedore erase`: finds out who they are, takes them out place by place, and writes down that it did.
struct EraseRun {
    private let order: EraseOrder
    private let configuration: Configuration
    private let report: EraseReport
    private let files: [EraseFile]
    private let asksBroker: Bool
    private let keepsFile: Bool
    private let interruption = Interruption()
    private let progress = CountedProgress()

    init(command: EraseCommand, configuration: Configuration) {
        order = command.order
        self.configuration = configuration
        report = EraseReport(order: command.order, isJSON: command.output.json)
        let shared = self.interruption
        files = command.export.map { EraseFile(path: EraseFile.resolved($0), interruption: shared) }
        (asksBroker, keepsFile) = (!command.withoutBroker, command.keepFile)
    }

    func run() async throws(ProgramError) {
        let listening = await interruption.listen()
        defer { listening.cancel() }
        let ledger = try open()
        var counts = EraseCounts()
        do throws(ProgramError) {
            try await erase(ledger, &counts)
        } catch {
            progress.clear()
            if order.isApplied { try? await EraseRecord(ledger: ledger, order: order).write(.failed, counts) }
            await ledger.close()
            report.show(counts, isWhole: false)
            throw error
        }
        progress.clear()
        await ledger.close()
        report.show(counts, isWhole: !interruption.isRequested)
        try conclude(counts)
    }

    private func erase(_ ledger: Ledger, _ counts: inout EraseCounts) async throws(ProgramError) {
        let place = EraseLedger(ledger: ledger, order: order, interruption: interruption, progress: progress)
        let letters = EraseLetters(
            configuration: configuration, order: order, interruption: interruption, progress: progress)
        let record = EraseRecord(ledger: ledger, order: order)
        let knowledge = try await learn(place, letters)
        guard !interruption.isRequested else { return }
        var mustScrub = false
        if order.isApplied {
            mustScrub = try await record.wasCutShort()
            try await overwriteDeleted(ledger)
            try await record.write(.begun, counts)
        }
        // What tells who they are goes last: after a crash it has to be found again.
        try await place.erase(knowledge, &counts)
        if asksBroker, !interruption.isRequested {
            let ids = try await letters.erase(knowledge, &counts)
            try await place.mark(ids)
            counts.onTheWay = try await letters.onTheWay()
        }
        for file in files where !interruption.isRequested {
            try file.erase(BodyEraser(order, knowledge), &counts)
        }
        guard order.isApplied else { return }
        guard !interruption.isRequested else { return try await record.write(.stopped, counts) }
        if mustScrub || counts.total > 0 { try await scrub(ledger) }
        // Only now: a run that ends before has to be made good by the next.
        try await record.write(counts.held.isEmpty ? .done : .left, counts)
    }

    private func learn(_ place: EraseLedger, _ letters: EraseLetters) async throws(ProgramError) -> EraseKnowledge {
        var knowledge = EraseKnowledge()
        try await place.learn(into: &knowledge)
        if asksBroker, !interruption.isRequested { try await letters.learn(into: &knowledge) }
        for file in files where !interruption.isRequested { try file.learn(order, into: &knowledge) }
        return try await place.findOpen(knowledge)
    }

    // MARK: - The file

    /// A dry run changes nothing, and so can look at a ledger that only others may write.
    private func open() throws(ProgramError) -> Ledger {
        let path = configuration.ledgerPath
        guard access(path, F_OK) == 0 else { throw Self.noLedger(path) }
        // Pages of large bodies may take longer than a worker's questions.
        let options = LedgerOptions(readTimeout: .seconds(120))
        do throws(LedgerError) {
            guard order.isApplied else { return try Ledger.openReadOnly(path: path, options: options) }
            return try Ledger.open(path: path, options: options)
        } catch {
            throw ProgramError(error)
        }
    }

    private func overwriteDeleted(_ ledger: Ledger) async throws(ProgramError) {
        do { try await ledger.overwriteDeleted() } catch { throw ProgramError(erasing: error) }
    }

    private func scrub(_ ledger: Ledger) async throws(ProgramError) {
        do {
            if !keepsFile {
                report.mention("writing the ledger's file anew; workers wait meanwhile, and go on by themselves")
                try await ledger.rewriteFile()
            }
            guard try await ledger.scrubLog() == .logInUse else { return }
        } catch {
            throw ProgramError(erasing: error)
        }
        report.mention(
            "somebody reads an old state of the ledger, so its log still has what was erased; it goes when the log is "
                + "copied next")
    }

    // MARK: - The end

    private func conclude(_ counts: EraseCounts) throws(ProgramError) {
        if interruption.isRequested {
            throw ProgramError(
                code: "erase.stopped", sentence: "Stopped before the end.", remedy: "The same command does the rest.",
                exit: .failure)
        }
        guard order.isApplied else { return }
        if !counts.held.isEmpty { throw Self.held(counts.held) }
        guard !counts.open.isEmpty else { return }
        throw Self.open(counts)
    }

    private static func open(_ counts: EraseCounts) -> ProgramError {
        let (dead, waiting) = counts.left
        let left = Count.text(counts.open.count, "order was left as it is", "orders were left as they are")
        let parts = [
            waiting.isEmpty ? nil : "Run the same command when the ERP has answered what waits for it.",
            dead.isEmpty
                ? nil
                : "Replay what is a dead letter, or discard it (`dead-letter discard … --tell-store`), then run it "
                    + "again.",
            "--including-open takes all.",
        ].compactMap { $0 }
        return ProgramError(
            code: "erase.open", sentence: left + ".", remedy: parts.joined(separator: " "), exit: .failure)
    }

    private static func held(_ queues: Set<String>) -> ProgramError {
        ProgramError(
            code: "erase.held",
            sentence: "Somebody else had letters of \(queues.sorted().joined(separator: ", ")) in hand: they may still "
                + "name the person.",
            remedy: "Run the same command once no other command or program looks into these queues.", exit: .failure)
    }

    private static func noLedger(_ path: String) -> ProgramError {
        ProgramError(
            code: "erase.no-ledger", sentence: "There is no ledger at \(path) (setting ledger.path).",
            remedy: "Run it where the workers' ledger is, or set STEVEDORE_LEDGER_PATH.", exit: .configuration)
    }
}
