internal import Fleet
internal import Ledger
internal import Models

/// Writes letters in the form of an export: header, a line each, footer.
final class ExportWriter {
    private let sink: ExportSink
    private var checksum = LineChecksum()
    private(set) var letters = 0

    /// Begins the file.
    init(to sink: ExportSink, at time: Timestamp) throws(ProgramError) {
        self.sink = sink
        try write(ExchangeFormat.header(at: time))
    }

    /// Adds a letter.
    func write(_ letter: Letter, state: DeadLetterState = .open, note: String? = nil) throws(ProgramError) {
        try write(ExchangedLetter.line(letter, state: state, note: note))
        letters += 1
    }

    /// Ends the file.
    func finish() throws(ProgramError) {
        let footer = ExchangeFormat.footer(letters: letters, checksum: checksum)
        try sink.write(line: Array(footer.compact.utf8))
        try sink.finish()
    }

    private func write(_ value: JSONValue) throws(ProgramError) {
        let line = Array(value.compact.utf8)
        checksum.add(line)
        try sink.write(line: line)
    }
}
