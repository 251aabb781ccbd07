/// What one flow counts about itself; `/metrics` shows it in the Prometheus text format 0.0.4.
///
/// Names follow OpenTelemetry's messaging conventions where those have one. No label ever holds a business key, so the
/// number of series is fixed.
public final class FlowMetrics: Sendable {
    /// What became of a message.
    enum Ending: String, CaseIterable {
        case applied, duplicate, superseded, retried
        case deadLettered = "dead-lettered"
        case returned
    }

    let queue: String
    let consumed = Counter()
    let processing = DurationHistogram()
    let inFlight = Gauge()
    let callLimit = Gauge()
    let callsRefused = Counter()
    let confirmsUnknown = Counter()
    let reconnects = Counter()
    let consuming = Gauge()
    let ledgerBlocked = Gauge()
    let paused = Gauge()
    private let endings: [Ending: Counter]

    init(queue: String) {
        self.queue = queue
        endings = Dictionary(uniqueKeysWithValues: Ending.allCases.map { ($0, Counter()) })
    }

    func ended(_ ending: Ending, count: Int = 1) {
        endings[ending]?.add(count)
    }

    func ended(_ many: [Ending]) {
        for ending in Ending.allCases {
            let count = many.count { $0 == ending }
            if count > 0 { ended(ending, count: count) }
        }
    }

    func total(_ ending: Ending) -> Int { endings[ending]?.total ?? 0 }

    /// One flow's samples; `# TYPE` lines are written once by ``MetricsPage``.
    func samples() -> [String: [String]] {
        let label = "messaging_destination_name=\"\(queue)\""
        var samples: [String: [String]] = [:]
        samples["messaging_client_consumed_messages_total"] = ["{\(label)} \(consumed.total)"]
        samples["stevedore_messages_total"] = Ending.allCases.map {
            "{\(label),ending=\"\($0.rawValue)\"} \(total($0))"
        }
        samples["stevedore_calls_refused_total"] = ["{\(label)} \(callsRefused.total)"]
        samples["stevedore_confirms_unknown_total"] = ["{\(label)} \(confirmsUnknown.total)"]
        samples["stevedore_broker_reconnects_total"] = ["{\(label)} \(reconnects.total)"]
        samples["stevedore_messages_in_flight"] = ["{\(label)} \(inFlight.now)"]
        samples["stevedore_call_limit"] = ["{\(label)} \(callLimit.now)"]
        samples["stevedore_consumer_active"] = ["{\(label)} \(paused.now == 0 ? consuming.now : 0)"]
        samples["stevedore_flow_paused"] = ["{\(label)} \(paused.now)"]
        samples["stevedore_ledger_blocked"] = ["{\(label)} \(ledgerBlocked.now)"]
        return samples
    }

    func processingLines() -> [String] {
        processing.lines("messaging_process_duration_seconds", labels: "messaging_destination_name=\"\(queue)\"")
    }
}
