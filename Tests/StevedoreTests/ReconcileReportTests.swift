import FleetTesting
import Foundation
import Glibc
import Models
import Storefront
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Reports of reconcile")
struct ReconcileReportTests {
    static let hostile = "</th><script>alert(\"x\")</script>'\u{1B}[31m\u{202E}\"\u{301} &amp;"

    private static var report: ReconcileReport {
        var finding = Finding(
            kind: .customer, key: ShownKey([hostile]), subject: hostile, what: .differing, digest: "d")
        finding.differences = [
            ShownDifference(table: "store_customer", column: "name", values: nil),
            ShownDifference(
                table: "store_customer", column: "hold_code", values: .init(expected: hostile, shown: nil)),
        ]
        finding.step = .restate
        var part = ReconcileReport.Part(stream: ReconcileStream(kind: .customers))
        (part.samples, part.counts, part.repairable, part.isComplete) = ([finding], [.differing: 1], 1, true)
        var report = ReconcileReport(startedAt: .epoch, endedAt: .epoch, erp: hostile, ledger: hostile)
        report.parts = [part]
        return report
    }

    @Test("a page has no script, loads nothing, and what names say is text")
    func page() {
        let page = ReconcilePage(Self.report).text
        #expect(!page.contains("<script") && !page.contains("\u{1B}") && !page.contains("\u{202E}"))
        #expect(page.contains("&lt;script&gt;") && page.contains("default-src 'none'"))
        #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("src="))
        #expect(page.contains("lang=\"en\"") && page.contains("scope=\"row\""))
    }

    @Test("personal data is said to differ, and no more")
    func personal() {
        let text = Self.report.text(width: nil)
        #expect(text.contains("store_customer.name: differs"))
        #expect(Self.report.json.pretty().contains("\"isPersonal\": true"))
    }

    @Test("a terminal is not driven by what a name says")
    func terminal() {
        let text = Self.report.text(width: 100)
        #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
        #expect(text.contains("DIFFERING") && text.contains("1 object has drifted."))
    }

    @Test(
        "a cell of a table is no formula, and its quotes are doubled",
        arguments: ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "a,b", "\"\u{301}", "plain"])
    func cells(text: String) {
        let cell = ReconcileTable.cell(text)
        let content = cell.hasPrefix("\"") ? cell.unicodeScalars.dropFirst().first : cell.unicodeScalars.first
        let starts: [Unicode.Scalar] = ["=", "+", "-", "@", "\t", "\r"]
        #expect(content.map { !starts.contains($0) } == true)
        #expect(cell.unicodeScalars.filter { $0 == "\"" }.count.isMultiple(of: 2))
        if text == "plain" { #expect(cell == "plain") }
        if text == "=1+1" { #expect(cell == "'=1+1") }
    }

    @Test("a page is written in one step, for its owner alone")
    func file() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("drift.html")
            try ReportFile.open(path).finish("one")
            try ReportFile.open(path).finish("two")
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text == "two")
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(throws: ProgramError.self) { _ = try ReportFile.open(directory.file("no/such")) }
        }
    }

    @Test("a table takes the place of an earlier one only when all of it is written, and is its owner's alone")
    func table() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory.file("drift.csv")
            try "before".write(toFile: path, atomically: false, encoding: .utf8)
            #expect(chmod(path, 0o644) == 0)
            let given = try ReconcileTable(path: path)
            let during = try String(contentsOfFile: path, encoding: .utf8)
            given.discard()
            let kept = try String(contentsOfFile: path, encoding: .utf8)
            #expect(during == "before" && kept == "before")
            let table = try ReconcileTable(path: path)
            try table.finish()
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(text.hasPrefix("kind,object"))
            var status = stat()
            #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            let folder = String(path.prefix(path.count - "/drift.csv".count))
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(names == ["drift.csv"])
        }
    }

    @Test(
        "a time to settle is a number and a unit",
        arguments: [("30s", 30), ("2m", 120), ("0s", 0), ("1h", 3_600), ("500ms", 0)])
    func settle(text: String, seconds: Int) throws {
        let time = try #require(SettleTime(text))
        #expect(time.duration.components.seconds == Int64(seconds))
    }

    @Test("anything else is none", arguments: ["", "30", "s", "-1s", "2h", "1d", "99999999999999999999s", "1 s"])
    func noSettle(text: String) {
        #expect(SettleTime(text) == nil)
    }
}
