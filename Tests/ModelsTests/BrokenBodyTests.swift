import Foundation
import Models
import Testing

@Suite("Broken bodies")
struct BrokenBodyTests {
    @Test(
        "a body that is no JSON is refused with the place where it stops being JSON",
        arguments: [
            ("{\"a\":[1,2\n  ,x]}", "/a/2", "line 2, column 4 (byte 14)", "a value must follow"),
            (
                "{\"a\":{\"b\":\"c\"", "/a", "line 1, column 14 (byte 14)",
                "the body ends where a comma or } must follow"
            ),
            ("{\"a\":\"text", "/a", "line 1, column 11 (byte 11)", "the body ends where a string is not finished"),
            ("{\"é\" 1}", "/é", "line 1, column 6 (byte 7)", "a colon must follow the member's name"),
            ("{'a':1}", "", "line 1, column 2 (byte 2)", "a member's name must follow"),
            ("{\"a\":01}", "/a", "line 1, column 7 (byte 7)", "a number must end here"),
            ("{\"a\":1e400}", "/a", "line 1, column 6 (byte 6)", "the number does not fit 64 bits"),
            ("{\"a\":\"\\ud800x\"}", "/a", "line 1, column 7 (byte 7)", "half a surrogate pair"),
            ("{\"a\":\"\\q\"}", "/a", "line 1, column 8 (byte 8)", "an escape must be one of JSON's"),
            ("{\"a\":\"\t\"}", "/a", "line 1, column 7 (byte 7)", "control characters"),
            ("{\"a\":tru}", "/a", "line 1, column 9 (byte 9)", "true must be written out"),
            ("{\"a\":1}}", "", "line 1, column 8 (byte 8)", "there is something behind the document"),
            ("[1 2]", "", "line 1, column 4 (byte 4)", "a comma or ] must follow"),
        ])
    func places(text: String, pointer: String, place: String, predicate: String) throws {
        let error = try #require(Fixture.refusal(Array(text.utf8)))
        let fault = try #require(error.faults.first)
        #expect(error.reason == .json)
        #expect(fault.pointer == pointer && fault.rule == "json")
        #expect(fault.sentence.hasPrefix(place + ": "), "\(fault.sentence)")
        #expect(fault.sentence.contains(predicate), "\(fault.sentence)")
        #expect(error.sentence.contains(place))
    }

    @Test("what is not JSON has a place, whatever it is", arguments: InvalidJSON.all)
    func everyPlace(body: [UInt8]) throws {
        let error = try #require(Fixture.refusal(body))
        let isEmpty = body.allSatisfy { $0 == UInt8(ascii: " ") }
        if error.reason == .json, !isEmpty { #expect(error.faults.count == 1, "\(error)") }
    }

    @Test("a truncated message still has the names that came before the cut")
    func names() throws {
        let cut = try #require(Fixture.placed.range(of: "\"purchaseOrderNumber\"")?.lowerBound)
        let error = try #require(Fixture.refusal(Array(Fixture.placed[..<cut].utf8)))
        #expect(error.id == "019ca9e6-1400-7000-8000-000000000001")
        #expect(error.subject == "W-1001" && error.type == "order.placed.v1")
        #expect(error.faults.first?.pointer == "/data")
    }

    @Test("headers name a message whose body does not get that far")
    func headerNames() throws {
        let message = IncomingMessage(messageID: "m-1", headers: { [("cloudEvents_subject", "W-7")] })
        let error = try #require(Fixture.refusal(Array("{".utf8), message))
        #expect(error.subject == "W-7" && error.id == "m-1")
    }

    @Test("bytes that are no UTF-8 are named by their place")
    func encoding() throws {
        let error = try #require(Fixture.refusal(Array("{\"a\":\n\"".utf8) + [0xC3, 0x28, 0x22, 0x7D]))
        #expect(error.reason == .encoding)
        #expect(error.faults.first?.sentence.hasPrefix("line 2, column 2 (byte 8)") == true)
    }

    @Test("a megabyte of brackets is no depth to fall into")
    func depth() {
        for text in ["[", "{\"a\":", "[{\"a\":[["] {
            let body = String(repeating: text, count: 100_000) + "x"
            #expect(Fixture.refusal(Array(body.utf8)) != nil)
        }
    }
}
