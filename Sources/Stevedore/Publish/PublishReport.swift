internal import Fleet
internal import Synchronization

/// What a run says while it goes on: refused messages as they are met, and a line of progress on a terminal.
final class PublishReport: Sendable {
    private struct State {
        var lastProgress: ContinuousClock.Instant?
        var hasProgressLine = false
    }

    let isJSON: Bool
    let isDryRun: Bool
    private let start = ContinuousClock.now
    private let showsProgress = Terminal.isInteractive(.error)
    private let state = Mutex(State())

    init(isJSON: Bool, isDryRun: Bool) {
        self.isJSON = isJSON
        self.isDryRun = isDryRun
    }

    /// A message that will not be published.
    func refused(_ refusal: Refusal) {
        clear()
        isJSON ? Terminal.say(refusal.json.compact) : Terminal.write(refusal.text, to: .error)
    }

    /// Redraws the line of progress, ten times a second at most.
    func progress(_ tally: PublishTally) {
        guard showsProgress else { return }
        let isDue = state.withLock { state in
            let isDue = state.lastProgress.map { $0.duration(to: .now) > .milliseconds(100) } ?? true
            if isDue { state.lastProgress = .now }
            state.hasProgressLine = state.hasProgressLine || isDue
            return isDue
        }
        guard isDue else { return }
        let counts = tally.counts
        let rate = Count.grouped(Int(Double(counts.confirmed) / seconds))
        Terminal.write("\r\u{1B}[K" + counts.sentence(isDryRun: isDryRun) + ", \(rate)/s", to: .error)
    }

    /// The last word.
    func summary(_ counts: PublishCounts, nextLine: Int?) {
        clear()
        guard isJSON else {
            let time = String(Double(Int(seconds * 100)) / 100)
            return Terminal.say(counts.sentence(isDryRun: isDryRun) + " in \(time) s.")
        }
        let json: JSONValue = [
            "confirmed": .integer(Int64(isDryRun ? 0 : counts.confirmed)),
            "valid": .integer(Int64(counts.confirmed)), "refused": .integer(Int64(counts.refused)),
            "sentAgain": .integer(Int64(counts.repeated)), "milliseconds": .integer(Int64(seconds * 1_000)),
            "nextLine": .optional(nextLine.map { Int64($0) }),
        ]
        Terminal.say(json.compact)
    }

    private var seconds: Double { max(start.duration(to: .now) / .seconds(1), 0.001) }

    private func clear() {
        let hadLine = state.withLock { state in
            defer { state.hasProgressLine = false }
            return state.hasProgressLine
        }
        if hadLine { Terminal.write("\r\u{1B}[K", to: .error) }
    }
}
