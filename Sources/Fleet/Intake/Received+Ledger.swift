package import Ledger
package import Models

extension Received {
    /// What the ledger's one rule compares.
    var claimKey: ClaimKey { claimKey(family: type.family) }

    /// The same for a flow that only looks on, which counts for itself what it has seen.
    func claimKey(observedIn queue: String) -> ClaimKey { claimKey(family: "\(type.family)@\(queue)") }

    private func claimKey(family: String) -> ClaimKey {
        ClaimKey(
            family: family, subject: envelope.subject, revision: envelope.revision,
            hash: ContentDigest(high: contentHash.high, low: contentHash.low))
    }
}

extension FleetTopology {
    /// What the ledger's rule compares when this flow takes the message.
    package static func claimKey(of message: Received, in flow: String) -> ClaimKey {
        isObserver(flow) ? message.claimKey(observedIn: flow) : message.claimKey
    }
}

extension Envelope {
    /// The trace id inside `traceparent`, whose form the reader has checked: version, trace, parent, flags.
    var traceID: String? {
        guard let fields = traceParent?.utf8, fields.count >= 35 else { return nil }
        return String(Substring(fields.dropFirst(3).prefix(32)))
    }
}

extension Claim {
    /// The claim's name in the journal.
    var stage: String {
        switch self {
        case .claimed: "claimed"
        case .duplicate: "duplicate"
        case .superseded: "superseded"
        case .conflict: "conflict"
        case .busy: "busy"
        }
    }

    /// What the journal adds to it.
    var detail: String? {
        if case .superseded(let revision) = self { "revision \(revision) is applied already" } else { nil }
    }
}

extension FlowMetrics {
    func count(_ claim: Claim) {
        switch claim {
        case .duplicate: ended(.duplicate)
        case .superseded: ended(.superseded)
        case .claimed, .conflict, .busy: break
        }
    }
}

extension JournalEntry {
    /// What became of a claim, or of a message applied with it.
    init(
        _ message: Received, attempt: Int, stage: String, detail: String? = nil, worker: String, at now: Int64,
        took: Duration? = nil
    ) {
        let envelope = message.envelope
        self.init(
            at: now, messageID: envelope.id, type: envelope.type, subject: envelope.subject,
            revision: envelope.revision, stage: stage, code: "ok", detail: detail, worker: worker, attempt: attempt,
            durationMicroseconds: took.map { Int64($0 / .microseconds(1)) }, traceID: envelope.traceID)
    }
}
