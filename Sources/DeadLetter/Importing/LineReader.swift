internal import Fleet
#if canImport(Glibc)
    internal import Glibc
#endif

/// Reads a file line by line, with no more than a line in memory, as often as needed.
///
/// Lines end with LF or CRLF; the last one may lack its end. Blank lines count but are not handed out, and a byte order
/// mark before the first line is passed over.
final class LineReader {
    enum Line: Equatable {
        case text(number: Int, [UInt8])
        case tooLong(number: Int)
    }

    private let descriptor: Int32
    /// For messages.
    let name: String
    private let limit: Int
    private var buffer = [UInt8](repeating: 0, count: 256 << 10)
    private var rest = 0..<0
    /// Lines that have ended so far.
    private(set) var count = 0

    /// `name` is for messages; no line longer than `limit` bytes is handed out.
    init(descriptor: Int32, name: String, limit: Int = ExchangeFormat.largestLine) {
        (self.descriptor, self.name, self.limit) = (descriptor, name, limit)
    }

    /// The next line that is not blank.
    func next() throws(ProgramError) -> Line? {
        while let line = try nextLine() {
            guard case .text(_, let bytes) = line, bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return line }
        }
        return nil
    }

    /// Begins anew.
    func rewind() throws(ProgramError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw ImportFile.failure(name) }
        (rest, count) = (0..<0, 0)
    }

    private func nextLine() throws(ProgramError) -> Line? {
        var line: [UInt8] = []
        var isTooLong = false
        var hasBegun = false
        while true {
            if rest.isEmpty, try !fill() { return hasBegun ? ended(&line, isTooLong) : nil }
            hasBegun = true
            let end = buffer[rest].firstIndex(of: 0x0A)
            let part = rest.lowerBound..<(end ?? rest.upperBound)
            isTooLong = isTooLong || line.count + part.count > limit + 1
            if isTooLong { line = [] } else { line += buffer[part] }
            rest = (end.map { $0 + 1 } ?? rest.upperBound)..<rest.upperBound
            if end != nil { return ended(&line, isTooLong) }
        }
    }

    private func ended(_ line: inout [UInt8], _ isTooLong: Bool) -> Line {
        count += 1
        if line.last == 0x0D { line.removeLast() }
        if count == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        return isTooLong || line.count > limit ? .tooLong(number: count) : .text(number: count, line)
    }

    /// False at the end.
    private func fill() throws(ProgramError) -> Bool {
        while true {
            let found = read(descriptor, &buffer, buffer.count)
            if found >= 0 {
                rest = 0..<found
                return found > 0
            }
            guard errno == EINTR else { throw ImportFile.failure(name) }
        }
    }
}
