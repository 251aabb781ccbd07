internal import Fleet

/// The report as one page for a browser.
struct RehearsalPage {
    private let report: RehearsalReport
    private let samples: [RehearsalSample]

    init(_ report: RehearsalReport) {
        self.report = report
        samples = report.series.thinned(to: 600)
    }

    var text: String {
        HTMLPage(
            title: report.title, source: "rehearse", isBad: !report.verdict.isGood,
            lead: ["Rehearsed from \(report.record.startedAt) to \(report.record.endedAt)."] + report.conclusions,
            extraStyle: Self.style, main: main
        ).text
    }

    private var main: String {
        """
        <section><h2>What happened, on the virtual clock</h2>
        \(charts.map(\.svg).joined(separator: "\n"))
        </section>
        \(table("Verdict", verdictRows))
        \(table("Measures", report.measures.map { Self.row($0.name, $0.value) }))
        \(table("Assumed", report.plan.arithmetic.map { Self.row($0.name, $0.value) }))
        \(alerts)
        """
    }

    private static let style = """
        figure { margin: 0 0 1.5rem; padding: .75rem; border: 1px solid var(--line); border-radius: .5rem;
          background: var(--panel); }
        figcaption { font-weight: 600; } svg { width: 100%; height: auto; display: block; }
        svg text { font-size: 12px; fill: var(--faint); } svg .end { text-anchor: end; }
        svg .middle { text-anchor: middle; } svg .grid { stroke: var(--line); }
        svg .mark { stroke: var(--drift); stroke-dasharray: 4 3; }
        polyline { fill: none; stroke-width: 2; stroke-linejoin: round; } polyline.a { stroke: #1f6feb; }
        polyline.b { stroke: #b35900; stroke-dasharray: 6 3; } .legend { margin: .25rem 0 0; font-size: .875rem; }
        .key { padding-inline-start: 1rem; border-inline-start: .6rem solid; } .key.a { border-color: #1f6feb; }
        .key.b { border-color: #b35900; }
        """

    // MARK: - Charts

    private var charts: [RehearsalChart] { [backlog, throughput, drain, oldest, memory] }

    private var marks: [(time: Double, name: String)] {
        [(report.series.returnedAt, "the ERP is back"), (report.series.drainedAt, "drained")].compactMap { time, name in
            time.map { (time: $0, name: name) }
        }
    }

    private var backlog: RehearsalChart {
        chart("Backlog: messages that wait for the ERP", "backlog", { Double($0.backlog) }, Self.count)
    }

    private var oldest: RehearsalChart {
        chart("The oldest order that waits", "its age", \.oldest) { Figure.span($0) }
    }

    private var throughput: RehearsalChart {
        let points = RehearsalSeries.throughput(samples).map { (x: $0.time, y: $0.perSecond) }
        return RehearsalChart(
            title: "Throughput: messages that left the queue in a second",
            lines: [.init(name: "messages/s", style: "a", points: points)], marks: marks
        ) { Figure.decimal($0) }
    }

    /// The backlog from the ERP's return on, beside what the arithmetic says of it.
    private var drain: RehearsalChart {
        let begin = report.series.returnedAt ?? 0
        var lines = [line("measured", "a", { Double($0.backlog) }).after(begin)]
        if let seconds = report.projection.seconds {
            lines.append(
                .init(
                    name: "projected", style: "b",
                    points: [(x: begin, y: Double(report.record.backlog)), (x: begin + seconds, y: 0)]))
        }
        return RehearsalChart(
            title: "Drain: the backlog from the ERP's return on, measured and projected", lines: lines,
            marks: marks.filter { $0.time > begin }, from: begin, label: Self.count)
    }

    private var memory: RehearsalChart {
        var lines = [line("orders-workers", "b", { Double($0.workerMemory) })]
        if report.series.brokerPeak != nil { lines.append(line("broker", "a", { Double($0.brokerMemory ?? 0) })) }
        return RehearsalChart(title: "Memory", lines: lines, marks: marks) { Figure.bytes($0) }
    }

    private func chart(
        _ title: String, _ name: String, _ value: (RehearsalSample) -> Double,
        _ label: @escaping @Sendable (Double) -> String
    ) -> RehearsalChart {
        RehearsalChart(title: title, lines: [line(name, "a", value)], marks: marks, label: label)
    }

    private func line(_ name: String, _ style: String, _ value: (RehearsalSample) -> Double) -> RehearsalChart.Line {
        .init(name: name, style: style, points: samples.map { (x: $0.time, y: value($0)) })
    }

    @Sendable private static func count(_ value: Double) -> String { Figure.decimal(value, 1) }

    // MARK: - Tables

    private var verdictRows: [String] {
        report.verdict.rows.map { row in
            let mark = row.isGood ? "✓" : "✗"
            let style = row.isGood ? "" : " class=\"drift\""
            let value = "<td\(style)>\(Self.escaped(row.value)) \(mark)</td>"
            return
                "<tr><th scope=\"row\">\(Self.escaped(row.name))</th>\(value)<td>\(Self.escaped(row.detail))</td></tr>"
        }
    }

    private var alerts: String {
        let rows = report.record.alerts.map { alert in
            let told = alert.told.isEmpty ? "nobody by your rules" : alert.told.joined(separator: ", ")
            return "<tr><th scope=\"row\">\(Self.escaped(alert.key))</th><td>\(Self.escaped(alert.severity))</td>"
                + "<td>\(Self.escaped(alert.sentence))</td><td>\(Self.escaped(told))</td></tr>"
        }
        return "<section><h2>Alerts</h2><p>\(Self.escaped(report.alertHeading)).</p>"
            + (rows.isEmpty ? "" : Self.framed("Alerts", rows)) + "</section>"
    }

    private func table(_ heading: String, _ rows: [String]) -> String {
        "<section><h2>\(heading)</h2>\(Self.framed(heading, rows))</section>"
    }

    private static func framed(_ name: String, _ rows: [String]) -> String {
        "<div class=\"wide\" role=\"region\" aria-label=\"\(name)\" tabindex=\"0\"><table class=\"list\"><tbody>\n"
            + rows.joined(separator: "\n") + "\n</tbody></table></div>"
    }

    private static func row(_ cells: String...) -> String {
        let rest = cells.dropFirst().map { "<td>\(escaped($0))</td>" }.joined()
        return "<tr><th scope=\"row\">\(escaped(cells.first ?? ""))</th>\(rest)</tr>"
    }

    private static func escaped(_ text: String) -> String { HTMLPage.escaped(text) }
}

extension RehearsalChart.Line {
    /// What of it lies behind a time.
    fileprivate func after(_ time: Double) -> Self {
        var line = self
        line.points = points.filter { $0.x >= time }
        return line
    }
}
