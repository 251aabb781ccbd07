import Fleet
import FleetTesting
import Glibc
import Models
import RabbitMQ
import Testing

@testable import DeadLetter

@Suite("Reading an export")
struct ImportReaderTests {
    /// What is found in a file: ids of letters, and lines with faults.
    private struct Findings: Equatable {
        var ids: [String] = []
        var faults: [Int] = []
    }

    private func read(_ bytes: [UInt8], limit: Int = 1 << 20, largestBody: Int = 1 << 20) throws -> Findings {
        let folder = try TemporaryDirectory()
        let descriptor = open(folder.file("letters.ndjson"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(descriptor) }
        #expect(write(descriptor, bytes, bytes.count) == bytes.count)
        let lines = LineReader(descriptor: descriptor, name: "letters.ndjson", limit: limit)
        try lines.rewind()
        let reader = ImportReader(lines, largestBody: largestBody)
        var found = Findings()
        while let entry = try reader.next() {
            switch entry {
            case .letter(_, let letter): found.ids.append(letter.id)
            case .fault(let line, _): found.faults.append(line)
            }
        }
        return found
    }

    private func export(_ count: Int) -> [String] {
        var checksum = LineChecksum()
        var lines = [ExchangeFormat.header(at: .epoch).compact]
        for number in 0..<count { lines.append(ExchangedLetter.line(Letters.make(id: "m-\(number)")).compact) }
        for line in lines { checksum.add(line.utf8) }
        return lines + [ExchangeFormat.footer(letters: count, checksum: checksum).compact]
    }

    private func bytes(_ lines: [String], end: String = "\n") -> [UInt8] { Array(lines.map { $0 + end }.joined().utf8) }

    @Test("a whole file has no faults, whatever its line ends, and so have two one after the other")
    func whole() throws {
        let lines = export(3)
        let ids = ["m-0", "m-1", "m-2"]
        #expect(try read(bytes(lines)) == Findings(ids: ids))
        #expect(try read(bytes(lines, end: "\r\n")) == Findings(ids: ids))
        #expect(try read([0xEF, 0xBB, 0xBF] + bytes(lines) + [0x0A, 0x0A]) == Findings(ids: ids))
        #expect(try read(Array(lines.joined(separator: "\n").utf8)) == Findings(ids: ids))
        #expect(try read(bytes(lines + lines)) == Findings(ids: ids + ids))
        #expect(try read(bytes(export(0))) == Findings())
    }

    @Test("a file that was cut off anywhere is noticed")
    func cutOff() throws {
        let whole = bytes(export(2))
        for size in 0..<(whole.count - 1) {
            let found = try read(Array(whole.prefix(size)))
            #expect(!found.faults.isEmpty, "cut to \(size) bytes")
        }
    }

    @Test("a line that is missing, changed or in another place is noticed at the footer")
    func changed() throws {
        let lines = export(3)
        let missing = Array(lines[..<2] + lines[3...])
        let swapped = [lines[0], lines[2], lines[1], lines[3], lines[4]]
        var changed = lines
        changed[2] = lines[2].replacing("SKU", with: "sku").replacing("rejected", with: "accepted")
        #expect(try read(bytes(missing)).faults == [4])
        #expect(try read(bytes(swapped)).faults == [5])
        #expect(try read(bytes(changed)).faults == [5])
    }

    @Test("what is damaged is named by its line, and the letters around it are there")
    func damaged() throws {
        var lines = export(3)
        lines[2] = "garbage"
        let found = try read(bytes(lines))
        #expect(found == Findings(ids: ["m-0", "m-2"], faults: [3, 5]))
        let headless = try read(bytes(Array(export(2).dropFirst())))
        #expect(headless == Findings(ids: ["m-0", "m-1"], faults: [1, 3]))
    }

    @Test("a line above the limit is passed over, and a body above the limit refused")
    func tooLong() throws {
        var lines = export(2)
        lines[1] = String(repeating: "x", count: 5_000)
        #expect(try read(bytes(lines), limit: 4_000) == Findings(ids: ["m-1"], faults: [2, 4]))
        #expect(try read(bytes(export(1)), largestBody: 1).faults == [2])
    }

    @Test("another version of the form is refused, because nothing in it can be relied on")
    func version() throws {
        let lines = [#"{"format":"stevedore.dead-letters/2"}"#] + export(1).dropFirst()
        #expect(throws: ProgramError.self) { try read(bytes(lines)) }
    }
}
