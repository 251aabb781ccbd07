internal import Fleet

/// What a rehearsal needs besides its plan.
struct RehearsalOptions: Sendable {
    /// Somebody else's broker; nil starts one.
    var amqpURL: String?
    /// Whether ledger, books and logs stay.
    var isKept = false
    var prefetch = 200
    var callPrefetch = 128
    /// The user's own rules: who would be told.
    var alertRules: [AlertRule] = []
    /// How long an outage must last to be an alert, on the virtual clock.
    var outageAfter = Duration.seconds(120)

    init() {}

    /// What the user's settings say.
    init(_ configuration: Configuration) {
        prefetch = configuration.prefetch
        callPrefetch = configuration.callPrefetch
        alertRules = configuration.alertRules
        outageAfter = configuration.alertOutageAfter
    }
}
