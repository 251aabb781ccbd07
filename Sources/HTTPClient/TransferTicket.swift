import Synchronization

/// Names one call between its task and the loop, and remembers a cancellation that overtakes the start.
final class TransferTicket: Sendable, Hashable {
    private let cancelled = Atomic<Bool>(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() {
        cancelled.store(true, ordering: .releasing)
    }

    static func == (left: TransferTicket, right: TransferTicket) -> Bool { left === right }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}

/// How a call ends.
typealias TransferResult = Result<HTTPResponse, HTTPError>

/// What tasks ask of the loop.
enum TransferCommand: Sendable {
    case start(TransferTicket, HTTPRequest, CheckedContinuation<TransferResult, Never>)
    case cancel(TransferTicket)
}
