internal import Fleet
internal import Storefront

/// The report as one page for a browser.
struct ReconcilePage {
    private let report: ReconcileReport

    init(_ report: ReconcileReport) { self.report = report }

    var text: String {
        HTMLPage(
            title: title, source: "reconcile",
            lead: ["Compared from \(report.startedAt) to \(report.endedAt)."] + report.notes + report.conclusion,
            main: ([overview] + report.parts.filter { !$0.samples.isEmpty }.map(section) + [meanings])
                .joined(separator: "\n")
        ).text
    }

    private var title: String {
        if report.isStopped { return "The comparison was stopped" }
        return report.drifted == 0
            ? "The store shows what the ERP has"
            : "\(Count.text(report.drifted, "object has", "objects have")) drifted"
    }

    // MARK: - Parts

    private var overview: String {
        let heads = Outcome.allCases.map { "<th scope=\"col\">\(HTMLPage.escaped($0.title))</th>" }.joined()
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
        return "<tr><th scope=\"row\">\(HTMLPage.escaped(name))</th>\(cells.joined())</tr>"
    }

    private func section(_ part: ReconcileReport.Part) -> String {
        let name = part.stream.description
        let shown = "The first \(Count.text(part.samples.count, "object"))"
        return """
            <section>
            <h2>\(HTMLPage.escaped(name.prefix(1).uppercased() + name.dropFirst()))</h2>
            <div class="wide" role="region" aria-label="\(HTMLPage.escaped(name))" tabindex="0"><table class="list">
            <caption>\(HTMLPage.escaped(shown)); \(HTMLPage.escaped("\(Count.grouped(part.drifted)) drifted")).</caption>
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
        let places = finding.differences.map { "<li>\(HTMLPage.escaped($0.sentence))</li>" }.joined()
        let todo = finding.excuseText ?? finding.step.map { $0.isPossible ? "A repair has it \($0.words)." : $0.words }
        let mark = finding.isDrift ? " class=\"drift\"" : ""
        let outcome = finding.outcome.title + (finding.isNew == true ? ", new" : "")
        return
            "<tr><th scope=\"row\">\(HTMLPage.escaped(finding.subject))</th><td\(mark)>\(HTMLPage.escaped(outcome))</td>"
            + "<td>\(places.isEmpty ? "" : "<ul>\(places)</ul>")</td><td>\(HTMLPage.escaped(todo ?? ""))</td></tr>"
    }

    private var meanings: String {
        let terms = Outcome.allCases.map {
            "<dt>\(HTMLPage.escaped($0.title))</dt><dd>\(HTMLPage.escaped($0.meaning))</dd>"
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
}
