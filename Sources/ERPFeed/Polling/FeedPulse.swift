internal import ERP
internal import Fleet
internal import Logging
internal import Models
internal import Synchronization

/// How the streams of a feed are doing: what health says of them, what the log says now and then, and when to stop.
final class FeedPulse: Sendable {
    private struct State {
        var isStopping = false
        var sleepers: [Int: Task<Void, Never>] = [:]
        var nextSleeper = 0
        /// Why a stream cannot be read, since when.
        var failures: [String: (reason: String, since: Timestamp)] = [:]
        var renewals: [String: ContinuousClock.Instant] = [:]
        var turns: [String: Bool] = [:]
        var reports: [String: ContinuousClock.Instant] = [:]
        /// Streams of which the ledger does not say that they wait.
        var unhindered: Set<String> = []
        /// Of which outage was written down last that they wait for it, and when.
        var outages: [String: (code: String, at: ContinuousClock.Instant)] = [:]
        var read: [String: Int64] = [:]
    }

    private let state = Mutex(State())
    let logger: Logger

    init(logger: Logger) { self.logger = logger }

    // MARK: - Stopping

    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Ends every rest; nothing more is begun.
    func stop() {
        let sleepers = state.withLock { state in
            state.isStopping = true
            return Array(state.sleepers.values)
        }
        for sleeper in sleepers { sleeper.cancel() }
    }

    /// Returns after that time, or at the stop.
    func rest(_ duration: Duration) async {
        guard duration > .zero, !Task.isCancelled else { return }
        let task = Task { _ = try? await Task.sleep(for: duration) }
        let number: Int? = state.withLock { state in
            guard !state.isStopping else { return nil }
            state.nextSleeper += 1
            state.sleepers[state.nextSleeper] = task
            return state.nextSleeper
        }
        guard let number else { return task.cancel() }
        await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
        state.withLock { $0.sleepers[number] = nil }
    }

    // MARK: - Turns

    /// Whether the lease of a stream has to be taken, or taken again.
    func mustRenew(_ stream: String, after age: Duration) -> Bool {
        state.withLock { state in state.renewals[stream].map { .now - $0 >= age } ?? true }
    }

    func renewed(_ stream: String, isMine: Bool) {
        state.withLock { $0.renewals[stream] = isMine ? .now : nil }
    }

    /// Every second time true.
    func isTurnOfOthers(_ stream: String) -> Bool {
        state.withLock { state in
            state.turns[stream, default: false].toggle()
            return state.turns[stream] ?? false
        }
    }

    // MARK: - What happened

    /// A page was read. Long reads say how far they are every ten seconds, and when they end.
    func moved(_ cursor: FeedCursor, by count: Int64) {
        let stream = cursor.stream
        let (isBack, isDue) = state.withLock { state in
            state.read[stream, default: 0] += count
            let isBack = state.failures.removeValue(forKey: stream) != nil
            let last = state.reports[stream]
            let isDue =
                count > 0 && (cursor.finishedAt != nil ? last != nil : last.map { .now - $0 > .seconds(10) } ?? false)
            if cursor.finishedAt != nil {
                state.reports[stream] = nil
            } else if isDue || last == nil {
                state.reports[stream] = .now
            }
            return (isBack, isDue)
        }
        if isBack { logger.notice("stream goes on", metadata: ["stream": "\(stream)"]) }
        guard isDue else { return }
        logger.notice(
            cursor.finishedAt == nil ? "reading" : "read",
            metadata: ["stream": "\(stream)", "pass": "\(cursor.pass.rawValue)", "progress": "\(FeedProgress(cursor))"])
    }

    /// A stream cannot be read now: logged once, until it can.
    func failed(_ stream: String, _ error: any Error) {
        let reason = FeedFailure.sentence(error)
        let isNew = state.withLock { state in
            defer { state.failures[stream] = (reason, state.failures[stream]?.since ?? .now()) }
            return state.failures[stream]?.reason != reason
        }
        guard isNew else { return }
        logger.warning(
            "stream waits",
            metadata: ["stream": "\(stream)", "reason": "\(reason)", "remedy": "\(FeedFailure.remedy(error))"])
    }

    /// Whether it has to be written down that a stream waits for this outage, or that it still does.
    func mustSay(_ stream: String, _ failure: Failure, every age: Duration) -> Bool {
        state.withLock { state in
            let said = state.outages[stream]
            let isSaid = said.map { $0.code == failure.code && .now - $0.at < age } ?? false
            // What the ledger says was taken back when the stream went on.
            guard !isSaid || state.unhindered.contains(stream) else { return false }
            state.outages[stream] = (failure.code, .now)
            return true
        }
    }

    /// A stream is not read any more, at least not by this process, and waits for nothing.
    func forget(_ stream: String) { state.withLock { $0.failures[stream] = nil } }

    /// Whether the ledger does not say that the stream waits; what an earlier process wrote there is not known.
    func isUnhindered(_ stream: String) -> Bool { state.withLock { $0.unhindered.contains(stream) } }

    func setUnhindered(_ stream: String, _ isUnhindered: Bool) {
        state.withLock { state in
            _ = isUnhindered ? state.unhindered.insert(stream).inserted : state.unhindered.remove(stream) != nil
        }
    }

    /// Why streams wait, by stream.
    var failures: [String: (reason: String, since: Timestamp)] { state.withLock { $0.failures } }

    /// How many changes have been read, by stream.
    var read: [String: Int64] { state.withLock { $0.read } }
}
