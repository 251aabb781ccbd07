internal import Fleet

/// The messages of one input: a file with one message, or a stream with one message a line.
final class MessageSource {
    /// One step through the input.
    enum Step {
        case message(line: Int, [UInt8])
        case tooLong(line: Int)
        /// Nothing to read just now.
        case pause
        case end
    }

    let name: String
    /// Whether lines are messages; else the whole input is one.
    let isStream: Bool
    let isStandardInput: Bool
    private let bytes: ByteStream
    private let limit: Int
    private let firstLine: Int
    private var splitter: LineSplitter
    private var waiting: ArraySlice<LineSplitter.Line> = []
    private var whole: [UInt8] = []
    private var isAtEnd = false

    /// Bodies longer than `limit` are not read to their end.
    init(path: String, isStream: Bool, fromLine: Int = 1, limit: Int = 1 << 20) throws(ProgramError) {
        bytes = try ByteStream(path: path)
        name = bytes.name
        self.isStream = isStream
        isStandardInput = path == "-"
        self.limit = limit
        firstLine = fromLine
        splitter = LineSplitter(limit: limit)
    }

    /// Whether a path holds one message a line by its name.
    static func isStream(_ path: String) -> Bool {
        path.hasSuffix(".ndjson") || path.hasSuffix(".jsonl")
    }

    /// The next step.
    func next() throws(ProgramError) -> Step {
        try isStream ? nextLine() : wholeInput()
    }

    private func nextLine() throws(ProgramError) -> Step {
        while true {
            while let line = waiting.popFirst() {
                switch line {
                case .text(let number, let body) where number >= firstLine: return .message(line: number, body)
                case .tooLong(let number) where number >= firstLine: return .tooLong(line: number)
                default: continue
                }
            }
            if isAtEnd { return try end() }
            switch try bytes.read() {
            case .bytes(let piece): waiting = splitter.feed(piece)[...]
            case .nothing: return .pause
            case .end:
                isAtEnd = true
                waiting = (splitter.finish().map { [$0] } ?? [])[...]
            }
        }
    }

    /// A number beyond the last line is a slip: nothing would be done, and that would look like success.
    private func end() throws(ProgramError) -> Step {
        guard firstLine > 1, splitter.count < firstLine else { return .end }
        throw ProgramError(
            code: "publish.no-line",
            sentence: "There is no line \(firstLine) in \(name): its last is line \(splitter.count).",
            remedy: "Correct --from-line.", exit: .usage)
    }

    private func wholeInput() throws(ProgramError) -> Step {
        while !isAtEnd {
            switch try bytes.read() {
            case .bytes(let piece):
                whole.append(contentsOf: piece)
                if whole.count <= limit { continue }
                isAtEnd = true
                return .tooLong(line: 1)
            case .nothing: return .pause
            case .end:
                isAtEnd = true
                return .message(line: 1, whole)
            }
        }
        return .end
    }
}
