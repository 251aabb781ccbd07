/// Cuts a stream of bytes into lines, with bounded memory: NDJSON comes in any size, from anywhere.
///
/// Lines end with LF or CRLF; the last one may lack its end. Blank lines count but are not handed out. A line longer than
/// the limit is reported as such and skipped, however long it is.
struct LineSplitter {
    /// One line that is worth looking at.
    enum Line: Equatable {
        case text(number: Int, [UInt8])
        case tooLong(number: Int)
    }

    private let limit: Int
    private var partial: [UInt8] = []
    private var isSkipping = false
    /// Lines that have ended so far.
    private(set) var count = 0

    /// No line longer than `limit` bytes is handed out.
    init(limit: Int) { self.limit = limit }

    /// The lines that end within the next bytes of the stream.
    mutating func feed(_ bytes: some Collection<UInt8>) -> [Line] {
        var lines: [Line] = []
        for (index, part) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            // Every part but the first follows a line end.
            if index > 0, let line = endLine() { lines.append(line) }
            append(part)
        }
        return lines
    }

    /// The line that the end of the stream cut off, if there is one.
    mutating func finish() -> Line? {
        partial.isEmpty && !isSkipping ? nil : endLine()
    }

    private mutating func append(_ part: some Collection<UInt8>) {
        guard !isSkipping else { return }
        guard partial.count + part.count <= limit + 1 else {
            isSkipping = true
            partial = []
            return
        }
        partial.append(contentsOf: part)
    }

    private mutating func endLine() -> Line? {
        count += 1
        defer {
            partial = []
            isSkipping = false
        }
        if partial.last == 0x0D { partial.removeLast() }
        if isSkipping || partial.count > limit { return .tooLong(number: count) }
        let isBlank = partial.allSatisfy { $0 == 0x20 || $0 == 0x09 }
        return isBlank ? nil : .text(number: count, partial)
    }
}
