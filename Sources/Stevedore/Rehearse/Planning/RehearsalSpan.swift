internal import ArgumentParser

/// A span of time as it is written on the command line: `24h`, `90m`, `1h30m`, `50ms`.
struct RehearsalSpan: Hashable, Sendable {
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

    /// - Throws: what is wrong with it, and how it is meant.
    init(typed text: String) throws {
        guard let span = RehearsalSpan(argument: text) else {
            throw ValidationError("a span is a number with its unit, ms, s, m, h or d: 24h, 90m, 1h30m, 50ms")
        }
        self = span
    }

    private static let units: [String: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400]
}

/// A part of a hundred on the command line: `5%`, or `5`.
struct RehearsalShare: Hashable, Sendable {
    /// From 0 to 1.
    let part: Double

    init(percent: Double) { part = percent / 100 }

    init?(argument: String) {
        let digits = argument.hasSuffix("%") ? argument.dropLast() : argument[...]
        guard let percent = Double(digits), (0...100).contains(percent) else { return nil }
        part = percent / 100
    }

    /// - Throws: what is wrong with it, and how it is meant.
    init(typed text: String) throws {
        guard let share = RehearsalShare(argument: text) else {
            throw ValidationError("a share is a number from 0% to 100%: 5%, 0.5%")
        }
        self = share
    }
}

/// Numbers on the command line, those below zero as well, so that they are refused for what they are and not for how they
/// begin.
enum RehearsalNumber {
    /// - Throws: what is wrong with it, and how it is meant.
    static func read(_ text: String, such example: String) throws -> Double {
        guard let number = Double(text), number.isFinite else { throw ValidationError("it is a number: \(example)") }
        return number
    }

    /// The same for what is counted.
    static func count(_ text: String, such example: String) throws -> Int {
        guard let number = Int(text) else { throw ValidationError("it is a whole number: \(example)") }
        return number
    }
}
