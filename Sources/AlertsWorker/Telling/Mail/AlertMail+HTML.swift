internal import Fleet
internal import Models

extension AlertMail {
    /// The body as one page without anything to load. Text has the reader's own colours, so that it can be read on a
    /// dark screen, too; how bad something is stands there as a word, and the colour only repeats it.
    var html: String {
        let opening = opening.map { "<p>\(Self.escaped($0))</p>" } ?? ""
        let rest = rest.map { "<p>\(Self.escaped($0))</p>\(Self.block([Self.listing]))" } ?? ""
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta name="color-scheme" content="light dark">
            <title>\(Self.escaped(subject))</title>
            </head>
            <body style="font-family:sans-serif;font-size:16px;line-height:1.5;margin:0;padding:16px">
            <main style="max-width:720px;margin:0 auto">
            \(opening)
            \(entries.map(Self.article).joined(separator: "\n"))
            \(rest)
            <p style="font-size:14px">\(Self.escaped(Self.closing))</p>
            </main>
            </body>
            </html>

            """
    }

    private static func article(_ entry: AlertEntry) -> String {
        let edge = color(entry.severity)
        let badge =
            "<span style=\"background-color:\(edge);color:#ffffff;padding:2px 8px;border-radius:3px\">"
            + "\(escaped(entry.badge))</span>"
        return """
            <section style="border-left:4px solid \(edge);padding:0 0 8px 16px;margin:0 0 32px">
            <h1 style="font-size:18px;margin:0 0 8px">\(badge) \(escaped(entry.code))</h1>
            \(entry.sections.map(part).joined(separator: "\n"))
            </section>
            """
    }

    private static func part(_ section: AlertEntry.Section) -> String {
        let heading = "<h2 style=\"font-size:15px;margin:16px 0 4px\">\(escaped(section.heading))</h2>\n"
        switch section.body {
        case .prose(let lines):
            return heading
                + lines.map { "<p style=\"margin:0 0 4px;overflow-wrap:anywhere\">\(escaped($0))</p>" }
                .joined(separator: "\n")
        case .commands(let lines): return heading + block(lines)
        case .links(let links): return heading + links.map(link).joined(separator: "\n")
        }
    }

    private static func block(_ commands: [String]) -> String {
        let text = commands.map(escaped).joined(separator: "\n")
        return "<pre style=\"font-family:monospace;font-size:14px;border:1px solid #808080;border-radius:3px;"
            + "padding:8px;margin:0;white-space:pre-wrap;overflow-wrap:anywhere\"><code>\(text)</code></pre>"
    }

    private static func link(_ address: String) -> String {
        let text = escaped(address)
        return "<p style=\"margin:0;overflow-wrap:anywhere\"><a href=\"\(text)\" rel=\"noreferrer\">\(text)</a></p>"
    }

    /// Dark enough for white letters, and bright enough for an edge on black.
    private static func color(_ severity: Alert.Severity?) -> String {
        switch severity {
        case .critical: "#a11d33"
        case .error: "#c22f1f"
        case .warning: "#8a5a00"
        case .info: "#2b62a8"
        case nil: "#2e7d32"
        }
    }

    /// Text in a page, or between the quotation marks of an attribute: it makes no tag and ends none.
    static func escaped(_ text: String) -> String { HTMLText.escaped(text) }
}
