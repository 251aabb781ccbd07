import Testing

@testable import Fleet

@Suite struct TextTests {
    private static let hostile = [
        "a\nlevel=error message=forged", "a\r\nb", "\u{1B}[2J", "a\u{0}b", "\u{85}next", "\u{2028}line", "\u{9B}31m",
        "quote\" and \\ backslash", "key=value", "", " ", "\t", "\u{7F}",
    ]

    @Test("a hostile text stays on one line and inside its quotes", arguments: hostile)
    func quoted(text: String) {
        let quoted = JSONText.quoted(text)
        #expect(quoted.first == "\"" && quoted.last == "\"")
        #expect(!quoted.unicodeScalars.contains(where: JSONText.isControl))
        // Nothing inside ends the string: every quote is escaped.
        var isEscaped = false
        for scalar in quoted.dropFirst().dropLast().unicodeScalars {
            #expect(isEscaped || scalar != "\"")
            isEscaped = scalar == "\\" && !isEscaped
        }
        #expect(!isEscaped)
    }

    @Test("JSON says what the text said")
    func escapes() {
        #expect(JSONText.quoted("a\"b\\c\nd\u{1}é漢") == #""a\"b\\c\nd\u0001é漢""#)
        #expect(JSONText.quoted("\u{2028}\u{9B}") == #""\u2028\u009b""#)
    }

    @Test("a logfmt value is bare when it can be, and in quotes when it must be")
    func logfmt() {
        #expect(LineLogHandler.logfmt("orders.to-erp") == "orders.to-erp")
        #expect(LineLogHandler.logfmt("Größe") == "Größe")
        for text in Self.hostile { #expect(LineLogHandler.logfmt(text).hasPrefix("\""), "\(text.debugDescription)") }
    }

    @Test("a health report is up only when every part is, and escapes what parts say")
    func health() {
        let up = HealthCheck(name: "ledger", isUp: true, detail: "writable")
        let down = HealthCheck(name: "broker", isUp: false, detail: "\"refused\"\n")
        #expect(HealthReport(checks: []).isUp)
        #expect(HealthReport(checks: [up]).isUp)
        #expect(!HealthReport(checks: [up, down]).isUp)
        #expect(
            HealthReport(checks: [up, down]).json
                == #"{"status":"DOWN","checks":[{"name":"ledger","status":"UP","data":{"detail":"writable"}},"#
                + #"{"name":"broker","status":"DOWN","data":{"detail":"\"refused\"\n"}}]}"# + "\n")
    }
}
