internal import Fleet

/// A report as one page for a browser: nothing is loaded, nothing runs, and text is text.
struct HTMLPage {
    /// The heading, as text.
    let title: String
    /// What made it, in a few words above the heading.
    let source: String
    /// Whether the heading says something bad.
    var isBad = false
    /// Paragraphs below the heading, as text.
    let lead: [String]
    /// What the page needs beside the style that all share.
    var extraStyle = ""
    /// The rest, as HTML.
    let main: String

    var text: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="referrer" content="no-referrer">
        <title>\(Self.escaped(title))</title>
        <style>
        \(Self.style)
        \(extraStyle)
        </style>
        </head>
        <body>
        <header>
        <p class="eyebrow">Stevedore · \(Self.escaped(source))</p>
        <h1\(isBad ? " class=\"drift\"" : "")>\(Self.escaped(title))</h1>
        \(lead.map { "<p>\(Self.escaped($0))</p>" }.joined(separator: "\n"))
        </header>
        <main>
        \(main)
        </main>
        </body>
        </html>

        """
    }

    /// Nothing but the page's own style.
    private static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

    /// Text for content and for attributes in quotes; what no eye can see is shown.
    static func escaped(_ text: some StringProtocol) -> String { HTMLText.escaped(InertText.line(String(text))) }
}
