/// One thing wrong with a message, and where.
public struct Fault: Hashable, Sendable {
    /// The place in the structured message, as an RFC 6901 JSON pointer: `/data/lines/0/quantity`.
    public let pointer: String
    /// The broken rule's stable name: `required`, `decimal`, `reconcile` …
    public let rule: String
    /// The offending value as it was written, cut at 200 characters; empty where there is none.
    public let value: String
    /// What is wrong, in words for a person.
    public let sentence: String

    /// A fault, its value cut to size.
    public init(pointer: String, rule: String, value: String, sentence: String) {
        self.pointer = pointer
        self.rule = rule
        self.value = String(String.UnicodeScalarView(value.unicodeScalars.prefix(200)))
        self.sentence = sentence
    }
}
