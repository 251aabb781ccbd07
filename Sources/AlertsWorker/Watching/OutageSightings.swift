internal import Fleet
internal import Ledger
internal import Synchronization

/// When it was seen last that something cannot be reached, as far as this process knows. Work waits until the next try,
/// whatever has become of the outage meanwhile: that somebody still waits is no sign that it lasts.
final class OutageSightings: Sendable {
    /// A wait of a stream: until when, since when it is known to have failed at least, and when that was looked at.
    private struct Sighting {
        var until: Int64
        var at: Int64
        var lookedAt: Int64
    }

    private let streams = Mutex<[String: Sighting]>([:])

    /// When each of these streams is known to have failed last, by name: one whose wait was renewed since the last look
    /// has failed since.
    /// - Parameter waits: All that there are; others are forgotten.
    func lastFailures(of waits: [FeedWait], now: Int64) -> [String: Int64] {
        streams.withLock { streams in
            let before = streams
            streams = waits.reduce(into: [:]) { sightings, wait in
                let known = before[wait.stream]
                let isSame = known?.until == wait.until
                let failure = isSame ? known?.at : known?.lookedAt
                sightings[wait.stream] = Sighting(
                    until: wait.until, at: min(max(failure ?? wait.since, wait.since), now), lookedAt: now)
            }
            return streams.mapValues(\.at)
        }
    }
}

extension Outage {
    /// When it was seen last that calls fail, of which a worker says that it has paused a flow for them; nil where this
    /// outage is not the one that it waits for. Whoever waits for one that is over has only not looked yet.
    func lastSighting(by pause: FlowPause) -> Int64? {
        if let endedAt { return endedAt >= pause.since ? pause.since : nil }
        return seenAt
    }

    /// When it was seen last that calls fail, of an outage that lasts.
    var seenAt: Int64 {
        guard phase == .open, let probedAt else { return beganAt }
        return max(beganAt, probedAt)
    }
}

extension LedgerSnapshot {
    /// When each worker has said last that it waits, by the flow's queue and its own name.
    func pausesSeen() throws -> [[String]: Int64] {
        let rows = try query("SELECT queue, holder, seen FROM flow_pause") {
            (key: [$0.text(0), $0.text(1)], seen: $0.integer(2))
        }
        return Dictionary(rows.map { ($0.key, $0.seen) }) { first, _ in first }
    }
}
