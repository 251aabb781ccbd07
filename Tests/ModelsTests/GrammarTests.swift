import Foundation
import Models
import Testing

/// Documents that RFC 8259 does not allow, in the manner of JSONTestSuite's n_*.json.
enum InvalidJSON {
    static let texts: [String] = [
        "", " ", "[", "]", "{", "}", "[1", "[1,", "[1,]", "[,1]", "[,]", "[1,,2]", "[1 2]", "[1]]", "[1],", "[1]x",
        "[1:2]", "[\"\": 1]",
        "[\"a\"", "[\"a\",4", "[,", "[[", "[[]", "[a]", "[*]", "[\u{000B}]", "[\u{000C}]", "[\u{2060}]", "[1,\n1\n,1",
        "[[[[]]]", "[}", "[\u{00E5}]",
        "{]", "{}}", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1,,\"b\":2}", "{,}", "{:1}", "{1:1}", "{a:1}",
        "{'a':1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}",
        "{\"a\"::1}", "{\"a\",1}", "{\"a\":1}#", "{\"a\":1}{}", "{\"a\":1}/**/", "{\"a\":1}//", "{/**/}", "{\"a\":1} x",
        "{\"a\":\"a", "{\"a\":[}", "{9999E9999:1}",
        "nul", "[nul]", "[tru]", "[fals]", "[True]", "[TRUE]", "[truee]", "[nulll]", "truex", "[NaN]", "[nan]",
        "[Infinity]", "[-Infinity]", "[Inf]", "[undefined]",
        "[-]", "[+1]", "[++1]", "[--1]", "[-01]", "[01]", "[012]", "[-012]", "[00]", "[1.]", "[.1]", "[-.1]", "[0.]",
        "[0.e1]", "[1.e1]", "[1e]", "[1e+]", "[1E-]",
        "[0e]", "[0E+]", "[1eE2]", "[1.2.3]", "[1+2]", "[1-2]", "[0x1]", "[0x42]", "[1_000]", "[1 000.0]", "[1,5e]",
        "[- 1]", "[-1x]", "[1a]", "[1e1.5]", "[\u{FF11}]",
        "[0.3e]", "[0.3e+]", "[9.e+]", "[2.e-3]", "[-2.]", "[.2e-3]", "[1e400]", "[-1e400]",
        "['a']", "[a\"b]", "[\"a]", "\"", "\"a", "\"\\\"", "[\"\\\"]", "[\"\\x00\"]", "[\"\\a\"]", "[\"\\'\"]",
        "[\"\\0\"]", "[\"\\u\"]", "[\"\\u1\"]", "[\"\\u12\"]",
        "[\"\\u123\"]", "[\"\\u12G4\"]", "[\"\\U0041\"]", "[\"\\u-001\"]", "[\"\\u 041\"]", "[\"a\nb\"]", "[\"a\tb\"]",
        "[\"a\u{1}b\"]", "[\"a\u{1F}b\"]", "[\"\\\n\"]", "[\"\\\u{E5}\"]",
        "[\\n]", "\\u000A\"\"", "[\"a\" \"b\"]", "<.>", "[<null>]", "!", "#", "a", "*", "[⁠]", "123abc", "1 2",
        "{\"a\":true} \"x\"", "\u{FEFF}",
    ]

    static let bytes: [[UInt8]] = [
        [0], Array("[1]".utf8) + [0], [0x5B, 0x22, 0xFF, 0x22, 0x5D], [0x5B, 0x22, 0xC0, 0xAF, 0x22, 0x5D],
        [0x5B, 0x22, 0xE0, 0x80, 0xAF, 0x22, 0x5D],
        [0x5B, 0x22, 0xED, 0xA0, 0x80, 0x22, 0x5D], [0x5B, 0x22, 0xF4, 0x90, 0x80, 0x80, 0x22, 0x5D],
        [0x5B, 0x22, 0x80, 0x22, 0x5D],
        [0x5B, 0x22, 0xC3, 0x22, 0x5D], [0x5B, 0x22, 0xE2, 0x82, 0x22, 0x5D],
        [0x5B, 0x22, 0xF8, 0x88, 0x80, 0x80, 0x80, 0x22, 0x5D], [0xE5], [0x5B, 0xE5, 0x5D],
        [0x5B, 0x31, 0xE5, 0x5D], [0x5B, 0x22, 0x61, 0x00, 0x61, 0x22, 0x5D], [0x61, 0xE5],
        [0xEF, 0xBB, 0xBF, 0x7B, 0x7D], [0xEF, 0xBB], [0x5B, 0x00, 0x5D],
    ]

