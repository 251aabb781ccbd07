/// A content type, split at its parameters.
struct MediaType {
    /// `type/subtype`, in lower case.
    let essence: String
    private let charset: String?

    init(_ text: String) {
        let parts = text.lowercased().split(separator: ";", omittingEmptySubsequences: false).map(Self.trimmed)
        essence = parts.first ?? ""
        charset = parts.dropFirst().first { $0.hasPrefix("charset=") }.map { charset in
            charset.dropFirst("charset=".count).filter { $0 != "\"" }
        }
    }

    /// JSON by any name: `application/json`, `text/json`, `application/vnd.shop+json`.
    var isJSON: Bool { essence.hasSuffix("/json") || essence.hasSuffix("+json") }

    var isUTF8: Bool { charset == nil || charset == "utf-8" || charset == "utf8" || charset == "us-ascii" }

    /// The usual spelling, told without allocating.
    static func isPlainJSON(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.equals("application/json")
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        return String(text.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
