internal import Fleet

/// Weaves the lines of several programs into one log on standard output, each with its program's name before it. Lines in
/// `log.format: logfmt` become readable; whoever collects them for a machine sets `json`, which stays as it is.
struct LogWeaver: Sendable {
    private let width: Int
    private let isColoured: Bool
    private static let colours: [Terminal.Colour] = [.cyan, .magenta, .green, .blue, .yellow]

    /// `labels` are the names of everything that will speak.
    init(labels: [String], isColoured: Bool = Terminal.isColoured(.output)) {
        width = labels.map(\.count).max() ?? 0
        self.isColoured = isColoured
    }

    /// Writes a line of one program. A single write per line, so that lines never mix.
    func write(_ line: String, of label: String, number: Int) {
        Terminal.write(woven(line, of: label, number: number) + "\n")
    }

    func woven(_ line: String, of label: String, number: Int) -> String {
        let padding = String(repeating: " ", count: max(0, width - label.count))
        let colour = Self.colours[number % Self.colours.count]
        let prefix = Terminal.paint(label + padding + " |", colour, if: isColoured) + " "
        guard let readable = ReadableLine(line) else { return prefix + InertText.line(line) }
        let text = InertText.line(readable.text)
        return prefix + (readable.colour.map { Terminal.paint(text, $0, if: isColoured) } ?? text)
    }
}
