internal import Fleet
internal import Storefront

/// The report as one page for a browser: nothing is loaded, nothing runs, and text is text.
struct ReconcilePage {
    private let report: ReconcileReport

    init(_ report: ReconcileReport) { self.report = report }

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
        </style>
        </head>
        <body>
        <header>
        <p class="eyebrow">Stevedore · reconcile</p>
        <h1>\(Self.escaped(title))</h1>
        <p>\(Self.escaped("Compared from \(report.startedAt) to \(report.endedAt)."))</p>
        \(Self.paragraphs(report.notes + report.conclusion))
        </header>
        <main>
        \(overview)
        \(report.parts.filter { !$0.samples.isEmpty }.map(section).joined(separator: "\n"))
        \(meanings)
        </main>
        </body>
        </html>

        """
    }

    /// Nothing but the page's own style.
    private static let policy =
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

    private var title: String {
        if report.isStopped { return "The comparison was stopped" }
        return report.drifted == 0
            ? "The store shows what the ERP has"
            : "\(Count.text(report.drifted, "object has", "objects have")) drifted"
    }

    // MARK: - Parts

    private var overview: String {
        let heads = Outcome.allCases.map { "<th scope=\"col\">\(Self.escaped($0.title))</th>" }.joined()
        return """
            <section aria-labelledby="overview">
            <h2 id="overview">Overview</h2>
            <div class="wide" role="region" aria-labelledby="overview" tabindex="0"><table>
            <thead><tr><th scope="col">kind</th>\(heads)</tr></thead>
            <tbody>
            \(report.parts.map(row).joined(separator: "\n"))
            </tbody>
            </table></div>
            </section>
            """
    }

    private func row(_ part: ReconcileReport.Part) -> String {
        let name = part.stream.description + (part.isComplete ? "" : " (not compared to its end)")
        let cells = Outcome.allCases.map { outcome in
            let count = part.counts[outcome] ?? 0
            return "<td\(outcome.isDrift && count > 0 ? " class=\"drift\"" : "")>\(Count.grouped(count))</td>"
        }
        return "<tr><th scope=\"row\">\(Self.escaped(name))</th>\(cells.joined())</tr>"
    }

    private func section(_ part: ReconcileReport.Part) -> String {
        let name = part.stream.description
        let shown = "The first \(Count.text(part.samples.count, "object"))"
        return """
            <section>
            <h2>\(Self.escaped(name.prefix(1).uppercased() + name.dropFirst()))</h2>
            <div class="wide" role="region" aria-label="\(Self.escaped(name))" tabindex="0"><table class="list">
            <caption>\(Self.escaped(shown)); \(Self.escaped("\(Count.grouped(part.drifted)) drifted")).</caption>
            <thead><tr><th scope="col">object</th><th scope="col">outcome</th><th scope="col">where they differ</th>\
            <th scope="col">what to do</th></tr></thead>
            <tbody>
            \(part.samples.map(row).joined(separator: "\n"))
            </tbody>
            </table></div>
            </section>
            """
    }

    private func row(_ finding: Finding) -> String {
        let places = finding.differences.map { "<li>\(Self.escaped($0.sentence))</li>" }.joined()
        let todo = finding.excuseText ?? finding.step.map { $0.isPossible ? "A repair has it \($0.words)." : $0.words }
        let mark = finding.isDrift ? " class=\"drift\"" : ""
        let outcome = finding.outcome.title + (finding.isNew == true ? ", new" : "")
        return "<tr><th scope=\"row\">\(Self.escaped(finding.subject))</th><td\(mark)>\(Self.escaped(outcome))</td>"
            + "<td>\(places.isEmpty ? "" : "<ul>\(places)</ul>")</td><td>\(Self.escaped(todo ?? ""))</td></tr>"
    }

    private var meanings: String {
        let terms = Outcome.allCases.map {
            "<dt>\(Self.escaped($0.title))</dt><dd>\(Self.escaped($0.meaning))</dd>"
        }
        return """
            <section>
            <h2>What the words mean</h2>
            <dl>
            \(terms.joined(separator: "\n"))
            </dl>
            </section>
            """
    }

    private static func paragraphs(_ sentences: [String]) -> String {
        sentences.map { "<p>\(escaped($0))</p>" }.joined(separator: "\n")
    }

    /// Text for content and for attributes in quotes; what no eye can see is shown.
    static func escaped(_ text: some StringProtocol) -> String {
        // Scalar by scalar: a mark that joins a quote makes another letter of both, and still ends an attribute.
        InertText.line(String(text)).unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
