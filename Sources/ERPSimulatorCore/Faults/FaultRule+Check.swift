extension FaultRule {
    /// What is missing, contradictory or without a meaning, or nil.
    var complaint: String? {
        if let stray = settings.first(where: { !kind.settings.contains($0) }) {
            return "\(kind.rawValue) has no setting \(stray); it has \(kind.settings.joined(separator: ", "))"
        }
        switch kind {
        case .latency where latency == nil: return "latency needs a latency, for example 50ms"
        case .capacity where (limit ?? 0) < 1: return "capacity needs a limit of at least 1"
        case .capacity where ![nil, 429, 503].contains(status): return "capacity answers 429 or 503"
        case .error where !(400...599).contains(status ?? 500): return "an error has a status from 400 to 599"
        default: return sharedComplaint
        }
    }

    private var sharedComplaint: String? {
        if let probability, !(0...1).contains(probability) { return "a probability lies between 0 and 1" }
        if let count, count < 1 { return "a count is at least 1" }
        if let seconds, !(seconds >= 0 && seconds <= 1_000_000) { return "seconds lie between 0 and 1000000" }
        if let limit, !(1...100_000).contains(limit) { return "a limit lies between 1 and 100000" }
        if let retryAfter, retryAfter < 0 { return "retryAfter is not negative" }
        return nil
    }

    /// The names of the settings that were made.
    private var settings: [String] {
        let made: [(String, Bool)] = [
            ("count", count != nil), ("method", method != nil), ("path", path != nil),
            ("probability", probability != nil), ("seed", seed != nil), ("applied", applied != nil),
            ("status", status != nil), ("retryAfter", retryAfter != nil), ("limit", limit != nil),
            ("seconds", seconds != nil), ("latency", latency != nil),
        ]
        return made.filter(\.1).map(\.0)
    }
}

extension FaultRule.Kind {
    /// The settings that mean something to it; what means nothing is refused, for it is a mistake.
    var settings: [String] {
        let chosen = ["count", "method", "path", "probability", "seed"]
        return switch self {
        case .latency: chosen + ["latency"]
        case .capacity: ["method", "path", "limit", "status", "retryAfter"]
        case .error: chosen + ["applied", "status", "retryAfter"]
        case .hang: chosen + ["applied", "seconds"]
        case .dropReply, .reset, .html, .truncated, .cutOff, .empty, .errorBody: chosen + ["applied"]
        case .duplicate, .hold: chosen
        case .down, .clockBack: ["seconds"]
        case .repeatRows, .skipRows, .unreadableRows: chosen + ["limit"]
        }
    }
}
