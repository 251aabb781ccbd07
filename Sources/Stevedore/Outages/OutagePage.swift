internal import Fleet

/// The report of an outage as one page for a browser.
struct OutagePage {
    private let report: OutageReport

    init(_ report: OutageReport) { self.report = report }

    /// The file is there with this page; what was there before is gone. Only its owner may read it.
    func write(to path: String) throws(ProgramError) {
        do throws(ProgramError) {
            try ReportFile.open(path).finish(text)
        } catch {
            throw ProgramError(
                code: "outages.file", sentence: error.sentence, remedy: error.remedy, exit: error.exit)
        }
    }

    var text: String {
        HTMLPage(
            title: title, source: "outage \(report.outage.number)",
            lead: ["As of \(OutageReport.time(report.now))."], extraStyle: Self.style,
            main: [
                chart, section("What waits, and what came of it", "<ul>\(items(report.lines))</ul>"), facts, backlog,
                letters,
            ]
            .joined(separator: "\n")
        ).text
    }

    private var title: String { report.headline }

    /// What the drawing needs beside the style that all reports share.
    private static let style = """
        svg { width: 100%; height: auto; font-size: 12px; }
        svg text { fill: var(--faint); } .grid { stroke: var(--line); }
        .mark { stroke: var(--drift); stroke-dasharray: 4 3; }
        .line { fill: none; stroke: currentColor; stroke-width: 2; } .area { fill: currentColor; opacity: .12; }
        """

    // MARK: - Parts

    private var chart: String {
        guard let chart = OutageChart(report.readings, endedAt: report.outage.endedAt) else {
            return section("Backlog", "<p>Nobody has written down how much waited, so there is nothing to draw.</p>")
        }
        return section(
            "Backlog",
            "<div class=\"wide\" role=\"region\" aria-label=\"Backlog\" tabindex=\"0\">"
                + chart.text + "</div>")
    }

    private var facts: String {
        let outage = report.outage
        var rows = [("state", report.standing.text), ("began", OutageReport.time(outage.beganAt))]
        if let endedAt = outage.endedAt { rows.append(("ended", OutageReport.time(endedAt))) }
        if let drainedAt = outage.drainedAt { rows.append(("worked off", OutageReport.time(drainedAt))) }
        rows += [("lasted", Age.text(microseconds: report.lasted)), ("why", outage.reason), ("code", outage.code)]
        if outage.endedAt == nil { rows.append(("what to do", outage.remedy)) }
        if let window = report.window { rows.append(("planned", WindowText.line(window))) }
        rows.append(("probes", report.probing ?? Count.grouped(Int(outage.probes))))
        if let closedBy = outage.closedBy { rows.append(("closed by", closedBy)) }
        let terms = rows.map {
            "<dt>\(HTMLPage.escaped($0.0))</dt><dd>\(HTMLPage.escaped($0.1))</dd>"
        }
        return section("The outage", "<dl>\(terms.joined(separator: "\n"))</dl>")
    }

    private var backlog: String {
        guard let backlog = report.backlog else { return "" }
        let rows = backlog.map { flow in
            [
                flow.flow, flow.ready.map(Count.grouped) ?? "missing", Count.grouped(flow.inHand),
                Count.grouped(flow.retrying), Count.grouped(flow.deadLetters), flow.workersText,
            ]
        }
        return section("By flow", table(["flow", "ready", "in hand", "retrying", "dead letters", "workers"], rows))
    }

    private var letters: String {
        guard !report.letters.isEmpty else { return "" }
        let rows = report.letters.map { letter in
            ["\(letter.flow) \(letter.code)", Count.grouped(letter.count), Count.grouped(letter.open)]
        }
        return section("Dead letters meanwhile", table(["cause", "count", "still open"], rows))
    }

    // MARK: - Pieces

    private func section(_ title: String, _ content: String) -> String {
        "<section>\n<h2>\(HTMLPage.escaped(title))</h2>\n\(content)\n</section>"
    }

    private func items(_ lines: [String]) -> String {
        lines.map { "<li>\(HTMLPage.escaped($0))</li>" }.joined(separator: "\n")
    }

    private func table(_ heads: [String], _ rows: [[String]]) -> String {
        let head = heads.map { "<th scope=\"col\">\(HTMLPage.escaped($0))</th>" }.joined()
        let body = rows.map { cells in
            let rest = cells.dropFirst().map { "<td>\(HTMLPage.escaped($0))</td>" }.joined()
            return "<tr><th scope=\"row\">\(HTMLPage.escaped(cells.first ?? ""))</th>\(rest)</tr>"
        }
        return "<div class=\"wide\"><table><thead><tr>\(head)</tr></thead><tbody>\(body.joined(separator: "\n"))"
            + "</tbody></table></div>"
    }
}