    static let all = texts.map { Array($0.utf8) } + bytes
}

@Suite("JSON grammar")
struct GrammarTests {
    private static let malformed: Set<ContractError.Reason> = [.json, .encoding]

    @Test("what is not JSON is refused as a body", arguments: InvalidJSON.all)
    func invalidBodies(body: [UInt8]) throws {
        let error = try #require(Fixture.refusal(body))
        #expect(Self.malformed.contains(error.reason), "\(error)")
    }

    @Test("what is not JSON is refused inside a message", arguments: InvalidJSON.all)
    func invalidMembers(body: [UInt8]) throws {
        let (head, tail) = (#"{"specversion":"1.0","x":"#, #","y":1}"#)
        let error = try #require(Fixture.refusal(Array(head.utf8) + body + Array(tail.utf8)))
        // Two of the texts close the object early and become a message with a bad envelope; no text makes a good one.
        #expect(Self.malformed.contains(error.reason) || error.reason == .envelope, "\(error)")
    }

    @Test("what Foundation refuses is refused here too", arguments: InvalidJSON.all)
    func agreesWithFoundation(body: [UInt8]) {
        let isRefused = (try? JSONSerialization.jsonObject(with: Data(body), options: .fragmentsAllowed)) == nil
        if isRefused { #expect(Fixture.refusal(body) != nil) }
    }

    @Test("what Foundation lets pass and no two parsers agree on is refused")
    func stricterThanFoundation() throws {
        let utf16 = try #require(Fixture.placed.data(using: .utf16))
        let utf16LE = try #require(Fixture.placed.data(using: .utf16LittleEndian))
        let utf32 = try #require(Fixture.placed.data(using: .utf32BigEndian))
        let marked = [0xEF, 0xBB, 0xBF] + Array(Fixture.placed.utf8)
        for body in [[UInt8](utf16), [UInt8](utf16LE), [UInt8](utf32), marked] {
            #expect(Fixture.refusal(body)?.reason == .encoding)
        }
        for name in [#"\u0000"#, #"a\u0000b"#, #"\ud800"#, #"\udc00"#, #"\ud800x"#, #"\ud800\ud800"#, #"\udc00\ud800"#]
        {
            let body = try Fixture.replacing("\"Ana Ruiz\"", with: "\"\(name)\"")
            #expect(Fixture.refusal(body)?.reason == .json, "\(name)")
            let key = try Fixture.replacing("\"email\"", with: "\"\(name)\":1,\"email\"")
            #expect(Fixture.refusal(key)?.reason == .json, "\(name) as a key")
        }
    }

    @Test(
        "bodies that are JSON but no object are no envelope",
        arguments: ["null", "[]", "7", "\"text\"", "true", "[{}]"])
    func notAnObject(text: String) {
        #expect(Fixture.refusal(Array(text.utf8))?.reason == .envelope)
    }

    @Test("an empty object lacks every required attribute")
    func emptyObject() {
        #expect(
            marks(Fixture.refusal(Array("{}".utf8)))
                == [
                    "/data required", "/id required", "/revision required", "/source required", "/specversion required",
                    "/subject required", "/time required", "/type required",
                ])
    }

    @Test(
        "a key that is there twice is refused with its pointer",
        arguments: [
            ("\"email\"", "/data/contact/name"), ("\"unitPrice\": \"1.12\"", "/data/lines/1/name"),
            ("\"specversion\"", "/name"),
            ("\"goods\"", "/data/totals/name"),
        ])
    func duplicateKeys(anchor: String, pointer: String) throws {
        let body = try Fixture.replacing(anchor, with: "\"name\":\"A\",\"name\":\"A\",\(anchor)")
        let error = try #require(Fixture.refusal(body))
        #expect(error.reason == .json)
        #expect(marks(error) == ["\(pointer) duplicate"])
    }

    @Test("keys are the same however they are escaped")
    func escapedDuplicates() throws {
        let body = try Fixture.replacing("\"goods\"", with: "\"x~/y\":1,\"x~\\/\\u0079\":2,\"goods\"")
        #expect(marks(Fixture.refusal(body)) == ["/data/totals/x~0~1y duplicate"])
        let inUnknown = try Fixture.replacing("\"specversion\"", with: "\"x\":[{\"a\":1,\"a\":2}],\"specversion\"")
        #expect(marks(Fixture.refusal(inUnknown)) == ["/x/0/a duplicate"])
    }

    @Test("nesting is bounded: 64 levels are read, 65 are not, 100,000 do no harm")
    func depth() throws {
        func body(_ levels: Int) throws -> [UInt8] {
            let nested = String(repeating: "[", count: levels) + "1" + String(repeating: "]", count: levels)
            return try Fixture.replacing("\"specversion\"", with: "\"x\":\(nested),\"specversion\"")
        }
        #expect(Fixture.refusal(try body(63)) == nil)
        #expect(Fixture.refusal(try body(64))?.reason == .tooDeep)
        #expect(Fixture.refusal(try body(100_000))?.reason == .tooDeep)
        #expect(Fixture.refusal(Array(repeating: UInt8(ascii: "["), count: 100_000)) != nil)
    }

    @Test("size is bounded before anything is parsed")
    func size() throws {
        let padding = String(repeating: " ", count: (1 << 20) - Fixture.placed.utf8.count)
        #expect(Fixture.refusal(Array((Fixture.placed + padding).utf8)) == nil)
        let error = Fixture.refusal(Array((Fixture.placed + padding + " ").utf8))
        #expect(error?.reason == .tooLarge)
        #expect(error?.sentence == "The message has 1048577 bytes; at most 1048576 are read.")
    }

    @Test("tens of thousands of keys, sorted or not, twice or not, take bounded time")
    func manyKeys() throws {
        let keys = (0..<20_000).map { "\"k\(($0 &* 7919) % 20_000)\":0" }.joined(separator: ",")
        let start = ContinuousClock.now
        #expect(Fixture.refusal(try Fixture.replacing("\"goods\"", with: "\(keys),\"goods\"")) == nil)
        let twice = try Fixture.replacing("\"goods\"", with: "\(keys),\"k17\":1,\"goods\"")
        #expect(Fixture.refusal(twice)?.reason == .json)
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("numbers beyond 64 bits and strings of a megabyte are refused or read, never worse")
    func extremes() throws {
        let digits = String(repeating: "9", count: 1000)
        #expect(Fixture.refusal(try Fixture.replacing("\"goods\"", with: "\"x\":\(digits),\"goods\""))?.reason == .json)
        let text = String(repeating: "x", count: 1_000_000)
        #expect(Fixture.refusal(try Fixture.replacing("\"goods\"", with: "\"x\":\"\(text)\",\"goods\"")) == nil)
        #expect(
            marks(
                Fixture.refusal(try Fixture.replacing("\"revision\": 1,", with: "\"revision\": 18446744073709551615,")))
                == ["/data/revision range", "/revision range"])
        for number in ["1.0", "1e0", "true", "\"1\""] {
            let (number1, revision) = ("\"number\": \"W-1001\",\n    ", "\"revision\": ")
            let body = try Fixture.replacing("\(number1)\(revision)1", with: "\(number1)\(revision)\(number)")
            #expect(marks(Fixture.refusal(body)) == ["/data/revision type"], "\(number)")
        }
    }
}
