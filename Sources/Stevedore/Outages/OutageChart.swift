internal import Fleet

/// How a backlog has grown and shrunk, as a drawing within a page: nothing runs, and colours are the page's.
struct OutageChart {
    private static let left = 72.0
    private static let right = 712.0
    private static let top = 12.0
    private static let bottom = 232.0
    /// Of more readings than there are points to draw, some are left out.
    private static let mostPoints = 700

    private let readings: [BacklogReading]
    /// When calls went well again; nil while the outage lasts.
    private let endedAt: Int64?

    /// Nil of fewer than two readings, or of readings at one moment: they make no line.
    init?(_ readings: [BacklogReading], endedAt: Int64?) {
        guard let first = readings.first, let last = readings.last, first.at < last.at else { return nil }
        self.readings = Self.thinned(readings)
        self.endedAt = endedAt.flatMap { (first.at...last.at).contains($0) ? $0 : nil }
    }

    /// Of each group the most that waited, so that no peak is lost, and always the first and the last.
    private static func thinned(_ readings: [BacklogReading]) -> [BacklogReading] {
        guard readings.count > mostPoints else { return readings }
        let size = (readings.count + mostPoints - 1) / mostPoints
        let groups = stride(from: 0, to: readings.count, by: size).map { readings[$0..<min($0 + size, readings.count)] }
        let peaks = groups.compactMap { group in group.max { $0.waiting < $1.waiting } }
        var points = Array(readings.prefix(1))
        for peak in peaks + readings.suffix(1) where peak.at > (points.last?.at ?? .min) { points.append(peak) }
        return points
    }

    // MARK: - Drawing

    var text: String {
        """
        <svg viewBox="0 0 720 260" role="img" aria-label="\(HTMLPage.escaped(label))">
        \(grid)
        <polygon class="area" points="\(x(start)),\(y(0)) \(line) \(x(end)),\(y(0))"/>
        <polyline class="line" points="\(line)"/>
        \(mark)
        <text x="\(Self.left)" y="252">\(clock(start))</text>
        <text x="\(Self.right)" y="252" text-anchor="end">\(clock(end))</text>
        </svg>
        """
    }

    private var label: String {
        "Messages that waited, from \(OutageReport.time(start)) to \(OutageReport.time(end)); at most "
            + "\(Count.grouped(most))."
    }

    private var line: String { readings.map { "\(x($0.at)),\(y($0.waiting))" }.joined(separator: " ") }

    private var grid: String {
        Set([0, most / 2, most]).sorted().map { count in
            let height = y(count)
            return "<line class=\"grid\" x1=\"\(Self.left)\" y1=\"\(height)\" x2=\"\(Self.right)\" y2=\"\(height)\"/>"
                + "<text x=\"66\" y=\"\(height + 4)\" text-anchor=\"end\">\(Count.grouped(count))</text>"
        }.joined(separator: "\n")
    }

    /// Where the outage ended.
    private var mark: String {
        guard let endedAt else { return "" }
        let place = x(endedAt)
        return "<line class=\"mark\" x1=\"\(place)\" y1=\"\(Self.top)\" x2=\"\(place)\" y2=\"\(y(0))\"/>"
            + "<text x=\"\(place + 4)\" y=\"22\">ended</text>"
    }

    // MARK: - Places

    private var start: Int64 { readings.first?.at ?? 0 }
    private var end: Int64 { readings.last?.at ?? 0 }
    private var most: Int { max(1, readings.map(\.waiting).max() ?? 1) }

    private func x(_ time: Int64) -> Double {
        Self.rounded(Self.left + Double(time - start) / Double(end - start) * (Self.right - Self.left))
    }

    private func y(_ waiting: Int) -> Double {
        Self.rounded(Self.bottom - Double(waiting) / Double(most) * (Self.bottom - Self.top))
    }

    private static func rounded(_ place: Double) -> Double { (place * 10).rounded() / 10 }

    private func clock(_ time: Int64) -> String { HTMLPage.escaped(OutageReport.time(time)) }
}
