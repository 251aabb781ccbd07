/// Work of a process beside its flows, such as posting to a store: it begins when the flows do, and ends after them.
public protocol CompanionService: Sendable {
    /// Works until stopped, and returns when what was in hand has ended; soon when cancelled. Called once.
    func run(_ tools: CompanionTools) async
    /// Begins nothing more.
    func stop()
    /// What the health page says of it.
    func check() async -> HealthCheck
    /// What the metrics page says of it: by name of the metric, each sample's labels and value.
    func samples() async -> [String: [String]]
}
