internal import Fleet

/// Prints a JSON body for people: indented, every number and string exactly as it was written, and each fault beside the
/// value that has it.
///
/// Works on the bytes, because a number read and written again may not be the same number. What is not JSON is shown as
/// it is, made inert.
struct BodyPrinter {
    /// A line of the printed body, and the JSON pointer of the value that it shows.
    struct Line: Hashable {
        var pointer: String
        var text: String
    }

    private var scanner: JSONScanner
    private var lines: [Line] = []
    private static let deepest = 100

    /// The printed body; nil when it is no JSON.
    static func lines(_ body: [UInt8]) -> [Line]? {
        var printer = BodyPrinter(scanner: JSONScanner(body))
        guard printer.value(pointer: "", prefix: "", indent: "", depth: 0), printer.scanner.isAtEnd else { return nil }
        return printer.lines
    }

    private init(scanner: JSONScanner) { self.scanner = scanner }

    /// Prints one value after `prefix`; false when there is none.
    private mutating func value(pointer: String, prefix: String, indent: String, depth: Int) -> Bool {
        guard depth <= Self.deepest else { return false }
        if scanner.take("{") {
            return container("}", (pointer, prefix, indent, depth)) { printer, _ in
                printer.member(pointer, indent, depth)
            }
        }
        if scanner.take("[") {
            return container("]", (pointer, prefix, indent, depth)) { printer, index in
                printer.value(pointer: pointer + "/\(index)", prefix: "", indent: indent + "  ", depth: depth + 1)
            }
        }
        guard let scalar = scanner.scalar() else { return false }
        lines.append(Line(pointer: pointer, text: indent + prefix + InertText.line(scalar)))
        return true
    }

    private mutating func member(_ pointer: String, _ indent: String, _ depth: Int) -> Bool {
        guard let key = scanner.string(), scanner.take(":") else { return false }
        let step = JSONScanner.unescaped(key).map { $0 == "~" ? "~0" : $0 == "/" ? "~1" : String($0) }.joined()
        return value(
            pointer: pointer + "/" + step, prefix: InertText.line(key) + ": ", indent: indent + "  ", depth: depth + 1)
    }

    private mutating func container(
        _ end: Character, _ place: (pointer: String, prefix: String, indent: String, depth: Int),
        item: (inout BodyPrinter, Int) -> Bool
    ) -> Bool {
        let start: Character = end == "}" ? "{" : "["
        let head = place.indent + place.prefix + String(start)
        if scanner.take(end) {
            lines.append(Line(pointer: place.pointer, text: head + String(end)))
            return true
        }
        lines.append(Line(pointer: place.pointer, text: head))
        var index = 0
        while true {
            guard item(&self, index) else { return false }
            index += 1
            guard scanner.take(",") else { break }
            lines[lines.count - 1].text += ","
        }
        // The closing line belongs to nobody: a fault of the whole stands at its opening.
        lines.append(Line(pointer: "\u{0}", text: place.indent + String(end)))
        return scanner.take(end)
    }
}
