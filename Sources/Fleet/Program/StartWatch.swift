internal import UnixSignals

/// Ends a program that is asked to stop while it still waits for what it needs to start: it has nothing in hand yet.
///
/// Without it the signal would kill the program, and as the first process of a container it would not even be heard.
final class StartWatch: Sendable {
    private let task: Task<Void, Never>

    /// From here on SIGTERM and SIGINT end the process with 0.
    init() async {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        task = Task {
            var iterator = signals.makeAsyncIterator()
            if await iterator.next() != nil, !Task.isCancelled { ImmediateExit.afterPrinting(0) }
        }
    }

    /// Somebody else minds the signals now.
    func end() { task.cancel() }
}
