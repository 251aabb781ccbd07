import Testing

@testable import DeadLetter

@Suite("Showing a body")
struct BodyPrinterTests {
    private func text(_ json: String, _ faults: [LetterFault] = []) -> String? {
        BodyPrinter.lines(Array(json.utf8)).map { AnnotatedBody($0, faults).text(isColoured: false) }
    }

    @Test("numbers and strings are shown as they were written")
    func lossless() {
        #expect(
            text(#"{"a":1.10,"b":[12345678901234567890.000,1e400],"c":"é","d":{},"e":[]}"#) == """
                {
                  "a": 1.10,
                  "b": [
                    12345678901234567890.000,
                    1e400
                  ],
                  "c": "é",
                  "d": {},
                  "e": []
                }

                """)
    }

    @Test("a fault stands under its value, and one of a missing field under what should hold it")
    func faults() {
        let shown = text(
            #"{"data":{"lines":[{"sku":"X"}]}}"#,
            [
                LetterFault(pointer: "/data/lines/0/sku", rule: "sku", sentence: "The ERP does not know X."),
                LetterFault(pointer: "/data/number", rule: "required", sentence: "The number is missing."),
            ])
        #expect(
            shown == """
                {
                  "data": {
                  ^ /data/number: The number is missing.
                    "lines": [
                      {
                        "sku": "X"
                        ^ The ERP does not know X.
                      }
                    ]
                  }
                }

                """)
    }

    @Test("pointers with slashes and tildes find their key")
    func escapes() {
        let lines = BodyPrinter.lines(Array(#"{"a/b~c":{"q\"\u0041":1}}"#.utf8)) ?? []
        #expect(lines.map(\.pointer).contains("/a~1b~0c/q\"A"))
    }

    @Test("what is not JSON is not printed as JSON", arguments: ["", "{", "[1,", "{\"a\"}", "1 2", "\"a", "]"])
    func broken(text: String) {
        #expect(BodyPrinter.lines(Array(text.utf8)) == nil)
    }

    @Test("a very deep body ends the printing, not the program")
    func deep() {
        #expect(BodyPrinter.lines(Array(String(repeating: "[", count: 100_000).utf8)) == nil)
    }

    @Test("any bytes are survived")
    func bytes() {
        for first in UInt8.min...UInt8.max {
            for text in ["", "\"", "{\"\\", "[\\u", "{\"a\":\"\\"] { _ = BodyPrinter.lines(Array(text.utf8) + [first]) }
        }
    }

    @Test("faults are read from their header, also when it was cut")
    func header() {
        let faults = LetterFault.list("/a\trequired\tIt is missing.\n/b\tdeci…")
        #expect(faults.map(\.pointer) == ["/a", "/b"])
        #expect(faults[1].sentence == "")
        #expect(LetterFault.list("") == [])
    }
}
