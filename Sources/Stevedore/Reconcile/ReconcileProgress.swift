internal import Fleet
internal import Synchronization

/// A line of progress on a terminal: how many objects have been read of what, and how fast.
final class ReconcileProgress: Sendable {
    fileprivate struct State {
        var text = ""
        var count = 0
        var start = ContinuousClock.now
        var last: ContinuousClock.Instant?
        var hasLine = false
    }

    private let isShown: Bool
    private let state = Mutex(State())

    init(isShown: Bool = Terminal.isInteractive(.error)) { self.isShown = isShown }

    /// So many more objects of a stream were read.
    func add(_ count: Int, to stream: ReconcileStream) { step("\(stream): ", "read", count) }

    /// So many more repairs were sent.
    func addRepair() { step("", "repairs sent", 1) }

    /// Says what is waited for.
    func say(_ text: String) {
        guard isShown else { return }
        clear()
        state.withLock { $0.hasLine = true }
        Terminal.write(text, to: .error)
    }

    /// Takes the line away, before something else is written.
    func clear() {
        let hadLine = state.withLock { state in
            defer { state.hasLine = false }
            return state.hasLine
        }
        if hadLine { Terminal.write("\r\u{1B}[K", to: .error) }
    }

    private func step(_ name: String, _ verb: String, _ count: Int) {
        guard isShown else { return }
        let line = state.withLock { $0.step(name, verb, count) }
        if let line { Terminal.write("\r\u{1B}[K" + InertText.line(line), to: .error) }
    }
}

extension ReconcileProgress.State {
    /// Ten lines a second at most.
    fileprivate mutating func step(_ name: String, _ verb: String, _ more: Int) -> String? {
        if text != name + verb { (text, count, start) = (name + verb, 0, .now) }
        count += more
        guard last.map({ $0.duration(to: .now) > .milliseconds(100) }) ?? true else { return nil }
        last = .now
        hasLine = true
        let seconds = max(start.duration(to: .now) / .seconds(1), 0.001)
        let rate = Count.grouped(Int(Double(count) / seconds))
        return "\(name)\(Count.grouped(count)) \(verb), \(rate)/s"
    }
}
