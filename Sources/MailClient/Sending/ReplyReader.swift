/// One whole answer of an SMTP server.
struct Reply: Hashable, Sendable {
    let code: Int
    /// On one line, without anything that could steer a terminal.
    let text: String

    var isTransient: Bool { (400...499).contains(code) }
    var isPermanent: Bool { (500...599).contains(code) }
}

/// Puts the lines of answers together: `250-` goes on, `250 ` ends.
struct ReplyReader {
    /// The last few.
    private(set) var replies: [Reply] = []
    private var lines: [String] = []

    private static let maxReplies = 8
    private static let maxLines = 16
    private static let longestText = 300

    mutating func append(_ line: String) {
        let digits = line.utf8.prefix(3)
        let isReply = digits.count == 3 && digits.allSatisfy { 0x30...0x39 ~= $0 }
        guard isReply, let code = Int(line.prefix(3)) else { return }
        let rest = line.dropFirst(3)
        if lines.count < Self.maxLines { lines.append(String(rest.dropFirst())) }
        guard !rest.hasPrefix("-") else { return }
        replies.append(Reply(code: code, text: HeaderText.line(lines.joined(separator: " "), limit: Self.longestText)))
        if replies.count > Self.maxReplies { replies.removeFirst() }
        lines = []
    }

    /// What the server said with this code last: an answer to the farewell may have come after it.
    func last(_ code: Int) -> Reply {
        replies.last { $0.code == code } ?? Reply(code: code, text: "")
    }
}
