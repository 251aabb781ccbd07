internal import ArgumentParser
internal import Fleet
internal import Ledger

/// `dead-letter show`.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one dead letter: why, each fault in its place, headers, history.",
        discussion: """
            Leaves it in its queue as it was. Numbers are shown exactly as they were written.

            Examples:
              dead-letter show 019ca9e6-1400-7000-8000-000000000001
              dead-letter show 019ca9e6-1400-7000-8000-000000000001 --json | jq -r .body
            """)

    @OptionGroup var settings: SettingsOptions

    @Flag(help: "The whole body, however long.")
    var whole = false

    @Argument(help: "The letter's id, as `dead-letter list` shows it.")
    var id: String

    func run() async {
        await ProgramLauncher.run("dead-letter") { () throws(ProgramError) in
            let configuration = try settings.load()
            let id = id
            let record = try await LedgerFile.read(configuration) { try $0.deadLetter(id: id) } ?? nil
            let journal = try await LedgerFile.read(configuration) { try $0.journalEntries(messageID: id) } ?? []
            let letter = try await LetterBrowser(configuration: configuration).first(
                LetterFilter.everywhere(first: record?.flow)
            ) { $0.id == id }
            guard record != nil || letter != nil else { throw Self.unknown(id) }
            let kept = letter == nil ? try await Self.kept(record, configuration) : nil
            let page = LetterPage(id: id, letter: letter, record: record, kept: kept, journal: journal)
            Terminal.write(
                settings.json
                    ? page.json.pretty() + "\n"
                    : page.text(isColoured: Terminal.isColoured(.output), isWhole: whole))
        }
    }

    private static func kept(
        _ record: DeadLetterRecord?, _ configuration: Configuration
    ) async throws(ProgramError) -> StoredPayload? {
        guard let record else { return nil }
        return try await LedgerFile.read(configuration) { try $0.payload(id: record.payload ?? record.id) } ?? nil
    }

    private static func unknown(_ id: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.unknown", sentence: "There is no dead letter \(InertText.line(id)).",
            remedy: "`dead-letter list --state all` shows those there are and were.", exit: .failure)
    }
}
