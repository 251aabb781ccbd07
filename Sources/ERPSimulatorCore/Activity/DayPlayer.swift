import Synchronization

/// Plays activity: so many events at once, or a day of them at any speed. Each event is a transaction of its own, so that orders
/// get their turn between any two.
final class DayPlayer: Sendable {
    /// What is to be played.
    struct Day: Codable, Hashable, Sendable {
        /// Up to a million.
        var events = 2_000
        /// Makes the events repeatable; without, those of before go on.
        var seed: UInt64?
        /// How many times faster than a real day.
        var speed = 1_440.0
    }

    /// How far a day, or a step, has come.
    struct Progress: Encodable, Sendable {
        var events = 0
        var played = 0
        var isPlaying = false
        /// How often each happened.
        var kinds: [String: Int] = [:]
        /// Why a day ended before its time.
        var failure: String?
    }

    private struct State {
        var activity: Activity
        var progress = Progress()
        var day: Task<Void, Never>?
    }

    private let books: Books
    private let masterData: MasterData
    private let today: BusinessDay
    private let state: Mutex<State>

    init(books: Books, masterData: MasterData, today: BusinessDay) {
        (self.books, self.masterData, self.today) = (books, masterData, today)
        state = Mutex(State(activity: Activity(masterData: masterData, today: today, seed: masterData.seed)))
    }

    /// Plays so many events as fast as it can.
    func step(_ events: Int, seed: UInt64?) async throws -> Progress {
        reseed(seed)
        var progress = Progress(events: events)
        for _ in 0..<events {
            progress.count(try next())
            await Task.yield()
        }
        return progress
    }

    /// Begins a day; false when one is being played.
    func begin(_ day: Day) -> Bool {
        state.withLock { state in
            guard !state.progress.isPlaying else { return false }
            if let seed = day.seed { state.activity = Activity(masterData: masterData, today: today, seed: seed) }
            state.progress = Progress(events: day.events, isPlaying: true)
            state.day = Task { await play(day) }
            return true
        }
    }

    /// Ends the day where it is.
    func stop() {
        state.withLock { state in
            state.day?.cancel()
            state.progress.isPlaying = false
        }
    }

    /// How far the day is; the last one when none is being played.
    var progress: Progress { state.withLock(\.progress) }

    private func play(_ day: Day) async {
        let start = ContinuousClock.now
        do {
            for place in 0..<day.events {
                let offset = DayCurve.offset(of: place, among: day.events) / max(day.speed, 0.001)
                try await Task.sleep(until: start + offset, clock: .continuous)
                try playOne()
            }
            state.withLock { $0.progress.isPlaying = false }
        } catch is CancellationError {
        } catch {
            state.withLock { state in
                state.progress.isPlaying = false
                state.progress.failure = (error as? SimulatorError)?.sentence ?? "\(error)"
            }
        }
    }

    private func playOne() throws {
        let kind = try next()
        state.withLock { $0.progress.count(kind) }
    }

    private func next() throws -> ActivityKind {
        try state.withLock { state in try books.change { try state.activity.play(in: $0) } }
    }

    private func reseed(_ seed: UInt64?) {
        guard let seed else { return }
        state.withLock { $0.activity = Activity(masterData: masterData, today: today, seed: seed) }
    }
}

extension DayPlayer.Progress {
    fileprivate mutating func count(_ kind: ActivityKind) {
        played += 1
        kinds[kind.rawValue, default: 0] += 1
    }
}
