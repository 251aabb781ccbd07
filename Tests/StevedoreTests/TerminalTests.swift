import Fleet
import Testing

@testable import Stevedore

@Suite("What people read")
struct TerminalTests {
    @Test("columns are as wide as their widest cell, numbers line up on the right")
    func table() {
        var table = TextTable([.text("QUEUE"), .number("READY"), .text("WHY")])
        table.add(["orders.to-erp", "1,000", "full"])
        table.add(["a", "7"])
        #expect(
            table.lines() == [
                "QUEUE          READY  WHY",
                "orders.to-erp  1,000  full",
                "a                  7  ",
            ])
    }

    @Test("a narrow terminal cuts the last column, never the others")
    func width() {
        var table = TextTable([.text("ID"), .text("WHY")])
        table.add(["019ca9e6", "the product FST-0099 is not known to the ERP"])
        #expect(table.lines(width: 24)[1] == "019ca9e6  the product F…")
    }

    @Test("wide characters take two columns")
    func wide() {
        #expect(InertText.columns("注文") == 4)
        #expect(InertText.columns("ab📦") == 4)
        #expect(InertText.columns("e\u{301}") == 1)
    }

    @Test(
        "a hostile text cannot control the terminal",
        arguments: ["\u{1B}[2J", "a\nb", "\u{202E}evil", "\u{9B}31m", "\u{2028}", "\r"])
    func hostile(text: String) {
        let shown = InertText.line(text)
        #expect(!shown.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(shown.contains("\\u{"))
        #expect(InertText.line("Grüße 注文 📦") == "Grüße 注文 📦")
    }

    @Test("ages are said in two units")
    func ages() {
        #expect(Age.text(microseconds: 47_000_000) == "47s")
        #expect(Age.text(microseconds: 7_800_000_000) == "2h 10m")
        #expect(Age.text(microseconds: 7_200_000_000) == "2h")
        #expect(Age.text(microseconds: -5) == "0s")
        #expect(Age.text(microseconds: Int64.min) == "0s")
    }

    @Test("numbers are grouped")
    func counts() {
        #expect(Count.text(1, "message") == "1 message")
        #expect(Count.text(1_234_567, "message") == "1,234,567 messages")
        #expect(Count.grouped(-1_000) == "-1,000")
    }

    @Test("JSON is escaped and keeps its order")
    func json() {
        let value: JSONValue = ["b": "a\"\n", "a": [1, true, .null], "c": [:]]
        #expect(value.compact == #"{"b":"a\"\n","a":[1,true,null],"c":{}}"#)
        #expect(
            value.pretty() == "{\n  \"b\": \"a\\\"\\n\",\n  \"a\": [\n    1,\n    true,\n    null\n  ],\n  \"c\": {}\n}"
        )
    }
}
