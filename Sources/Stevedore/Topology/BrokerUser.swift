/// A user of the broker, and the least that it needs: regular expressions over names of exchanges and queues.
struct BrokerUser: Hashable {
    var name: String
    var tags: [String] = []
    var configure = Self.nothing
    var write = Self.nothing
    var read = Self.nothing
    /// Which routing keys it may publish to the main exchange; nil when it may not publish there.
    var routingKeys: String?

    /// Matches no name.
    static let nothing = "^$"

    /// Matches exactly these names.
    static func exactly(_ names: [String]) -> String {
        "^(" + names.map { $0.replacingDots() }.joined(separator: "|") + ")$"
    }
}

extension String {
    /// The dots of a name, as a regular expression has to write them.
    func replacingDots() -> String { split(separator: ".", omittingEmptySubsequences: false).joined(separator: "\\.") }
}
