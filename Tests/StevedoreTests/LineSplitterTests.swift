import Testing

@testable import Stevedore

@Suite("Lines of a stream")
struct LineSplitterTests {
    private func lines(_ pieces: [String], limit: Int = 20) -> [LineSplitter.Line] {
        var splitter = LineSplitter(limit: limit)
        var lines = pieces.flatMap { splitter.feed(Array($0.utf8)) }
        if let last = splitter.finish() { lines.append(last) }
        return lines
    }

    private func text(_ number: Int, _ text: String) -> LineSplitter.Line { .text(number: number, Array(text.utf8)) }

    @Test("lines end with LF or CRLF, and the last may lack its end")
    func ends() {
        #expect(lines(["a\nb\r\nc"]) == [text(1, "a"), text(2, "b"), text(3, "c")])
        #expect(lines(["a\n"]) == [text(1, "a")])
        #expect(lines([""]) == [])
    }

    @Test("blank lines count, but are no messages")
    func blanks() {
        #expect(lines(["\n \t\r\n\na\n\n"]) == [text(4, "a")])
    }

    @Test("a line may arrive in any number of pieces", arguments: 1...7)
    func pieces(size: Int) {
        let whole = Array("first\r\nsecond\n\nlast".utf8)
        let pieces = stride(from: 0, to: whole.count, by: size).map {
            String(decoding: whole[$0..<min($0 + size, whole.count)], as: UTF8.self)
        }
        #expect(lines(pieces) == [text(1, "first"), text(2, "second"), text(4, "last")])
    }

    @Test("a line longer than the limit is reported and skipped, and the next one is read")
    func tooLong() {
        let long = String(repeating: "x", count: 1_000)
        #expect(lines(["a\n" + long, long, long + "\nb\n"]) == [text(1, "a"), .tooLong(number: 2), text(3, "b")])
        #expect(lines([long]) == [.tooLong(number: 1)])
    }

    @Test("a line of exactly the limit is read, with LF and with CRLF")
    func limit() {
        let line = String(repeating: "x", count: 20)
        #expect(
            lines([line + "\r\n" + line + "\n" + line + "y\n"]) == [text(1, line), text(2, line), .tooLong(number: 3)])
    }
}
