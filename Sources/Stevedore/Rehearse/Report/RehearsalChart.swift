internal import Fleet

/// A chart over the virtual time, drawn as SVG within the page: no script, nothing to load, readable by day and by night.
struct RehearsalChart: Sendable {
    /// A line of it.
    struct Line: Sendable {
        var name: String
        /// The class that has its colour: `a` or `b`.
        var style: String
        var points: [(x: Double, y: Double)]
    }

    var title: String
    var lines: [Line]
    /// Where something happened, on the virtual clock, in seconds.
    var marks: [(time: Double, name: String)] = []
    /// From where it is shown; in seconds.
    var from = 0.0
    /// How a value of the vertical axis is written.
    var label: @Sendable (Double) -> String

    /// Of the picture, and of what the axes take of it.
    private static let width = 720.0
    private static let height = 240.0
    private static let left = 84.0
    private static let right = 12.0
    private static let top = 16.0
    private static let bottom = 30.0
    private static let end = width - right

    var svg: String {
        let scale = Scale(lines.flatMap(\.points), from: from)
        let name = HTMLPage.escaped("\(title): \(summary)")
        return """
            <figure>
            <figcaption>\(HTMLPage.escaped(title))</figcaption>
            <svg viewBox="0 0 720 240" role="img" aria-label="\(name)">
            \(grid(scale))
            \(marks.filter { $0.time >= scale.from && $0.time <= scale.until }.map { mark($0, scale) }.joined())
            \(lines.map { path($0, scale) }.joined(separator: "\n"))
            </svg>
            \(legend)
            </figure>
            """
    }

    /// What somebody hears who cannot see it.
    private var summary: String {
        lines.map { line in
            let most = line.points.map(\.y).max() ?? 0
            return "\(line.name), at most \(label(most)), at the end \(label(line.points.last?.y ?? 0))"
        }.joined(separator: "; ")
    }

    private var legend: String {
        guard lines.count > 1 else { return "" }
        let items = lines.map { "<span class=\"key \($0.style)\">\(HTMLPage.escaped($0.name))</span>" }
        return "<p class=\"legend\">\(items.joined(separator: " "))</p>"
    }

    // MARK: - Drawing

    private func grid(_ scale: Scale) -> String {
        let rows = Scale.steps(to: scale.most).map { value -> String in
            let y = scale.y(value)
            let text = HTMLPage.escaped(label(value))
            return "<line class=\"grid\" x1=\"\(Self.left)\" x2=\"\(Self.end)\" y1=\"\(y)\" y2=\"\(y)\"/>"
                + "<text x=\"\(Self.left - 6)\" y=\"\(y + 4)\" class=\"end\">\(text)</text>"
        }
        let columns = (0...4).map { part -> String in
            let time = scale.from + (scale.until - scale.from) * Double(part) / 4
            let side = part == 0 ? "start" : part == 4 ? "end" : "middle"
            let place = "x=\"\(scale.x(time))\" y=\"\(Self.height - 8)\""
            return "<text \(place) class=\"\(side)\">\(Figure.clock(time))</text>"
        }
        return (rows + columns).joined(separator: "\n")
    }

    private func mark(_ mark: (time: Double, name: String), _ scale: Scale) -> String {
        let x = scale.x(mark.time)
        return "<line class=\"mark\" x1=\"\(x)\" x2=\"\(x)\" y1=\"\(Self.top)\" y2=\"\(Self.height - Self.bottom)\"/>"
            + "<text x=\"\(x - 4)\" y=\"\(Self.top + 10)\" class=\"end\">\(HTMLPage.escaped(mark.name))</text>"
    }

    private func path(_ line: Line, _ scale: Scale) -> String {
        let points = line.points.filter { $0.x >= scale.from }.map { "\(scale.x($0.x)),\(scale.y($0.y))" }
        return "<polyline class=\"\(line.style)\" points=\"\(points.joined(separator: " "))\"/>"
    }

    /// From values to places in the picture.
    struct Scale: Hashable, Sendable {
        let from: Double
        let until: Double
        /// The highest value of the vertical axis, a round one.
        let most: Double

        init(_ points: [(x: Double, y: Double)], from: Double) {
            self.from = from
            until = max(points.map(\.x).max() ?? 1, from + 1)
            most = Self.steps(to: points.map(\.y).max() ?? 0).last ?? 1
        }

        func x(_ time: Double) -> Double {
            let width = RehearsalChart.width - RehearsalChart.left - RehearsalChart.right
            return Self.tenth(RehearsalChart.left + (time - from) / (until - from) * width)
        }

        func y(_ value: Double) -> Double {
            let height = RehearsalChart.height - RehearsalChart.top - RehearsalChart.bottom
            return Self.tenth(RehearsalChart.top + height - max(0, min(value / most, 1)) * height)
        }

        /// Round values from 0 to at least `most`, some four of them.
        static func steps(to most: Double) -> [Double] {
            guard most.isFinite, most > 0 else { return [0, 1] }
            var power = 1.0
            while power * 10 <= most { power *= 10 }
            while power > most { power /= 10 }
            let step = [0.25, 0.5, 1, 2.5].map { $0 * power }.first { $0 * 5 >= most } ?? power * 5
            let count = Int((most / step).rounded(.up))
            return (0...count).map { Double($0) * step }
        }

        private static func tenth(_ value: Double) -> Double { (value * 10).rounded() / 10 }
    }
}
