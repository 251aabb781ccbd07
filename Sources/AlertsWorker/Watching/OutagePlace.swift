internal import Fleet

/// What an alert of an outage is of: all destinations that stand or fall together for people, and what they call it.
enum OutagePlace {
    /// The place of a destination: `erp` of `erp` and of `erp.changes`, `store` of `store.webhook`.
    static func of(_ destination: String) -> String {
        let way = AlertNotice.Channel.allCases.first { $0.destination.rawValue == destination }
        return way?.place ?? String(destination.prefix { $0 != "." })
    }

    /// At the beginning of a sentence.
    static func name(_ place: String) -> String {
        switch place {
        case "erp": "The ERP"
        case "store": "The store"
        case "broker": "The broker"
        case "ledger": "The ledger"
        case AlertNotice.Channel.mail.place: OutageReport.name(of: AlertNotice.Channel.mail.destination.rawValue)
        case AlertNotice.Channel.webhook.place: OutageReport.name(of: AlertNotice.Channel.webhook.destination.rawValue)
        default: place
        }
    }

    /// Within one.
    static func nameWithin(_ place: String) -> String {
        let text = name(place)
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// The place that a paused flow waits for. A planned pause says only that it is planned.
    static func of(_ pause: FlowPause) -> String {
        let isPlanned = pause.code == MaintenanceWindow.code
        return isPlanned && FlowBacklog.flows(to: FlowBacklog.erp).contains(pause.queue)
            ? FlowBacklog.erp : of(pause.code)
    }
}
