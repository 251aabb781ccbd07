internal import Fleet

/// A logfmt line of a worker, rewritten for a person: time of day, level, message, and the rest as it is.
struct ReadableLine: Hashable {
    let level: String
    let text: String

    /// Nil when the line is not such a log line.
    init?(_ line: String) {
        var rest = Substring(line)
        guard let time = Self.take("time", &rest), let level = Self.take("level", &rest),
            Self.take("program", &rest) != nil, let message = Self.take("message", &rest)
        else { return nil }
        let clock = time.split(separator: "T").last?.prefix(8) ?? ""
        let padded = level + String(repeating: " ", count: max(0, 7 - level.count))
        self.level = level
        text = "\(clock) \(padded) \(message)" + (rest.isEmpty ? "" : "  " + rest)
    }

    /// The colour of its level; nil for the ordinary.
    var colour: Terminal.Colour? {
        switch level {
        case "warning": .yellow
        case "error", "critical": .red
        case "trace", "debug": .faint
        default: nil
        }
    }

    /// Takes `name=value` off the front, the value with or without quotes.
    private static func take(_ name: String, _ rest: inout Substring) -> String? {
        guard rest.hasPrefix(name + "=") else { return nil }
        rest = rest.dropFirst(name.count + 1)
        let value = rest.first == "\"" ? quoted(&rest) : String(rest.prefix { $0 != " " })
        if let value { rest = rest.dropFirst(rest.first == " " || value.isEmpty ? 0 : value.count) }
        rest = rest.drop { $0 == " " }
        return value
    }

    private static func quoted(_ rest: inout Substring) -> String? {
        var (value, isEscaped) = ("", false)
        for index in rest.indices.dropFirst() {
            let character = rest[index]
            if character == "\"" && !isEscaped {
                rest = " " + rest[rest.index(after: index)...]
                return value
            }
            isEscaped = character == "\\" && !isEscaped
            if !isEscaped { value.append(character) }
        }
        return nil
    }
}
