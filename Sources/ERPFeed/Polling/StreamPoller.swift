internal import ERP
internal import Fleet
internal import Ledger
internal import Logging
internal import Models
internal import Synchronization

/// Keeps one stream read: what is new at once, what appeared late a little later, and everything now and then.
struct StreamPoller: Sendable {
    let reader: StreamReader
    let pulse: FeedPulse
    /// A process that has not renewed it for so long has the stream no more.
    private let lease: Duration = .seconds(60)

    private let ending = StreamEnding()

    init(_ reader: StreamReader, pulse: FeedPulse) {
        self.reader = reader
        self.pulse = pulse
    }

    private var stream: String { reader.stream.description }
    private var ledger: Ledger { reader.ledger }
    private var settings: FeedSettings { reader.settings }

    /// Reads until stopped. An ERP that is away is waited for with all others, and one that asks for time gets it.
    func run() async {
        var delay = Duration.seconds(1)
        while !pulse.isStopping, !ending.hasCome {
            do {
                let hasMore = try await readOnce()
                delay = .seconds(1)
                if !hasMore { await pulse.rest(settings.interval) }
            } catch is CancellationError {
                break
            } catch let outage as StandingOutage {
                await pulse.sitOut(stream, outage, in: ledger)
                await pulse.rest(ChangesAbsence.pause)
            } catch {
                let pause = max(error.pause ?? .zero, delay)
                await pulse.wait(stream, error, for: pause, in: ledger)
                await pulse.rest(pause)
                delay = min(delay * 2, .seconds(15))
            }
        }
        if !ending.hasCome { await giveUp() }
    }

    /// The ERP does not name the stream any more: it is not read from the next page on.
    func end() {
        ending.come()
        pulse.forget(stream)
    }

    /// The next process need not wait until the lease is over.
    private func giveUp() async {
        guard !pulse.mustRenew(stream, after: lease) else { return }
        _ = try? await ledger.write { [self] transaction in
            let isMine = try transaction.takeMaintenance(
                FeedCursor.lease(of: stream), holder: reader.tools.holder, lease: .zero,
                now: Timestamp.now().microseconds)
            if isMine { try transaction.endWait(of: stream) }
        }
    }

    /// One page of what is due; returns whether there is more.
    private func readOnce() async throws -> Bool {
        guard try await isMine() else {
            pulse.forget(stream)
            return false
        }
        let (cursor, isOtherOpen) = try await due()
        let start = ContinuousClock.now
        let next = try await reader.step(cursor) { reason in
            await pulse.wait(stream, UnconfirmedPage(reason: reason), for: .seconds(15), in: ledger)
        }
        try await withdraw()
        try await pulse.goOn(stream, in: ledger)
        pulse.moved(next, by: max(0, next.read - cursor.read))
        let due = start + .seconds(1) * (Double(next.read - cursor.read) / Double(settings.rate))
        await pulse.rest(due - .now)
        return next.finishedAt == nil || isOtherOpen
    }

    /// After a full read, page by page; what is left at a stop, or when something is in the way, is told later.
    private func withdraw(hasEnded: Bool = false) async throws {
        guard try await reader.owesWithdrawal(hasEnded: hasEnded) else { return }
        let plan = try await reader.planWithdrawal()
        var next = plan
        while let page = next {
            guard !pulse.isStopping, try await isMine() else { return }
            next = try await reader.withdrawPage(page)
        }
        try await reader.endWithdrawal(plan)
    }

    /// The store is told that all that was in the stream is gone. Returns whether that is done.
    func runDown() async -> Bool {
        do {
            guard reader.missesObjects, try await isMine() else { return false }
            try await ledger.write { [stream] in try $0.endStream(stream) }
            try await withdraw(hasEnded: true)
            return true
        } catch {
            reader.logger.error(
                "stock of a warehouse that is gone is not told yet",
                metadata: ["stream": "\(stream)", "reason": "\(error)", "remedy": "Nothing to do: it is tried again."])
            return false
        }
    }

    /// Of several processes one has a stream.
    private func isMine() async throws -> Bool {
        guard pulse.mustRenew(stream, after: lease / 3) else { return true }
        let isMine = try await ledger.write { [self] transaction in
            try transaction.takeMaintenance(
                FeedCursor.lease(of: stream), holder: reader.tools.holder, lease: lease,
                now: Timestamp.now().microseconds)
        }
        pulse.renewed(stream, isMine: isMine)
        return isMine
    }

    /// What is to be read now, and whether there is more of another kind: everything when that was asked for or is due, what
    /// may have come late, or what is new, which has every second page of a long read.
    private func due() async throws -> (FeedCursor, isOtherOpen: Bool) {
        let now = Timestamp.now().microseconds
        return try await ledger.read { [self] snapshot in
            let live = try snapshot.feedCursor(stream, .live) ?? .beginning(stream, .live, now: now)
            // The first read of all is of everything, and what is new comes before what is read again.
            guard live.finishedAt != nil else { return (live, false) }
            guard let other = try dueAgain(snapshot, now) else { return (live, false) }
            return pulse.isTurnOfOthers(stream) ? (other, false) : (live, true)
        }
    }

    private func dueAgain(_ snapshot: LedgerSnapshot, _ now: Int64) throws -> FeedCursor? {
        let full = try snapshot.feedCursor(stream, .full)
        if let full, full.finishedAt == nil { return full }
        if let late = try snapshot.feedCursor(stream, .lookBack), late.isDue(every: settings.lookBack, now) {
            return late.finishedAt == nil ? late : late.begun(at: now)
        }
        guard let full, full.isDue(every: settings.fullRead, now) else { return nil }
        return .beginning(stream, .full, after: full, now: now)
    }
}

extension FeedCursor {
    /// Whether it has not ended, or did so long ago; a period of zero is none. An end in the future says that the clock was
    /// set back, and nothing of when it was.
    func isDue(every period: Duration, _ now: Int64) -> Bool {
        guard let finishedAt else { return true }
        return period > .zero && (now - finishedAt >= Int64(period / .microseconds(1)) || now < finishedAt)
    }

    fileprivate func begun(at now: Int64) -> FeedCursor {
        var begun = self
        (begun.startedAt, begun.finishedAt, begun.read, begun.told) = (now, nil, 0, 0)
        return begun
    }
}

extension Error {
    /// How long the ERP asks to be left alone.
    fileprivate var pause: Duration? {
        if case .slowDown(let pause) = self as? ERPError { pause } else { nil }
    }
}

/// Whether a stream is to be read no more.
private final class StreamEnding: Sendable {
    private let state = Mutex(false)

    var hasCome: Bool { state.withLock { $0 } }

    func come() { state.withLock { $0 = true } }
}
