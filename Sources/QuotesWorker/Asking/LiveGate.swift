internal import DequeModule
internal import Synchronization

/// Lets only so many questions at once through to the ERP, so that orders always find room there.
///
/// Whoever comes waits for a turn as long as there is time, and no longer than makes sense: with more before it than the ERP
/// has been able to answer in that time, a question is turned away at once. After several answers in a row that came too
/// late one question at a time finds out whether that goes on, and nobody else waits for it. Only a question that gave the
/// ERP enough time says that it is late: of one in a hurry nobody learns anything but that.
final class LiveGate: Sendable {
    /// How a question to the ERP ended.
    enum Ending: Sendable {
        case answered(after: Duration, isInTime: Bool)
        case failed
        /// The ERP has no room.
        case refused(rest: Duration)
    }

    fileprivate struct Waiter {
        var number: Int
        var shared: SharedAnswer<Bool>
    }

    fileprivate struct State {
        var inFlight = 0
        var waiting: Deque<Waiter> = []
        var lastNumber = 0
        /// What an answer takes, as a rule.
        var usual = Duration.zero
        /// Answers that came too late, or not at all, since the last that came in time.
        var late = 0
        var restsUntil: ContinuousClock.Instant?
    }

    /// So many late answers in a row are no chance.
    static let mostLate = 3
    fileprivate static let longestRest = Duration.seconds(60)
    /// Less time than this says nothing of the ERP, however quick it is as a rule.
    static let leastFair = Duration.milliseconds(50)
    /// As much as this is enough for anybody, however slow the ERP has become: else one that hardly answers would never be
    /// late.
    static let mostFair = Duration.seconds(1)

    private let state = Mutex(State())
    private let places: Int

    init(places: Int) { self.places = max(places, 1) }

    /// How many questions are with the ERP, and whether it is doubted that it answers in time.
    var now: (inFlight: Int, isDoubtful: Bool) { state.withLock { ($0.inFlight, $0.isDoubtful) } }

    /// How many wait for a turn.
    var waiting: Int { state.withLock { $0.waiting.count } }

    /// Waits for a turn. False when there is none until then.
    func enter(until deadline: ContinuousClock.Instant) async -> Bool {
        let shared = SharedAnswer<Bool>()
        let number = state.withLock { $0.admit(shared, places, until: deadline, at: .now) }
        if await shared.wait(until: deadline) == true { return true }
        guard let number else { return false }
        // It may have been let in at the very moment when it gave up.
        let wasWaiting = state.withLock { $0.forget(number) }
        if !wasWaiting { leave(.failed, isCounted: false) }
        return false
    }

    /// Gives the place back.
    func leave(_ ending: Ending) { leave(ending, isCounted: true) }

    private func leave(_ ending: Ending, isCounted: Bool) {
        let admitted = state.withLock { state in
            state.inFlight -= 1
            if isCounted { state.learn(ending) }
            return state.admitNext(places)
        }
        for shared in admitted { shared.open(true) }
    }

    /// An answer that is still awaited comes too late, after the ERP was given so much time.
    /// - Returns: false when that was too little to say anything of the ERP.
    @discardableResult
    func overdue(after given: Duration) -> Bool {
        state.withLock { state in
            guard given >= state.fairTime else { return false }
            state.late += 1
            return true
        }
    }

    fileprivate static func rest(_ asked: Duration) -> Duration { min(max(asked, .milliseconds(100)), longestRest) }
}

extension LiveGate.State {
    fileprivate var isDoubtful: Bool { late >= LiveGate.mostLate }

    /// What the ERP must have been given for its silence to count: half of what an answer takes as a rule, within bounds.
    fileprivate var fairTime: Duration { max(LiveGate.leastFair, min(usual / 2, LiveGate.mostFair)) }

    private func places(of all: Int) -> Int { isDoubtful ? 1 : all }

    /// Opens `shared` at once, or later; the number under which it waits, nil when it does not.
    fileprivate mutating func admit(
        _ shared: SharedAnswer<Bool>, _ places: Int, until deadline: ContinuousClock.Instant,
        at now: ContinuousClock.Instant
    ) -> Int? {
        if let restsUntil, restsUntil > now {
            shared.open(false)
            return nil
        }
        // After a rest nobody of those who waited may have been let in.
        if waiting.isEmpty || inFlight == 0, inFlight < self.places(of: places) {
            inFlight += 1
            shared.open(true)
            return nil
        }
        let turn = usual * Double(waiting.count + 1) / Double(places)
        guard !isDoubtful, now + turn + usual < deadline else {
            shared.open(false)
            return nil
        }
        lastNumber += 1
        waiting.append(LiveGate.Waiter(number: lastNumber, shared: shared))
        return lastNumber
    }

    /// False when it waits no more.
    fileprivate mutating func forget(_ number: Int) -> Bool {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return false }
        waiting.remove(at: index)
        return true
    }

    fileprivate mutating func learn(_ ending: LiveGate.Ending) {
        switch ending {
        case .answered(let latency, let isInTime):
            usual = usual == .zero ? latency : usual + (latency - usual) / 16
            if isInTime { late = 0 }
        case .failed: break
        case .refused(let rest): restsUntil = .now + LiveGate.rest(rest)
        }
    }

    /// Those whose turn it is.
    fileprivate mutating func admitNext(_ places: Int) -> [SharedAnswer<Bool>] {
        if let restsUntil, restsUntil > .now { return [] }
        var admitted: [SharedAnswer<Bool>] = []
        while inFlight < self.places(of: places), let waiter = waiting.popFirst() {
            inFlight += 1
            admitted.append(waiter.shared)
        }
        return admitted
    }
}
