import Testing

@testable import DeadLetter

@Suite("A JSON document that is read to be changed")
struct JSONTreeTests {
    private static func tree(_ json: String) throws -> JSONTree { try JSONTree(parsing: Array(json.utf8)) }

    /// Why the text is no document; nil when it is one.
    private static func fault(_ bytes: [UInt8]) -> String? {
        do throws(JSONFault) {
            _ = try JSONTree(parsing: bytes)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(
        "numbers, strings and the order of members come out as they went in",
        arguments: [
            #"{"z":12.50,"a":[1e400,-0,0.10E+2,12345678901234567890123],"m":null}"#,
            #"{"text":"\u00e9 é \/ \" \uD83D\uDE00 😀","":{},"[]":[],"t":[true,false]}"#, "1.10", "\"\"", "[]",
            "null",
        ])
    func roundTrip(json: String) throws {
        #expect(try Self.tree(json).text == json)
    }

    @Test("blanks between tokens go; indented text says the same")
    func blanks() throws {
        let tree = try Self.tree(" {\t\"a\" :\r\n [ 1.0 , { } ] } ")
        #expect(tree.text == #"{"a":[1.0,{}]}"#)
        let pretty = String(decoding: tree.pretty, as: UTF8.self)
        #expect(
            pretty == """
                {
                  "a": [
                    1.0,
                    {}
                  ]
                }

                """)
        #expect(try Self.tree(pretty).text == tree.text)
    }

    @Test("escapes say the character they stand for")
    func escapes() throws {
        guard case .string(let text) = try Self.tree(#""\"\\\/\b\f\n\r\tA\u00e9\uD83D\uDE00""#) else {
            Issue.record("no string")
            return
        }
        #expect(text.value == "\"\\/\u{8}\u{C}\n\r\tAé😀")
    }

    @Test(
        "what is no JSON is refused with its place",
        arguments: [
            ("", "line 1, column 1: it ends where a value must follow"), ("{", "a member's name must follow"),
            ("[1,]", "line 1, column 4: a value must follow"), ("{\"a\" 1}", "a colon must follow the member's name"),
            ("{\"é\":1\n,\n  x}", "line 3, column 3: a member's name must follow"), ("01", "a number must end here"),
            ("1.", "a digit must follow"), ("+1", "a value must follow"), ("[1 2]", "a comma or ] must follow"),
            ("tru", "true must be written out"), ("\"a", "a string is not finished"), ("1 2", "behind the document"),
            ("\"\n\"", "control characters"), (#""\x""#, "an escape must be one of JSON's"),
            (#""\uD800""#, "half a surrogate pair"), (#""\uD800\u0041""#, "half a surrogate pair"),
            (#""\u12g4""#, "four hexadecimal digits"), ("\u{FEFF}1", "byte order mark"), ("NaN", "a value must follow"),
        ])
    func broken(json: String, reason: String) throws {
        let fault = try #require(Self.fault(Array(json.utf8)))
        #expect(fault.contains(reason), "\(fault)")
    }

    @Test("a key that is there twice is refused, also when it is written in two ways; one that only looks alike is not")
    func duplicates() throws {
        let fault = Self.fault(Array(#"{"a":{"b":1,"\u0062":2}}"#.utf8))
        #expect(fault == #"line 1, column 13: the key "\u0062" is there twice"#)
        #expect(Self.fault(Array("{\"\u{E9}\":1,\"e\u{301}\":2}".utf8)) == nil)
    }

    @Test("bytes that are no UTF-8 are refused")
    func encoding() {
        #expect(Self.fault([0x22, 0xC3, 0x28, 0x22]) == "it is not UTF-8")
    }

    @Test("64 levels are read, 65 are not, and 100,000 end nothing but the reading")
    func depth() {
        let nested = { (depth: Int) in
            Array((String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)).utf8)
        }
        #expect(Self.fault(nested(64)) == nil)
        #expect(Self.fault(nested(65))?.contains("deeper than 64 levels") == true)
        #expect(Self.fault(nested(100_000))?.contains("deeper than 64 levels") == true)
    }

    @Test("any bytes are survived")
    func bytes() {
        for first in UInt8.min...UInt8.max {
            for text in ["", "\"", "{\"\\", "[\\u", "{\"a\":\"\\u", "-", "1e", "[0."] {
                _ = Self.fault(Array(text.utf8) + [first])
            }
        }
    }

    @Test(
        "numbers that are worth the same are equal, however they are written",
        arguments: [
            ("1.0", "1.00"), ("1", "10e-1"), ("0", "-0.000e7"), ("1e400", "10E+399"), ("120", "1.2e2"),
            ("0.1", "0.10"), ("-5", "-0.5e1"),
        ])
    func equalNumbers(left: String, right: String) throws {
        #expect(DecimalValue.areEqual(left, right))
        #expect(try Self.tree(left).says(Self.tree(right)))
        #expect(try !Self.tree(left).isWritten(as: Self.tree(right)))
    }

    @Test(
        "numbers that a binary one cannot tell apart are different",
        arguments: [
            ("0.1", "0.1000000000000000055511151231257827"), ("9007199254740993", "9007199254740992"), ("1", "-1"),
            ("1e400", "1e401"), ("1e-400", "0"), ("10", "1"),
        ])
    func differentNumbers(left: String, right: String) {
        #expect(!DecimalValue.areEqual(left, right))
    }

    @Test("the differences of two documents are told by place, value before and value after")
    func changes() throws {
        let before = try Self.tree(#"{"a":{"b/c":1.0,"gone":[1]},"list":["x","y","z"],"same":1}"#)
        let after = try Self.tree(#"{"same":1,"a":{"b/c":1.00,"new":null},"list":["x","z"]}"#)
        #expect(
            JSONChange.list(before, after) == [
                JSONChange(pointer: "/a/b~1c", before: "1.0", after: "1.00"),
                JSONChange(pointer: "/a/gone", before: "[1]", after: nil),
                JSONChange(pointer: "/a/new", before: nil, after: "null"),
                JSONChange(pointer: "/list/1", before: "\"y\"", after: nil),
            ])
        #expect(JSONChange.list(after, after).isEmpty)
    }

    @Test("a difference is one harmless line for a terminal")
    func line() {
        let change = JSONChange(pointer: "/a", before: "\"\u{1B}[2J\"", after: "1")
        #expect(change.line == #"/a: "\u{1B}[2J" → 1"#)
        #expect(JSONChange(pointer: "/a", before: nil, after: "1").line == "/a: added 1")
        #expect(JSONChange(pointer: "/a", before: "1", after: nil).line == "/a: removed, was 1")
    }
}
