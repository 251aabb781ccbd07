internal import Fleet
internal import Ledger
internal import Models

/// One call of `dead-letter edit`.
struct EditRun {
    let command: EditCommand

    private var order: ReplayOrder { ReplayOrder(by: command.by, reason: command.reason) }

    func run() async throws(ProgramError) {
        let configuration = try command.settings.load()
        guard LedgerFile.exists(configuration) else { throw Self.noLedger(configuration.ledgerPath) }
        // A patch or an editor that is none is said before anything is looked for.
        let correction = try givenCorrection()
        if let correction {
            let original = try await EditOriginal.find(command.id, configuration)
            report(try await edit(original, correction, configuration))
        } else {
            let editor = try Editor()
            try await edit(try await EditOriginal.find(command.id, configuration), with: editor, configuration)
        }
    }

    /// What the command line says; nil when an editor has to.
    private func givenCorrection() throws(ProgramError) -> LetterEdit.Correction? {
        if let path = command.document { return .document(try InputFile.read(path)) }
        guard let path = command.patch else { return nil }
        return .patch(try PatchFile.read(path).patch)
    }

    // MARK: - By hand

    private func edit(
        _ original: EditOriginal, with editor: Editor, _ configuration: Configuration
    ) async throws(ProgramError) {
        let contents = Self.text(original.letter.body)
        let file = try EditorFile(contents)
        if !original.letter.faults.isEmpty { Terminal.write(EditReport.table(original.letter.faults), to: .error) }
        do throws(ProgramError) {
            try editor.open(file.path)
            let typed = try file.read()
            var result = EditReport(id: original.letter.id, isDryRun: command.dryRun, changes: [])
            if typed != contents { result = try await edit(original, .document(typed), configuration) }
            report(result)
            if command.dryRun && !result.changes.isEmpty { keep(file) } else { file.remove() }
        } catch {
            if (try? file.read()) == contents { file.remove() } else { keep(file, after: error) }
            throw error
        }
    }

    /// As a person reads it; what is no JSON is left as it is.
    private static func text(_ body: [UInt8]) -> [UInt8] { (try? JSONTree(parsing: body).pretty) ?? body }

    /// Nothing that was typed is lost.
    private func keep(_ file: EditorFile, after error: ProgramError? = nil) {
        let id = InertText.line(command.id)
        guard error?.endsEditing != true else {
            return remark(
                "what you typed is in \(file.path), but this letter takes no edit any more: `dead-letter show \(id)` "
                    + "has what was done instead. Remove the file then: it holds what the message says of people")
        }
        let more = "dead-letter edit \(id) --document \(file.path) --reason …"
        remark("what you typed is in \(file.path); go on with `\(more)`")
    }

    // MARK: - Editing

    private func edit(
        _ original: EditOriginal, _ correction: LetterEdit.Correction, _ configuration: Configuration
    ) async throws(ProgramError) -> EditReport {
        let message = try corrected(original.letter, correction)
        var report = EditReport(id: original.letter.id, isDryRun: command.dryRun, changes: message.changes)
        guard !message.changes.isEmpty && !command.dryRun else { return report }
        let ledger = try await ReplayLedger.open(configuration).ledger
        let sender = CorrectionSender(
            configuration: configuration, ledger: ledger, holder: "dead-letter:" + MessageID.next())
        let rows = try await record(original, message, ledger, sender.holder)
        FaultPoint.afterReplayMark.pass()
        (report.successor, report.flow) = (message.id, message.flow)
        report.unsent = "messages of \(message.subject) go out before it."
        if let rows { report.unsent = await sender.send(message, rows) }
        if original.isInQueue { report.unremoved = await sender.takeOff(original.letter) }
        await ledger.close()
        return report
    }

    private func corrected(
        _ letter: Letter, _ correction: LetterEdit.Correction
    ) throws(ProgramError) -> CorrectedMessage {
        do throws(EditRefusal) {
            return try LetterEdit(correction, order, at: .now()).corrected(letter)
        } catch {
            if command.settings.json {
                Terminal.write(EditReport.json(letter.id, error).pretty() + "\n")
            } else if !error.faults.isEmpty {
                Terminal.write(EditReport.table(error.faults), to: .error)
            }
            throw error.error
        }
    }

    private func record(
        _ original: EditOriginal, _ message: CorrectedMessage, _ ledger: Ledger, _ holder: String
    ) async throws(ProgramError) -> CorrectionRows? {
        let (order, now) = (order, Timestamp.now())
        do {
            return try await ledger.write { transaction in
                try transaction.record(
                    OperatorAction(
                        at: now.microseconds, by: order.by, action: "edit", reason: order.reason,
                        flow: message.flow, letters: 1, detail: "\(original.letter.id) as \(message.id)"))
                return try transaction.replace(
                    original.letter, by: message, order, isInQueue: original.isInQueue, at: now, holder: holder)
            }
        } catch let error as ProgramError {
            throw error
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    private func report(_ report: EditReport) {
        Terminal.say(command.settings.json ? report.json.pretty() : report.text)
    }

    // MARK: - Refusals

    private static func noLedger(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-ledger", sentence: "There is no ledger at \(path) to write the edit down in.",
            remedy: "Run this where the workers run, or set ledger.path.", exit: .configuration)
    }
}
