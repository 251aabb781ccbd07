internal import Fleet
internal import Synchronization

/// Tells the person how far a rehearsal is: a line for each phase; while one lasts, on a terminal a line that is drawn anew,
/// elsewhere one every ten seconds.
final class RehearsalProgress: Sendable {
    private struct State {
        var toldAt = ContinuousClock.now
        var hasLine = false
    }

    private let isInteractive: Bool
    private let state = Mutex(State())

    init(isInteractive: Bool = Terminal.isInteractive(.error)) { self.isInteractive = isInteractive }

    /// Something begins, or has to be known.
    func say(_ sentence: String) {
        clear()
        state.withLock { $0.toldAt = .now }
        remark(sentence)
    }

    /// It goes on.
    func tick(_ text: @autoclosure () -> String) {
        let isDue = state.withLock { state in
            let pause: Duration = isInteractive ? .milliseconds(200) : .seconds(10)
            guard state.toldAt.duration(to: .now) >= pause else { return false }
            state.toldAt = .now
            state.hasLine = isInteractive
            return true
        }
        guard isDue else { return }
        guard isInteractive else { return remark(text()) }
        let width = Terminal.width(of: .error) ?? 80
        Terminal.write("\r\u{1B}[K" + InertText.cut(text(), to: max(width - 1, 20)), to: .error)
    }

    /// Takes the line away.
    func clear() {
        let hadLine = state.withLock { state in
            defer { state.hasLine = false }
            return state.hasLine
        }
        if hadLine { Terminal.write("\r\u{1B}[K", to: .error) }
    }
}
