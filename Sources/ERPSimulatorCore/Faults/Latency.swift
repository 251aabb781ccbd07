import Glibc

/// How long the simulated ERP takes.
public struct Latency: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Seconds; the second figure is the other bound or the deviation.
    enum Shape: Hashable, Sendable {
        case fixed(Double)
        case uniform(Double, Double)
        case normal(Double, Double)
        case exponential(Double)
    }

    /// As it was written.
    public let description: String
    let shape: Shape

    /// Reads `50ms`, `1.5s`, `uniform:20ms,80ms`, `normal:50ms,10ms`, `exponential:50ms`.
    public init(text: String) throws(SimulatorError) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let figures = (parts.last ?? "").split(separator: ",").compactMap { Self.seconds($0) }
        switch (parts.count == 2 ? parts[0] : "fixed", figures.count) {
        case ("fixed", 1): shape = .fixed(figures[0])
        case ("uniform", 2): shape = .uniform(min(figures[0], figures[1]), max(figures[0], figures[1]))
        case ("normal", 2): shape = .normal(figures[0], figures[1])
        case ("exponential", 1): shape = .exponential(figures[0])
        default: throw .invalidFault("the latency \"\(text)\" can not be read")
        }
        description = text
    }

    /// Reads its text.
    public init(from decoder: any Decoder) throws {
        try self.init(text: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// One draw, never negative and never above a day.
    func draw(_ random: inout SeededRandom) -> Duration {
        let seconds =
            switch shape {
            case .fixed(let seconds): seconds
            case .uniform(let low, let high): low + (high - low) * random.unit()
            case .exponential(let mean): -mean * log(1 - random.unit())
            case .normal(let mean, let deviation):
                mean + deviation * (-2 * log(1 - random.unit())).squareRoot() * cos(2 * Double.pi * random.unit())
            }
        return .seconds(min(max(seconds, 0), 86_400))
    }

    private static func seconds(_ text: Substring) -> Double? {
        let isMilliseconds = text.hasSuffix("ms")
        guard text.hasSuffix("s"), let figure = Double(text.dropLast(isMilliseconds ? 2 : 1)), figure.isFinite,
            figure >= 0
        else { return nil }
        return isMilliseconds ? figure / 1_000 : figure
    }
}
