internal import ArgumentParser
internal import Fleet

/// How long to wait, as a person types it: `500ms`, `2s`, `1m`.
struct QuotePatience: Hashable, Sendable, CustomStringConvertible {
    /// As long as most stores wait.
    static let standard = QuotePatience(milliseconds: 2_000)

    let milliseconds: Int64

    var duration: Duration { .milliseconds(milliseconds) }

    var description: String { milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms" }

    private init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// Nil for anything but a whole number with its unit, and for what is below a hundredth of a second or longer than
    /// any question waits.
    init?(argument: String) {
        let unit = argument.drop { $0.isASCII && $0.isNumber }
        guard let number = Int64(argument[..<unit.startIndex]), number <= Self.longest,
            let factor = Self.units[String(unit)]
        else { return nil }
        milliseconds = number * factor
        guard (Self.shortest...Self.longest).contains(milliseconds) else { return nil }
    }

    /// - Throws: what is wrong with it, and how it is meant.
    init(typed text: String) throws {
        guard let patience = QuotePatience(argument: text) else {
            throw ValidationError(
                "a deadline is a whole number with its unit, ms, s or m, from \(Self.shortest)ms to "
                    + "\(Self.longest / 1_000)s: 500ms, 2s, 1m")
        }
        self = patience
    }

    /// Below that nobody has answered.
    private static let shortest: Int64 = 10

    private static let units: [String: Int64] = ["ms": 1, "s": 1_000, "m": 60_000]

    private static var longest: Int64 { Int64(FleetTopology.questionPatience / .milliseconds(1)) }
}
