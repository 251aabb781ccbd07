internal import Fleet
internal import RabbitMQ

/// One call of `dead-letter import`: looks at the whole file first, then at the queues, and then puts letters back.
final class Import {
    private let command: ImportCommand
    private let interruption = Interruption()
    private let progress = CountedProgress(of: "letter")
    private var counts = ImportCounts()
    /// Where the file has letters for.
    private var sources: Set<LetterSource> = []
    /// More faults than these are only counted.
    private static let shownFaults = 100

    init(command: ImportCommand) { self.command = command }

    func run() async throws(ProgramError) {
        let configuration = try command.settings.load()
        let listening = await interruption.listen()
        defer { listening.cancel() }
        let file = try await ImportFile.open(command.file, interruption)
        let lines = LineReader(descriptor: file.descriptor, name: file.name)
        do throws(ProgramError) {
            try examine(lines)
            if !interruption.isRequested { try await importLetters(lines, configuration) }
        } catch {
            progress.clear()
            report()
            throw error
        }
        withExtendedLifetime(file) {}
        progress.clear()
        report()
        try conclude()
    }

    /// Reads everything once, so that a damaged file changes nothing.
    private func examine(_ lines: LineReader) throws(ProgramError) {
        let reader = ImportReader(lines)
        var letters = 0
        while !interruption.isRequested, let entry = try reader.next() {
            switch entry {
            case .letter(_, let letter):
                letters += 1
                sources.insert(letter.source)
            case .fault(let line, let fault): note(fault, lines.name, line)
            }
            progress.show(letters, "read")
        }
        guard counts.faults > 0, !command.partial else { return }
        throw ProgramError(
            code: "dead-letter.not-whole",
            sentence: "Nothing is imported: \(lines.name) has \(Count.text(counts.faults, "fault")).",
            remedy: "Take another copy of the export, or import what can be with --partial.", exit: .failure)
    }

    private func note(_ fault: LineFault, _ name: String, _ line: Int) {
        counts.faults += 1
        progress.clear()
        if counts.faults <= Self.shownFaults { remark("\(name):\(line): \(InertText.line(fault.sentence))") }
        if counts.faults == Self.shownFaults + 1 { remark("there are more faults; they are only counted") }
    }

    private func importLetters(_ lines: LineReader, _ configuration: Configuration) async throws(ProgramError) {
        let ledger = try await ImportLedger.open(configuration, isDryRun: command.dryRun)
        do throws(ProgramError) {
            let present = try await LetterPresence(
                of: sources.sorted { $0.queue < $1.queue }, LetterBrowser(configuration: configuration), interruption,
                progress)
            let publisher = try await openPublisher(configuration)
            let run = makeRun(publisher, ledger, present, lines.name)
            do throws(ProgramError) {
                try await settle(lines, run)
            } catch {
                await publisher?.publisher.close()
                throw error
            }
            await publisher?.publisher.close()
        } catch {
            await ledger.close()
            throw error
        }
        await ledger.close()
    }

    /// The queues have been walked through, so the broker is there: a publisher would wait for it.
    private func openPublisher(_ configuration: Configuration) async throws(ProgramError) -> ImportPublisher? {
        guard !command.dryRun, !sources.isEmpty, !interruption.isRequested else { return nil }
        let broker = try BrokerDesk.configuration(configuration, "dead-letter-import")
        return ImportPublisher(publisher: try await BrokerDesk.publisher(broker), user: broker.importingUser)
    }

    private func makeRun(
        _ publisher: ImportPublisher?, _ ledger: ImportLedger, _ present: LetterPresence, _ name: String
    ) -> ImportRun {
        ImportRun(
            publisher: publisher, ledger: ledger,
            order: ImportOrder(by: command.by, reason: command.reason, file: name), again: command.again,
            present: present
        ) { [progress] numbered, reason in
            progress.clear()
            remark("\(name):\(numbered.line): The broker refuses the letter: \(InertText.line(reason)).")
        }
    }

    private func settle(_ lines: LineReader, _ run: ImportRun) async throws(ProgramError) {
        var run = run
        try lines.rewind()
        let reader = ImportReader(lines)
        var batch = ImportRun.Batch()
        while !interruption.isRequested, let entry = try reader.next() {
            guard case .letter(let line, let letter) = entry else { continue }
            batch.add(NumberedLetter(line: line, letter: letter))
            if batch.isFull { try await run.settle(&batch, &counts) }
            progress.show(counts.imported, command.dryRun ? "would be imported" : "imported")
        }
        if !interruption.isRequested { try await run.settle(&batch, &counts) }
    }

    private func report() {
        let json = counts.json(isDryRun: command.dryRun)
        Terminal.say(command.settings.json ? json.compact : counts.sentence(isDryRun: command.dryRun))
    }

    private func conclude() throws(ProgramError) {
        if interruption.isRequested {
            throw ProgramError(
                code: "dead-letter.stopped", sentence: "Stopped before the end.",
                remedy: "The same command does the rest.", exit: .failure)
        }
        if counts.ended + counts.importedBefore > 0 {
            remark("--again imports also what was imported before or dealt with since")
        }
        guard counts.faults + counts.refused > 0 else { return }
        throw ProgramError(
            code: "dead-letter.partly-imported",
            sentence: "Not imported: \(Count.text(counts.faults + counts.refused, "line")) named above.",
            remedy: "Mend them, or take another copy of the export; the same command then does the rest.",
            exit: .failure)
    }
}
