import FleetTesting
import FoundationEssentials
import Models
import Testing

@testable import Fleet
@testable import Stevedore

/// Files of dead letters without a person, and every other byte as it was.
@Suite("Erasing in exports")
struct EraseFileTests {
    private func line(_ id: String, _ order: Order, blanks: String = "", inBase64: Bool = false) -> String {
        let body = EraseDesk.body(order, Catalogue.orderPlaced, id: id)
        let text = String(decoding: body, as: UTF8.self)
        let member =
            inBase64
            ? #""bodyBase64":"\#(Data(body).base64EncodedString())""# : #""body":\#(JSONValue.string(text).compact)"#
        let sentence = #""sentence":"No \#(order.contact.name).""#
        return #"{"id":"\#(id)","queue":"orders.to-erp.dead",\#(blanks)\#(sentence),\#(member)}"#
    }

    private func file(_ letters: [String]) -> String {
        let header = #"{"format":"stevedore.dead-letters/1","exportedAt":"2026-03-01T10:00:00Z"}"#
        let footer = #"{"end":true,"letters":\#(letters.count),"checksum":"\#(checksum([header] + letters))"}"#
        return ([header] + letters + [footer]).map { $0 + "\n" }.joined()
    }

    /// As `dead-letter export` reckons it.
    private func checksum(_ lines: [String]) -> String {
        lines.reduce("") { StableHash.fnv1a(Array($0.utf8) + Array($1.utf8)) }
    }

    private func erase(
        _ text: String, _ folder: TemporaryDirectory, _ request: EraseOrder = EraseDesk.request()
    ) throws -> (text: String, counts: EraseCounts) {
        let path = folder.file("letters.ndjson")
        try Data(text.utf8).write(to: URL(filePath: path))
        let file = EraseFile(path: path, interruption: Interruption())
        var knowledge = EraseKnowledge()
        var counts = EraseCounts()
        try file.learn(request, into: &knowledge)
        try file.erase(BodyEraser(request, knowledge), &counts)
        return (String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self), counts)
    }

    @Test(
        "their letters change, others keep every byte, and the checksum is that of the new lines",
        arguments: [false, true])
    func lines(inBase64: Bool) throws {
        let folder = try TemporaryDirectory()
        let other = line("m-2", try EraseDesk.order("W-2", account: "C-1", isCanary: false), blanks: "  \t")
        let before = file([line("m-1", try EraseDesk.order("W-1"), inBase64: inBase64), other])
        let (after, counts) = try erase(before, folder)
        #expect(counts[.exports] == 1)
        let lines = after.split(separator: "\n").map(String.init)
        #expect(lines.count == 4)
        #expect(lines[2] == other)
        #expect(after == file([lines[1], lines[2]]))
        let kept = try #require(EraseLine.body(of: Array(lines[1].utf8)))
        let received = try MessageReader().read(kept.body)
        #expect((received.payload as? Order)?.contact.email == PersonalMark.email)
        for canary in EraseDesk.canaries { #expect(!after.contains(canary)) }
        let again = try erase(after, folder)
        #expect(again.text == after)
        #expect(again.counts.total == 0)
    }

    @Test("a file that was damaged stays known as damaged")
    func damaged() throws {
        let folder = try TemporaryDirectory()
        let before = file([line("m-1", try EraseDesk.order("W-1"))]).replacing("2026-03-01", with: "2026-03-02")
        let (after, _) = try erase(before, folder)
        #expect(after.split(separator: "\n").last == before.split(separator: "\n").last)
    }

    @Test("a dry run writes nothing, and no file is left beside it")
    func dryRun() throws {
        let folder = try TemporaryDirectory()
        let before = file([line("m-1", try EraseDesk.order("W-1"))])
        let (after, counts) = try erase(before, folder, EraseDesk.request(isApplied: false))
        #expect(after == before)
        #expect(counts[.exports] == 1)
        _ = try erase(before, folder)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["letters.ndjson"])
    }

    @Test("a last line without its end, and lines that are none of letters, stay so")
    func otherLines() throws {
        let folder = try TemporaryDirectory()
        let before = "not JSON\r\n\n" + line("m-1", try EraseDesk.order("W-1"))
        let (after, _) = try erase(before, folder)
        #expect(after.hasPrefix("not JSON\r\n\n{"))
        #expect(!after.hasSuffix("\n"))
        #expect(!after.contains("Quill"))
    }
}
