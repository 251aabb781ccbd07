internal import Synchronization
internal import UnixSignals

/// Ctrl-C or SIGTERM: the first asks for an orderly end, the second ends at once.
package final class Interruption: Sendable {
    private let requested = Atomic(false)

    package init() {}

    /// Whether somebody asked for the end.
    package var isRequested: Bool { requested.load(ordering: .relaxed) }

    /// Listens until the returned task is cancelled.
    package func listen() async -> Task<Void, Never> {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        return Task {
            for await _ in signals {
                if requested.exchange(true, ordering: .relaxed) { ImmediateExit.now() }
            }
        }
    }
}
