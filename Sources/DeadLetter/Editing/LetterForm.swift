internal import Fleet
internal import Models
internal import RabbitMQ

/// In which of CloudEvents' two modes a letter is, and so what of it an edit is about.
struct LetterForm {
    /// The attributes are in the headers, and the body is the data alone.
    let isBinary: Bool
    /// What the corrected message is sent with: the letter's own where that is right for what it has become.
    let contentType: String

    private static let prefix = "cloudEvents_"
    /// The other spelling, which some clients use.
    private static let otherPrefix = "cloudEvents:"
    /// A longer name can be read from the wire but not be written to it.
    private static let longestName = 128

    init(_ letter: Letter) {
        let given = letter.properties.contentType ?? ""
        let names = letter.properties.headers.entries.map(\.name)
        let hasAttributes = [Self.prefix, Self.otherPrefix].contains { names.contains($0 + "specversion") }
        isBinary = hasAttributes && !given.lowercased().hasPrefix("application/cloudevents")
        let essence = given.lowercased().prefix { $0 != ";" && $0 != " " }
        let isJSON = essence.hasSuffix("/json") || essence.hasSuffix("+json")
        contentType = isBinary ? (isJSON ? given : "application/json") : IncomingMessage.structured
    }

    /// The headers as texts, attributes in one spelling, with the new id and a link to the letter. What cannot be said
    /// as text, such as a table, goes.
    func headers(of properties: MessageProperties, id: String, replacing link: String?) -> [String: String] {
        var headers: [String: String] = [:]
        for case (let name, .text(let text)) in IncomingMessage(properties).headers() {
            let name = Self.plain(name)
            // Of a name that is there twice, the first is the one that counts.
            if name.utf8.count <= Self.longestName, headers[name] == nil { headers[name] = text }
        }
        let hasID = headers[Self.prefix + "id"] != nil
        headers[Self.prefix + "id"] = isBinary || hasID ? id : nil
        headers[Self.prefix + "replayof"] = link
        return headers
    }

    private static func plain(_ name: String) -> String {
        name.hasPrefix(otherPrefix) ? prefix + name.dropFirst(otherPrefix.count) : name
    }
}
