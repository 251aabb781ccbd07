/// Writes header fields, folded so that a line has at most 76 characters wherever a piece is not longer by itself.
enum HeaderField {
    private static let widest = 76

    /// The field without the line break at its end. The pieces hold no line break.
    static func folded(_ name: String, _ pieces: [String]) -> String {
        var text = "\(name):"
        var width = text.utf8.count
        for piece in pieces {
            if width + 1 + piece.utf8.count > widest {
                text += "\r\n"
                width = 0
            }
            text += " \(piece)"
            width += 1 + piece.utf8.count
        }
        return text
    }

    static func text(_ name: String, _ value: String, limit: Int) -> String {
        folded(name, HeaderText.words(HeaderText.line(value, limit: limit)))
    }

    static func addresses(_ name: String, _ addresses: [NamedAddress]) -> String {
        guard !addresses.isEmpty else { return "\(name): undisclosed-recipients:;" }
        let pieces = addresses.enumerated().flatMap { index, address -> [String] in
            let phrase = HeaderText.phrase(HeaderText.line(address.name ?? "", limit: longestName))
            let text = phrase.isEmpty ? address.address.text : "<\(address.address.text)>"
            return phrase + [index == addresses.count - 1 ? text : "\(text),"]
        }
        return folded(name, pieces)
    }

    /// Longer display names are cut.
    private static let longestName = 100
}
