internal import Fleet
internal import Models

/// Text from messages, as it stands in a mail.
enum MailText {
    /// On one line, with everything shown that would steer a reader's screen or turn the direction of writing.
    static func inert(_ text: String) -> String {
        InertText.line(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }

    /// A command as it has to be typed: blanks count, so only what is unprintable is shown in another way.
    static func command(_ text: String) -> String { InertText.line(text) }

    /// A word that a shell takes as it is, whatever stands in it.
    static func shellWord(_ text: String) -> String {
        let isPlain = !text.isEmpty && !text.hasPrefix("-") && text.utf8.allSatisfy(isPlainInShell)
        return isPlain ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
    }

    private static func isPlainInShell(_ byte: UInt8) -> Bool {
        switch Unicode.Scalar(byte) {
        case "0"..."9", "A"..."Z", "a"..."z", "-", "_", ".", "/", ":", "@", "+", ",", "%", "=": true
        default: false
        }
    }

    /// `18,450.20 USD`.
    static func money(_ stake: AlertStake) -> String {
        let parts = stake.amount.description.split(separator: ".")
        let isNegative = stake.amount.isNegative
        let whole = Int(parts.first?.drop { $0 == "-" } ?? "") ?? 0
        let decimals = parts.count > 1 ? ".\(parts[1])" : ""
        return "\(isNegative ? "-" : "")\(Count.grouped(whole))\(decimals) \(stake.currency.code)"
    }

    /// The sentence without its full stop, for a place where it is followed by something else.
    static func withoutStop(_ sentence: String) -> String {
        sentence.hasSuffix(".") && !sentence.hasSuffix("..") ? String(sentence.dropLast()) : sentence
    }

    /// Lines of at most so many columns, each with the indent. Words that are wider than a line are broken.
    static func wrapped(_ text: String, width: Int = 78, indent: String = "") -> [String] {
        let room = max(width - indent.count, 1)
        var (lines, line, used) = ([String](), "", 0)
        for word in text.split(separator: " ").flatMap({ broken(String($0), at: room) }) {
            let columns = InertText.columns(word)
            if used > 0, used + 1 + columns > room {
                lines.append(indent + line)
                (line, used) = ("", 0)
            }
            line += used > 0 ? " \(word)" : word
            used += columns + (used > 0 ? 1 : 0)
        }
        return used > 0 ? lines + [indent + line] : lines
    }

    private static func broken(_ word: String, at room: Int) -> [String] {
        guard InertText.columns(word) > room else { return [word] }
        var (pieces, piece, used) = ([String](), "", 0)
        for character in word {
            let columns = InertText.columns(String(character))
            if used + columns > room, used > 0 {
                pieces.append(piece)
                (piece, used) = ("", 0)
            }
            piece.append(character)
            used += columns
        }
        return pieces + [piece]
    }
}
