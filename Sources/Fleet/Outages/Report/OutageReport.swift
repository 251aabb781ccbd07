package import Ledger

/// All that is known of one outage: why, what waits, when that will be worked off, and in the end what became of it.
///
/// Made from the ledger; whoever has a broker at hand adds what it counts (``counted(_:at:)``). Looks only.
package struct OutageReport: Sendable {
    /// In microseconds since 1970, as all times here.
    package var now: Int64
    package var outage: Outage
    /// Whether what waits now waits because of it: what had waited is not known to be worked off, and no later outage
    /// of the same destination has begun.
    package var isCurrent: Bool
    /// Whether all that had waited is known to be worked off, or is not asked about any more
    /// (``LedgerSnapshot/isSettled(_:at:)``).
    package var isSettled: Bool
    /// The planned window that it began with, or that stands now; nil when nothing is planned.
    package var window: MaintenanceWindow?
    /// The flows of which the messages wait.
    package var flows: [String]
    /// How the backlog has grown and shrunk, as far as workers have written it down.
    package var readings: [BacklogReading]
    /// How many messages of each flow workers have in hand, as far as the ledger knows: those that they are calling for.
    package var inHand: [String: Int] = [:]
    /// How many orders nobody has finished; those that workers hold are among them.
    package var unfinished = 0
    /// How many workers pause each flow.
    package var paused: [String: Int] = [:]
    /// What the broker counts; nil while it was not asked.
    package var backlog: [FlowBacklog]?
    /// Why the broker did not say; nil when it did, or need not be asked.
    package var brokerTrouble: String?
    /// What waits in the ledger; nil for a destination of which everything waits in queues.
    package var posts: PostBacklog?
    /// Orders that wait for the ERP now, and apart those that wait for a person; nil where nobody notes them, and for any
    /// other destination.
    package var orders: WaitingOrders?
    /// Messages that came in and were answered since it began.
    package var tally: JournalTally
    /// What became a dead letter since it began.
    package var letters: [LetterCount]
    /// How fast an earlier outage drained, and how fast calls were answered before this one, as far as that was needed.
    package var earlier: DrainPace?
    package var before: DrainPace?
    /// What the broker counted at the last looks.
    package var looks: [BacklogReading] = []

    /// - Parameter known: What was counted of the same outage before, so that looking again and again is cheap.
    package init(
        _ outage: Outage, _ snapshot: LedgerSnapshot, now: Int64, after known: JournalTally? = nil
    ) throws {
        let samples = try snapshot.samples(of: outage.number)
        let flows = FlowBacklog.flows(to: outage.destination)
        (self.now, self.outage, self.flows, readings) = (now, outage, flows, BacklogReading.series(samples))
        isCurrent = try outage.drainedAt == nil && !snapshot.hasLaterOutage(than: outage)
        isSettled = try snapshot.isSettled(outage, at: now)
        window =
            try outage.endedAt == nil
            ? snapshot.maintenanceWindow(standingFor: outage.destination, at: now) : nil
        if window == nil { window = try outage.window.flatMap { try snapshot.maintenanceWindow(number: $0) } }
        let types = FlowBacklog.types(of: flows)
        let over = outage.drainedAt ?? (isCurrent ? nil : outage.endedAt)
        let end = over.map { min(now, $0 + Self.handling) } ?? now
        tally = try snapshot.journalTally(of: types, from: outage.beganAt, to: end, after: known)
        letters = try snapshot.letterCounts(of: flows, from: outage.beganAt, to: end)
        guard isCurrent else { return }
        posts = try snapshot.postBacklog(of: outage.destination, now: now)
        if outage.destination == FlowBacklog.erp {
            orders = try snapshot.waitingOrders()
            unfinished = try snapshot.unfinishedOrders()
        }
        inHand = try snapshot.messagesInHand(of: flows, at: now)
        paused = Dictionary(grouping: try FlowPause.all(snapshot, now: now), by: \.queue).mapValues(\.count)
        guard outage.endedAt == nil else { return }
        let others = try snapshot.earlierOutages(than: outage)
        earlier = try snapshot.drainPace(after: others)
        guard earlier == nil else { return }
        before = try snapshot.answerPace(of: types, before: outage.beganAt, outside: others)
    }

    /// What has been taken from its queue last is answered within this time, in microseconds.
    static let handling: Int64 = 60_000_000

    /// The same with what the broker counts. Of what is in hand the broker may know more than the ledger, which says what is
    /// called for, and not what lies ready for that.
    package func counted(_ backlog: [FlowBacklog], at time: Int64) -> OutageReport {
        var report = self
        let backlog = backlog.map { flow in
            var flow = flow
            flow.inHand = max(flow.inHand, inHand[flow.flow] ?? 0)
            if flow.flow == LedgerSnapshot.followedFlow {
                flow.inHand = max(flow.inHand, unfinished - (flow.ready ?? 0) - flow.retrying)
            }
            flow.paused = max(flow.paused, paused[flow.flow] ?? 0)
            return flow
        }
        report.backlog = backlog
        report.looks.append(BacklogReading(at: time, waiting: backlog.reduce(0) { $0 + $1.waiting }))
        return report
    }

    // MARK: - Now

    /// Whether only the broker knows how much waits.
    package var needsBroker: Bool { isCurrent && !flows.isEmpty }

    /// Whether a second look at the broker would say how fast the backlog shrinks, and nothing else does.
    package var needsSecondLook: Bool {
        guard needsBroker, outage.endedAt != nil, case .unknown = projection else { return false }
        return looks.count == 1 && (waiting ?? 0) > 0
    }

    /// Whether it is over, and all that had waited was worked off.
    package var isDrained: Bool {
        !isCurrent || outage.endedAt != nil && projection == .drained
    }

    /// How much waits now: by the broker, by the ledger, or by what was written down a moment ago; nil when nobody
    /// knows.
    package var waiting: Int? {
        if let backlog { return backlog.reduce(0) { $0 + $1.waiting } }
        if let posts { return posts.waiting }
        guard let last = readings.last, (0..<DrainPace.freshness).contains(now &- last.at) else { return nil }
        return last.waiting
    }

    /// When what waits will be worked off.
    package var projection: BacklogProjection {
        guard isCurrent else { return .drained }
        var facts = BacklogProjection.Facts(waiting: waiting, endedAt: outage.endedAt, now: now)
        (facts.readings, facts.looks, facts.earlier, facts.before) = (readings, looks, earlier, before)
        return BacklogProjection(facts)
    }

    /// The most that waited at once; nil when nobody wrote that down.
    package var most: BacklogReading? { (readings + looks).max { $0.waiting < $1.waiting } }

    /// How long it lasted, or has lasted by now, in microseconds; none where a clock was set back.
    package var lasted: Int64 { max(0, (outage.endedAt ?? now) &- outage.beganAt) }

    /// How long working off took after its end, in microseconds; nil until that is done.
    package var draining: Int64? {
        guard let endedAt = outage.endedAt, let drainedAt = outage.drainedAt else { return nil }
        return max(0, drainedAt &- endedAt)
    }
}
