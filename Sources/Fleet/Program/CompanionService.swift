/// Work of a process beside its flows, such as posting to a store: it begins when the flows do, and ends after them.
public protocol CompanionService: Sendable {
    /// Whether it has something to do only once the broker is there. A process of which no service needs it begins with
    /// them as soon as the ledger is ready.
    var needsBroker: Bool { get }
    /// Works until stopped, and returns when what was in hand has ended; soon when cancelled. Called once.
    func run(_ tools: CompanionTools) async
    /// Begins nothing more.
    func stop()
    /// What the health page says of it.
    func check() async -> HealthCheck
    /// What the metrics page says of it: by name of the metric, each sample's labels and value.
    func samples() async -> [String: [String]]
}

extension CompanionService {
    /// Most publish.
    public var needsBroker: Bool { true }
}
