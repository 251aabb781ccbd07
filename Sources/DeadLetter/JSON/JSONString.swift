internal import Fleet

/// A string of a JSON document: as it is written there, and what it says.
struct JSONString: Sendable {
    /// With its quotation marks and escapes.
    let written: String
    let value: String

    /// One that was read.
    init(written: String, value: String) {
        self.written = written
        self.value = value
    }

    /// One that is made here.
    init(_ value: String) {
        written = JSONValue.string(value).compact
        self.value = value
    }

    /// By bytes: two spellings of an accented letter are the same to a `String`, but not to JSON.
    func says(_ text: String) -> Bool { value.utf8.elementsEqual(text.utf8) }
}
