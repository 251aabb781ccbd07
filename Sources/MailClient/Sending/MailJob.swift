import Synchronization

/// A rendered mail and its envelope.
struct Letter: Sendable {
    let sender: MailAddress
    let recipient: MailAddress
    let bytes: [UInt8]
}

/// Names one call between its task and the thread, and remembers a cancellation that overtakes the start.
final class MailTicket: Sendable {
    private let cancelled = Atomic<Bool>(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func cancel() {
        cancelled.store(true, ordering: .releasing)
    }
}

/// How a call ends.
typealias MailResult = Result<Void, MailError>

/// One call: what to send, and who waits.
struct MailJob: Sendable {
    let ticket: MailTicket
    let letter: Letter
    let continuation: CheckedContinuation<MailResult, Never>

    func end(_ result: MailResult) {
        continuation.resume(returning: result)
    }
}
