internal import ERP
internal import Fleet
internal import Models
internal import Synchronization

/// Asks the ERP itself: each question once, however many ask it at the same time, and each asker waits only for as long as
/// there is time.
///
/// A call that nobody waits for any more goes on to its end, since what it brings is known for the next one.
final class LiveDesk: Sendable {
    /// What is done with what the ERP says, once for each call.
    typealias Learner = @Sendable (LiveQuestion, QuoteAnswer) -> Void

    private let erp: any ERP
    private let gate: LiveGate
    private let standing: ERPStanding
    private let pulse: ERPPulse
    private let metrics: QuoteMetrics
    private let learn: Learner
    private let asked = Mutex<[[UInt8]: SharedAnswer<LiveAnswer>]>([:])

    init(
        erp: any ERP, gate: LiveGate, standing: ERPStanding, pulse: ERPPulse, metrics: QuoteMetrics,
        learn: @escaping Learner
    ) {
        self.erp = erp
        self.gate = gate
        self.standing = standing
        self.pulse = pulse
        self.metrics = metrics
        self.learn = learn
    }

    /// What the ERP says, or why there is nothing from it until then.
    func ask(_ question: LiveQuestion, until deadline: ContinuousClock.Instant) async -> LiveAnswer {
        guard standing.outage == nil else { return .silence(.outage) }
        guard deadline > .now else { return .silence(.late) }
        let (shared, isNew) = asked.withLock { asked in
            if let known = asked[question.key] { return (known, false) }
            let shared = SharedAnswer<LiveAnswer>()
            asked[question.key] = shared
            return (shared, true)
        }
        if isNew {
            Task { await call(question, shared, until: deadline) }
        } else {
            metrics.coalesced.add()
        }
        return await shared.wait(until: deadline) ?? .silence(.late)
    }

    private func call(
        _ question: LiveQuestion, _ shared: SharedAnswer<LiveAnswer>, until deadline: ContinuousClock.Instant
    ) async {
        let answer = await attempt(question, until: deadline)
        // Who has the answer and asks again is to find it known.
        if case .figures(let figures) = answer { learn(question, figures) }
        asked.withLock { $0[question.key] = nil }
        shared.open(answer)
    }

    private func attempt(_ question: LiveQuestion, until deadline: ContinuousClock.Instant) async -> LiveAnswer {
        guard await gate.enter(until: deadline) else { return .silence(.busy) }
        let begun = ContinuousClock.now
        let watch = Task { [gate, pulse] in
            guard (try? await Task.sleep(until: deadline, clock: .continuous)) != nil else { return }
            if gate.overdue(after: deadline - begun) { pulse.suspect() }
        }
        defer { watch.cancel() }
        metrics.calls.add()
        do throws(ERPError) {
            let answer = try await erp.quote(question.request)
            answered(since: begun, until: deadline)
            return .figures(answer)
        } catch {
            return failed(error, since: begun, until: deadline)
        }
    }

    private func answered(since begun: ContinuousClock.Instant, until deadline: ContinuousClock.Instant) {
        let now = ContinuousClock.now
        gate.leave(.answered(after: now - begun, isInTime: now <= deadline))
        standing.answered()
    }

    private func failed(
        _ error: ERPError, since begun: ContinuousClock.Instant, until deadline: ContinuousClock.Instant
    ) -> LiveAnswer {
        metrics.callsFailed.add()
        switch error {
        case .rejected(let code, let text, _), .declined(let code, let text, _):
            answered(since: begun, until: deadline)
            return .refused(code: code, text: text)
        case .slowDown(let pause):
            gate.leave(.refused(rest: pause ?? .seconds(1)))
            return .silence(.busy)
        case .unavailable, .outcomeUnknown, .tooLate:
            gate.leave(.failed)
            pulse.suspect()
            return .silence(.failed)
        }
    }
}
