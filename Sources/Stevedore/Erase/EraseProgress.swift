internal import Fleet

/// How far a long run is: a line on the terminal that is drawn anew, and nothing where nobody watches.
final class EraseProgress {
    private let isShown = Terminal.isInteractive(.error)
    private let start = ContinuousClock.now
    private var drawnAt: ContinuousClock.Instant?

    /// Redraws the line, ten times a second at most.
    func show(_ count: Int, _ what: String) {
        guard isShown, start.duration(to: .now) > .seconds(1) else { return }
        guard drawnAt.map({ $0.duration(to: .now) > .milliseconds(100) }) ?? true else { return }
        drawnAt = .now
        Terminal.write("\r\u{1B}[K\(Count.grouped(count)) \(what)", to: .error)
    }

    /// Takes the line away, before something else is said.
    func clear() {
        if drawnAt != nil { Terminal.write("\r\u{1B}[K", to: .error) }
        drawnAt = nil
    }
}
