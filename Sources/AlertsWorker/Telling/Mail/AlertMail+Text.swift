extension AlertMail {
    private static let width = 78

    /// The body for readers without HTML: at most 78 columns, but for commands and links, which are never broken.
    var text: String {
        var lines: [String] = []
        if let opening { lines += MailText.wrapped(opening, width: Self.width) + [""] }
        for entry in entries { lines += Self.lines(entry) }
        if let rest { lines += MailText.wrapped(rest, width: Self.width) + ["", "    \(Self.listing)", ""] }
        return (lines + ["-- "] + MailText.wrapped(Self.closing, width: Self.width)).joined(separator: "\n") + "\n"
    }

    private static func lines(_ entry: AlertEntry) -> [String] {
        let title = MailText.wrapped("\(entry.badge): \(entry.code)", width: width)
        let rule = String(repeating: "=", count: width)
        return title + [rule, ""] + entry.sections.flatMap { lines($0) }
    }

    private static func lines(_ section: AlertEntry.Section) -> [String] {
        let body =
            switch section.body {
            case .prose(let lines): lines.flatMap { MailText.wrapped($0, width: width, indent: "  ") }
            case .commands(let lines), .links(let lines): lines.map { "    \($0)" }
            }
        return [section.heading] + body + [""]
    }
}
