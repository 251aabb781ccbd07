internal import Fleet
internal import Ledger
internal import Models

/// One call of `dead-letter export`.
final class Export {
    private let command: ExportCommand
    private let wanted: Set<String>
    private let interruption = Interruption()
    private let progress = CountedProgress(of: "letter")
    private var found: Set<String> = []
    private var withoutBody = 0
    /// Queues of which another command held letters.
    private var shared: [String] = []

    init(command: ExportCommand) {
        self.command = command
        wanted = Set(command.ids)
    }

    func run() async throws(ProgramError) {
        let configuration = try command.settings.load()
        let listening = await interruption.listen()
        defer { listening.cancel() }
        let sink = try ExportSink(path: command.output, isForced: command.force)
        let writer: ExportWriter
        do throws(ProgramError) {
            writer = try ExportWriter(to: sink, at: .now())
            try await write(configuration, to: writer)
            progress.clear()
            if interruption.isRequested { throw Self.stopped }
            try writer.finish()
        } catch {
            progress.clear()
            sink.discard()
            throw error
        }
        report(writer.letters)
        try conclude()
    }

    private func write(_ configuration: Configuration, to writer: ExportWriter) async throws(ProgramError) {
        for state in command.states where !isDone {
            if state == .open && !command.kept {
                try await writeQueues(configuration, to: writer)
            } else {
                try await writeKept(state, configuration, to: writer)
            }
        }
    }

    private func writeQueues(_ configuration: Configuration, to writer: ExportWriter) async throws(ProgramError) {
        let browser = LetterBrowser(configuration: configuration)
        for source in command.filter.sources where !isDone {
            let walk = try await browser.walk(source) { letter throws(ProgramError) in
                if self.takes(letter) { try writer.write(letter) }
                self.progress.show(writer.letters, "written")
                return !self.isDone
            }
            if walk?.isShared == true { shared.append(source.queue) }
        }
    }

    private func writeKept(
        _ state: DeadLetterState, _ configuration: Configuration, to writer: ExportWriter
    ) async throws(ProgramError) {
        try await KeptLetters(configuration: configuration).each(state) { kept throws(ProgramError) in
            if let letter = kept.letter {
                let isTaken = self.takes(letter, id: kept.record.id)
                if isTaken { try writer.write(letter, state: state, note: kept.record.note) }
            } else if self.isMeant(kept.record) {
                self.found.insert(kept.record.id)
                self.withoutBody += 1
            }
            self.progress.show(writer.letters, "written")
            return !self.isDone
        }
    }

    private func takes(_ letter: Letter, id: String? = nil) -> Bool {
        let id = id ?? letter.id
        guard wanted.isEmpty || wanted.contains(id), command.filter.matches(letter) else { return false }
        if !wanted.isEmpty { found.insert(id) }
        return true
    }

    private func isMeant(_ record: DeadLetterRecord) -> Bool {
        (wanted.isEmpty || wanted.contains(record.id)) && command.filter.matches(LetterRow(record))
    }

    private var isDone: Bool {
        interruption.isRequested || (!wanted.isEmpty && found.count == wanted.count)
    }
}

// MARK: - The last word

extension Export {
    private var missing: [String] { wanted.subtracting(found).sorted() }

    /// On standard error where the letters themselves are on standard output.
    private func report(_ letters: Int) {
        let file = command.output == "-" ? nil : command.output
        let summary: JSONValue = [
            "letters": .integer(Int64(letters)), "file": .optional(file), "withoutBody": .integer(Int64(withoutBody)),
            "missing": .array(missing.map { .string($0) }), "shared": .array(shared.map { .string($0) }),
        ]
        let sentence = "Exported \(Count.text(letters, "letter"))" + (file.map { " to \($0)" } ?? "") + "."
        Terminal.say(command.settings.json ? summary.compact : sentence, to: file == nil ? .error : .output)
        if withoutBody > 0 {
            remark(
                "\(Count.text(withoutBody, "letter")) left out: the ledger has no body of "
                    + (withoutBody == 1 ? "it" : "them") + " (any more)")
        }
    }

    private func conclude() throws(ProgramError) {
        guard missing.isEmpty else {
            throw ProgramError(
                code: "dead-letter.unknown",
                sentence: "Not exported, because not found: \(missing.map(InertText.line).joined(separator: ", ")).",
                remedy:
                    "They may have been dealt with (`--state all` looks there, too), or another `dead-letter` command "
                    + "looks at them just now: then try again.", exit: .failure)
        }
        guard wanted.isEmpty, !shared.isEmpty else { return }
        throw ProgramError(
            code: "dead-letter.held",
            sentence:
                "Somebody else held letters of \(shared.joined(separator: ", ")) meanwhile, so some may be missing in "
                + "this export.", remedy: "Run it again once the other command has ended.", exit: .failure)
    }

    private static var stopped: ProgramError {
        ProgramError(
            code: "dead-letter.stopped", sentence: "Stopped before the end; the export is not whole.",
            remedy: "The letters are as they were: run it again.", exit: .failure)
    }
}
