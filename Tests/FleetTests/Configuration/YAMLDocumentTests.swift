import Testing

@testable import Fleet

@Suite struct YAMLDocumentTests {
    /// The document on one line, as far as settings can tell.
    private func shown(_ node: YAMLNode?) -> String {
        switch node {
        case nil: "nothing"
        case .scalar(let text): "'\(text)'"
        case .sequence(let elements): "[\(elements.map { shown($0) }.joined(separator: " "))]"
        case .mapping(let members):
            "{\(members.map { "\(shown($0.name)):\(shown($0.value))" }.joined(separator: " "))}"
        }
    }

    @Test(
        "scalars stay as they are written, and lists and mappings in their order",
        arguments: [
            ("", "nothing"), ("# only a comment\n", "nothing"), ("text", "'text'"), ("a:\n", "{'a':''}"),
            ("b: 1\na: [x, 007, yes, ~]\n", "{'b':'1' 'a':['x' '007' 'yes' '~']}"),
            ("a: \"p\\u00e4\\n\"\n", "{'a':'pä\n'}"), ("a: &it [1]\nb: *it\n", "{'a':['1'] 'b':['1']}"),
            ("a: |\n  one\n  two\n", "{'a':'one\ntwo\n'}"), ("a: {b: {c: d}}\n", "{'a':{'b':{'c':'d'}}}"),
        ])
    func values(text: String, meaning: String) throws {
        #expect(shown(try YAMLDocument.read(text)) == meaning)
    }

    @Test(
        "what is wrong is said with its line",
        arguments: [
            ("a: [1\n", "line 2, column 1: "), ("a: 1\n\tb: 2\n", "line 2, column 1: "),
            ("a: 1\nb: 2\na: 3\n", "line 3: a name is there twice"), ("a: *nobody\n", "line 1, column 4: "),
            ("a: 1\n---\nb: 2\n", "there is more than one document in it"),
            ("a: \u{1}\n", "byte 3: "),
        ])
    func faults(text: String, beginning: String) throws {
        let fault = try #require(throws: YAMLFault.self) { try YAMLDocument.read(text) }
        #expect(fault.description.hasPrefix(beginning), "\(fault)")
    }

    @Test("a document that holds itself, one that grows out of its aliases, and a deep one are refused")
    func bombs() throws {
        let layers = (1...30).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1), *a\($0 - 1)]\n" }.joined()
        let deep = "a: " + String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        for text in ["a: &a {b: *a}\n", "a0: &a0 x\n" + layers, deep] {
            let fault = try #require(throws: YAMLFault.self) { try YAMLDocument.read(text) }
            #expect(!fault.problem.isEmpty)
        }
    }
}
