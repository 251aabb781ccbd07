/// Rows under headings, each column as wide as its widest cell.
package struct TextTable: Sendable {
    /// Which side a column's cells line up on.
    package enum Alignment: Sendable {
        case left, right
    }

    /// A heading and how the cells under it line up.
    package struct Column: Sendable {
        package var heading: String
        package var alignment: Alignment

        /// For texts.
        package static func text(_ heading: String) -> Column { Column(heading: heading, alignment: .left) }
        /// For numbers.
        package static func number(_ heading: String) -> Column { Column(heading: heading, alignment: .right) }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    /// A table without rows.
    package init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; missing cells are empty. Cells are made inert.
    package mutating func add(_ cells: [String]) {
        rows.append(columns.indices.map { $0 < cells.count ? InertText.line(cells[$0]) : "" })
    }

    /// The lines, without line ends. With a `width`, the last column is cut so that no line is longer.
    package func lines(width: Int? = nil) -> [String] {
        var widths = columns.indices.map { index in
            ([columns[index].heading] + rows.map { $0[index] }).map(InertText.columns).max() ?? 0
        }
        if let width, let last = widths.indices.last {
            let others = widths.dropLast().reduce(0) { $0 + $1 + 2 }
            widths[last] = min(widths[last], max(width - others, 8))
        }
        return [line(columns.map(\.heading), widths)] + rows.map { line($0, widths) }
    }

    /// All lines, each with its line end.
    package func text(width: Int? = nil) -> String {
        lines(width: width).map { $0 + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { line += "  " }
            let cell = InertText.cut(cell, to: widths[index])
            let padding = String(repeating: " ", count: max(0, widths[index] - InertText.columns(cell)))
            let isLast = index == cells.count - 1
            switch columns[index].alignment {
            case .right: line += padding + cell
            case .left: line += isLast ? cell : cell + padding
            }
        }
        return line
    }
}
