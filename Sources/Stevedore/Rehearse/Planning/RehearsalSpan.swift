internal import ArgumentParser

/// A span of time as it is written on the command line: `24h`, `90m`, `1h30m`, `50ms`.
struct RehearsalSpan: Hashable, Sendable, ExpressibleByArgument {
    let seconds: Double

    init(seconds: Double) { self.seconds = seconds }

    init?(argument: String) {
        var (rest, total) = (argument[...], 0.0)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let number = Double(digits), let length = Self.units[String(unit)] else { return nil }
            total += number * length
        }
        guard total.isFinite else { return nil }
        seconds = total
    }

    var defaultValueDescription: String { Figure.span(seconds) }

    private static let units: [String: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400]
}

/// A part of a hundred on the command line: `5%`, or `5`.
struct RehearsalShare: Hashable, Sendable, ExpressibleByArgument {
    /// From 0 to 1.
    let part: Double

    init(percent: Double) { part = percent / 100 }

    init?(argument: String) {
        let digits = argument.hasSuffix("%") ? argument.dropLast() : argument[...]
        guard let percent = Double(digits), (0...100).contains(percent) else { return nil }
        part = percent / 100
    }

    var defaultValueDescription: String { Figure.decimal(part * 100) + "%" }
}
