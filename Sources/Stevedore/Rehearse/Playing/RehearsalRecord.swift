internal import Fleet
internal import Models

/// What a run has measured besides its samples.
struct RehearsalRecord: Sendable {
    var startedAt = Timestamp.epoch
    var endedAt = Timestamp.epoch
    /// How long it all took.
    var realSeconds = 0.0
    /// What this machine's fleet bears: calls a second to an ERP that answers at once.
    var fleetCallsPerSecond = 0.0
    /// The speed at which the outage was played at the end; lower than planned where the machine did not follow.
    var outageSpeed = 0.0
    /// Whether it had to be lowered.
    var isSlowed = false
    var orders = 0
    var messages = 0
    var repeats = 0
    var bytesOfMessage = 0.0
    var backlog = 0
    /// What the broker had on its disk when the ERP came back; nil on somebody else's.
    var brokerDisk: Int?
    /// The speed at which the drain was played.
    var drainSpeed = 0.0
    /// On a real clock: from the ERP's return until its first order.
    var noticedAfter = 0.0
    /// On the virtual clock: from the ERP's first order until nothing waited.
    var drainSeconds: Double?
    /// Calls that the ERP has taken meanwhile, in a second of the virtual clock.
    var drainCallsPerSecond = 0.0
    var mostReturns: Int?
    var kills = 0
    var restarts = 0
    var alerts: [RehearsedAlert] = []
    var deadLetterCodes: [String] = []
    var stubborn: [String] = []
    /// Where ledger, books and logs are; nil when they are gone.
    var keptIn: String?

    /// What the backlog that really arose should take, by the declared ERP.
    func projection(_ plan: RehearsalPlan) -> DrainProjection {
        DrainProjection(
            backlog: Double(backlog), callsPerSecond: plan.erp.rate,
            arrivalsPerSecond: plan.ordersPerSecond * plan.messagesPerOrder)
    }

    var backlogBytes: Double { Double(backlog) * bytesOfMessage }
}

/// An alert that the rehearsed fleet has raised, and who would have been told of it.
struct RehearsedAlert: Hashable, Sendable {
    var key: String
    var severity: String
    var sentence: String
    var isOver: Bool
    /// Mail addresses, and `webhook`, by the user's own rules.
    var told: [String]

    init(_ alert: Alert, _ rules: [AlertRule]) {
        (key, severity, sentence) = (alert.key, alert.severity.rawValue, alert.sentence)
        isOver = alert.state == .resolved
        let matching = rules.filter { $0.when.matches(alert) }
        let webhook = matching.contains { $0.webhook } ? ["webhook"] : []
        told = Set(matching.flatMap { $0.mail }).sorted() + webhook
    }
}
