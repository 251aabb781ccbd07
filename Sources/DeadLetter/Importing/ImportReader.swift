internal import Fleet
internal import Models

/// Walks through an export and hands out its letters, and whatever is wrong with it, line by line.
final class ImportReader {
    enum Entry {
        case letter(line: Int, Letter)
        case fault(line: Int, LineFault)
    }

    private enum Place { case beforeHeader, inside, behindFooter }

    private let lines: LineReader
    private let reader = MessageReader()
    private let largestBody: Int
    private var place = Place.beforeHeader
    private var checksum = LineChecksum()
    private var letters = 0
    private var isAtEnd = false
    private var waiting: Entry?
    private let name: String

    init(_ lines: LineReader, largestBody: Int = ExchangeFormat.largestBody) {
        (self.lines, self.largestBody, name) = (lines, largestBody, lines.name)
    }

    /// The next letter or fault; nil at the end of the file. Throws at a header of a format that is not known, because
    /// nothing behind it can be relied on.
    func next() throws(ProgramError) -> Entry? {
        if let entry = waiting {
            waiting = nil
            return entry
        }
        while !isAtEnd {
            guard let line = try lines.next() else {
                isAtEnd = true
                return lastWord
            }
            if let entry = try take(line) { return entry }
        }
        return nil
    }

    /// A file that was cut off lacks its footer; an empty one lacks everything.
    private var lastWord: Entry? {
        guard place != .behindFooter else { return nil }
        let what = place == .inside ? "The footer is missing: the file was cut off." : "The file is empty."
        return .fault(line: lines.count + 1, LineFault(what))
    }

    /// Nil for a line that only frames others.
    private func take(_ line: LineReader.Line) throws(ProgramError) -> Entry? {
        switch line {
        case .tooLong(let number):
            count([])
            return .fault(line: number, LineFault("The line is longer than any letter."))
        case .text(let number, let bytes):
            let json: JSONValue
            do throws(LineFault) {
                json = try JSONValue(line: bytes)
            } catch {
                count(bytes)
                return .fault(line: number, error)
            }
            if let format = json["format"] { return try begin(format, number, bytes) }
            return json["end"] == .boolean(true) ? end(json, number) : letter(json, number, bytes)
        }
    }

    /// The footer speaks of this line, whatever is wrong with it.
    private func count(_ bytes: [UInt8]) {
        place = .inside
        checksum.add(bytes)
        letters += 1
    }

    private func letter(_ json: JSONValue, _ number: Int, _ bytes: [UInt8]) -> Entry {
        let isFramed = place == .inside
        count(bytes)
        let entry: Entry
        do throws(LineFault) {
            let exchanged = try ExchangedLetter(reading: json, largestBody: largestBody)
            entry = .letter(line: number, try exchanged.letter(reader))
        } catch {
            entry = .fault(line: number, error)
        }
        guard !isFramed else { return entry }
        waiting = entry
        return .fault(line: number, LineFault("There is no header before this line."))
    }

    private func begin(_ format: JSONValue, _ number: Int, _ bytes: [UInt8]) throws(ProgramError) -> Entry? {
        let isCutOff = place == .inside
        (place, letters, checksum) = (.inside, 0, LineChecksum())
        checksum.add(bytes)
        guard format == .string(ExchangeFormat.name) else { throw unknown(format, number) }
        guard isCutOff else { return nil }
        return .fault(line: number, LineFault("A header stands here, before the footer of what precedes it."))
    }

    private func end(_ json: JSONValue, _ number: Int) -> Entry? {
        let isInside = place == .inside
        place = .behindFooter
        let said = json["letters"] ?? .null
        let what: String
        if !isInside {
            what = "A footer stands here without a header."
        } else if said != .integer(Int64(letters)) {
            what = "The footer speaks of \(said.compact) letters, but there are \(letters): some are missing."
        } else if json["checksum"] != .string(checksum.text) {
            what = "The checksum is not that of the lines before it: one of them was changed."
        } else {
            return nil
        }
        return .fault(line: number, LineFault(what))
    }

    private func unknown(_ format: JSONValue, _ number: Int) -> ProgramError {
        ProgramError(
            code: "dead-letter.unknown-format",
            sentence:
                "\(name):\(number): The format is \(InertText.line(format.compact)); this release reads "
                + "\"\(ExchangeFormat.name)\".",
            remedy: "Import it with the release that exported it, or a newer one.", exit: .failure)
    }
}
