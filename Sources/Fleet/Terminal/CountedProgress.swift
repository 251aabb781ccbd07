/// How far a long run is: a line on the terminal that is drawn anew, and nothing where nobody watches, or when it is
/// done in no time.
package final class CountedProgress {
    private let singular: String
    private let isShown = Terminal.isInteractive(.error)
    private let start = ContinuousClock.now
    private var drawnAt: ContinuousClock.Instant?

    /// - Parameter singular: What is counted; nothing where the line says it.
    package init(of singular: String = "") {
        self.singular = singular
    }

    /// Redraws the line, ten times a second at most.
    package func show(_ count: Int, _ what: String) {
        guard isShown, start.duration(to: .now) > .seconds(1) else { return }
        guard drawnAt.map({ $0.duration(to: .now) > .milliseconds(100) }) ?? true else { return }
        drawnAt = .now
        Terminal.write("\r\u{1B}[K\(counted(count)) \(what)", to: .error)
    }

    /// Takes the line away, before something else is said.
    package func clear() {
        if drawnAt != nil { Terminal.write("\r\u{1B}[K", to: .error) }
        drawnAt = nil
    }

    private func counted(_ count: Int) -> String {
        singular.isEmpty ? Count.grouped(count) : Count.text(count, singular)
    }
}
