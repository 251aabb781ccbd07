extension FaultRule {
    /// Reads a `--fault` flag: `kind=drop-reply,count=3,method=POST,path=/orders`.
    public init(flag: String) throws(SimulatorError) {
        let pairs = try Self.pairs(flag)
        guard let name = pairs.first(where: { $0.key == "kind" })?.value, let kind = Kind(rawValue: name) else {
            let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidFault("\"\(flag)\" needs kind=, one of \(kinds)")
        }
        self.init(kind)
        for (key, value) in pairs where key != "kind" { try set(key, value) }
        if let complaint { throw .invalidFault(complaint) }
    }

    /// A comma separates pairs, except inside a value: a piece without "=" continues the value before it.
    private static func pairs(_ flag: String) throws(SimulatorError) -> [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        for piece in flag.split(separator: ",", omittingEmptySubsequences: false) {
            if let sign = piece.firstIndex(of: "=") {
                pairs.append((String(piece[..<sign]), String(piece[piece.index(after: sign)...])))
            } else if pairs.isEmpty {
                pairs.append(("kind", String(piece)))
            } else {
                pairs[pairs.count - 1].value += "," + piece
            }
        }
        return pairs
    }

    private mutating func set(_ key: String, _ value: String) throws(SimulatorError) {
        switch key {
        case "count": count = try Self.parse(key, value)
        case "method": method = value
        case "path": path = value
        case "probability": probability = try Self.parse(key, value)
        case "seed": seed = try Self.parse(key, value)
        case "applied": applied = try Self.parse(key, value)
        case "status": status = try Self.parse(key, value)
        case "retryAfter", "retry-after": retryAfter = try Self.parse(key, value)
        case "limit": limit = try Self.parse(key, value)
        case "seconds": seconds = try Self.parse(key, value)
        case "latency": latency = try Latency(text: value)
        default: throw .invalidFault("there is no setting \(key)")
        }
    }

    private static func parse<Value: LosslessStringConvertible>(
        _ key: String, _ text: String
    ) throws(SimulatorError) -> Value {
        guard let value = Value(text) else { throw .invalidFault("\(key)=\(text) can not be read") }
        return value
    }
}
