import Testing

@testable import DeadLetter

@Suite("A JSON Patch")
struct JSONPatchTests {
    /// A document, a patch, and the document after it, or a part of the sentence that says why not.
    struct Case: Sendable, CustomTestStringConvertible {
        let document: String
        let patch: String
        let outcome: String

        init(_ document: String, _ patch: String, _ outcome: String) {
            (self.document, self.patch, self.outcome) = (document, patch, outcome)
        }

        var testDescription: String { "\(document) \(patch)" }
    }

    private static func applied(_ patch: String, to document: String) throws -> String {
        let patch = try JSONPatch(parsing: Array(patch.utf8))
        return try patch.applied(to: try JSONTree(parsing: Array(document.utf8))).text
    }

    private static func refusal(_ patch: String, of document: String) throws -> JSONPatch.Fault? {
        do {
            _ = try applied(patch, to: document)
            return nil
        } catch let fault as JSONPatch.Fault {
            return fault
        }
    }

    private static func parsingFault(_ patch: String) -> String? {
        do throws(JSONFault) {
            _ = try JSONPatch(parsing: Array(patch.utf8))
            return nil
        } catch {
            return error.reason
        }
    }

    @Test(
        "changes the document",
        arguments: [
            Case(#"{"a":1}"#, #"[{"op":"add","path":"/b","value":2.50}]"#, #"{"a":1,"b":2.50}"#),
            Case(#"{"a":1,"b":2}"#, #"[{"op":"add","path":"/a","value":3}]"#, #"{"a":3,"b":2}"#),
            Case("[1,3]", #"[{"op":"add","path":"/1","value":2}]"#, "[1,2,3]"),
            Case("[1]", #"[{"op":"add","path":"/1","value":2}]"#, "[1,2]"),
            Case("[1]", #"[{"op":"add","path":"/-","value":[2]}]"#, "[1,[2]]"),
            Case("[]", #"[{"op":"add","path":"/0","value":1}]"#, "[1]"),
            Case(#"{"a":1}"#, #"[{"op":"add","path":"","value":[1.0]}]"#, "[1.0]"),
            Case(#"{"a":1}"#, #"[{"op":"replace","path":"","value":null}]"#, "null"),
            Case(#"{"a":{"b":1}}"#, #"[{"op":"replace","path":"/a/b","value":"x"}]"#, #"{"a":{"b":"x"}}"#),
            Case("[1,2]", #"[{"op":"replace","path":"/0","value":9}]"#, "[9,2]"),
            Case(#"{"a":1,"b":2,"c":3}"#, #"[{"op":"remove","path":"/b"}]"#, #"{"a":1,"c":3}"#),
            Case("[1,2,3]", #"[{"op":"remove","path":"/1"}]"#, "[1,3]"),
            Case(#"{"a":{"b":1},"c":{}}"#, #"[{"op":"move","from":"/a/b","path":"/c/d"}]"#, #"{"a":{},"c":{"d":1}}"#),
            Case("[1,2,3]", #"[{"op":"move","from":"/0","path":"/2"}]"#, "[2,3,1]"),
            Case(#"{"a":1}"#, #"[{"op":"move","from":"/a","path":"/a"}]"#, #"{"a":1}"#),
            Case(#"{"a":[1]}"#, #"[{"op":"copy","from":"/a","path":"/b"}]"#, #"{"a":[1],"b":[1]}"#),
            Case(#"{"a":{"b":1}}"#, #"[{"op":"copy","from":"","path":"/a/b"}]"#, #"{"a":{"b":{"a":{"b":1}}}}"#),
            Case(#"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a/b","path":"/a"}]"#, #"{"a":1}"#),
            Case(#"{"a/b":1,"m~n":2}"#, #"[{"op":"replace","path":"/a~1b","value":3}]"#, #"{"a/b":3,"m~n":2}"#),
            Case(#"{"~1":1}"#, #"[{"op":"replace","path":"/~01","value":2}]"#, #"{"~1":2}"#),
            Case(#"{"":1}"#, #"[{"op":"replace","path":"/","value":2}]"#, #"{"":2}"#),
            Case(#"{"0":1}"#, #"[{"op":"add","path":"/00","value":2}]"#, #"{"0":1,"00":2}"#),
            Case(#"{"\u0061":1}"#, #"[{"op":"replace","path":"/a","value":2}]"#, #"{"\u0061":2}"#),
            Case("1", "[]", "1"),
            Case("1", #"[{"op":"test","path":"","value":1.0,"comment":"of no meaning"}]"#, "1"),
        ])
    func applies(example: Case) throws {
        #expect(try Self.applied(example.patch, to: example.document) == example.outcome)
    }

    @Test(
        "that does not fit is refused",
        arguments: [
            Case("{}", #"[{"op":"remove","path":"/a"}]"#, #"there is no member "a""#),
            Case("{}", #"[{"op":"replace","path":"/a","value":1}]"#, #"there is no member "a""#),
            Case("{}", #"[{"op":"add","path":"/a/b","value":1}]"#, #"there is no member "a""#),
            Case("[1]", #"[{"op":"add","path":"/2","value":1}]"#, "there is no element 2: the array has 1"),
            Case("[1]", #"[{"op":"replace","path":"/1","value":1}]"#, "there is no element 1: the array has 1"),
            Case("[1]", #"[{"op":"remove","path":"/-"}]"#, "there is no element -"),
            Case("[1]", #"[{"op":"remove","path":"/00"}]"#, "leading zeros"),
            Case("[1]", #"[{"op":"remove","path":"/+0"}]"#, "leading zeros"),
            Case("[1]", #"[{"op":"remove","path":"/"}]"#, "leading zeros"),
            Case("[1]", #"[{"op":"add","path":"/1e0","value":1}]"#, "leading zeros"),
            Case("[1]", #"[{"op":"remove","path":"/99999999999999999999"}]"#, "there is no element"),
            Case(#"{"a":1}"#, #"[{"op":"add","path":"/a/b","value":1}]"#, "neither an object nor an array"),
            Case("{}", #"[{"op":"remove","path":""}]"#, "nothing would be left"),
            Case(#"{"a":{}}"#, #"[{"op":"move","from":"/a","path":"/a/b"}]"#, "cannot be moved into itself"),
            Case("{}", #"[{"op":"move","from":"/a","path":"/b"}]"#, #"of "/a", there is no member "a""#),
            Case("{}", #"[{"op":"move","from":"/a","path":"/a"}]"#, #"there is no member "a""#),
            Case("{}", #"[{"op":"copy","from":"/a","path":"/b"}]"#, #"there is no member "a""#),
            Case(#"{"a":"1"}"#, #"[{"op":"test","path":"/a","value":1}]"#, #"the value is "1", not 1"#),
            Case("{}", #"[{"op":"test","path":"/a","value":null}]"#, #"there is no member "a""#),
        ])
    func refuses(example: Case) throws {
        let fault = try #require(try Self.refusal(example.patch, of: example.document))
        #expect(fault.sentence.contains(example.outcome), "\(fault.sentence)")
    }

    @Test("is made whole or not at all, and names the first operation that does not fit")
    func first() throws {
        let patch = #"""
            [{"op":"add","path":"/a","value":1},{"op":"replace","path":"/b~1c/0","value":1},{"op":"remove","path":"/x"}]
            """#
        let fault = try #require(try Self.refusal(patch, of: "{}"))
        #expect(fault.number == 2)
        #expect(
            fault.sentence == #"Operation 2 (replace "/b~1c/0") does not apply: there is no member "b/c"."#)
    }

    @Test(
        "tests by value: numbers exactly, members in any order, strings by character",
        arguments: [
            Case(#"{"a":1.0,"b":[1,2]}"#, #"{"b":[1.0,2e0],"a":1.00}"#, "same"), Case("[1,2]", "[2,1]", "different"),
            Case("0.1", "0.1000000000000000055511151231257827", "different"),
            Case(#""\u00e9""#, "\"é\"", "same"), Case("\"\u{E9}\"", "\"e\u{301}\"", "different"),
            Case(#"{"a":null}"#, "{}", "different"), Case("0", "false", "different"),
            Case(#"{"a":1,"b":2}"#, #"{"a":1,"c":2}"#, "different"),
        ])
    func test(example: Case) throws {
        let patch = #"[{"op":"test","path":"","value":\#(example.patch)}]"#
        let fault = try Self.refusal(patch, of: example.document)
        #expect((fault == nil) == (example.outcome == "same"))
    }

    @Test("copies of copies end before they fill the memory")
    func growth() throws {
        let copies = (0..<60).map { #"{"op":"copy","from":"","path":"/c\#($0)"}"# }.joined(separator: ",")
        let fault = try #require(try Self.refusal("[\(copies)]", of: #"{"a":"some text"}"#))
        #expect(fault.reason.contains("bytes") || fault.reason.contains("levels"))
    }

    @Test("never nests a document deeper than may be read")
    func depth() throws {
        let nested = String(repeating: "[", count: 60) + "1" + String(repeating: "]", count: 60)
        let fault = try #require(
            try Self.refusal(
                #"[{"op":"add","path":"/a/b/c/d/e","value":\#(nested)}]"#, of: #"{"a":{"b":{"c":{"d":{}}}}}"#))
        #expect(fault.reason.contains("deeper than 64 levels"))
    }

    @Test(
        "that is none is refused when it is read",
        arguments: [
            ("{}", "it is no array of operations"), ("[1]", "operation 1 is no object"),
            (#"[{"path":"/a"}]"#, #"operation 1 has no text "op""#),
            (#"[{"op":"set","path":"/a"}]"#, #"has the op "set""#),
            (#"[{"op":"remove","path":"/a"},{"op":"remove"}]"#, #"operation 2 has no text "path""#),
            (#"[{"op":"add","path":"/a"}]"#, "(add) has no value"),
            (#"[{"op":"move","path":"/a"}]"#, #"has no text "from""#),
            (#"[{"op":"remove","path":"a"}]"#, "is no JSON pointer"),
            (#"[{"op":"remove","path":"/a~2"}]"#, "is no JSON pointer"),
            (#"[{"op":"remove","path":"/a~"}]"#, "is no JSON pointer"),
            (#"[{"op":"remove","op":"add","path":"/a"}]"#, "is there twice"), ("[", "it ends where"),
        ])
    func parsing(patch: String, reason: String) throws {
        let fault = try #require(Self.parsingFault(patch))
        #expect(fault.contains(reason), "\(fault)")
    }
}
