internal import Fleet
internal import Models

/// The form in which letters are kept in files and carried from broker to broker: one JSON object a line.
///
/// The first line is the header, the last one the footer with the number of letters and a checksum, so that a file that
/// was cut off is noticed; each line between them is a letter (``ExchangedLetter``). Several such files one after the
/// other are one file.
enum ExchangeFormat {
    static let name = "stevedore.dead-letters/1"
    /// No broker takes a larger body.
    static let largestBody = 128 << 20
    /// A body of that size in base64, and room for its properties.
    static let largestLine = 192 << 20
    /// Larger bodies are written in base64 also where they are text: escaping can make six bytes of one.
    static let largestText = 1 << 20

    static func header(at time: Timestamp) -> JSONValue {
        ["format": .string(name), "exportedAt": .string(time.description)]
    }

    static func footer(letters: Int, checksum: LineChecksum) -> JSONValue {
        ["end": true, "letters": .integer(Int64(letters)), "checksum": .string(checksum.text)]
    }
}

/// Names the header and the letters of a file, in their order: FNV-1a over the checksum so far and the next line,
/// without its end.
struct LineChecksum: Hashable {
    /// 16 hexadecimal digits; empty before the first line.
    private(set) var text = ""

    mutating func add(_ line: some Sequence<UInt8>) { text = StableHash.fnv1a(Array(text.utf8) + line) }
}

/// Why a line cannot be used: one sentence with its full stop.
struct LineFault: Error, Hashable, Sendable {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
