/// A closure that waits for its turn on a ledger thread, together with the task that waits for its answer.
class LedgerJob<Access> {
    /// Runs the closure; throws what it throws. Called once at most.
    func run(_ access: Access) throws {}
    /// Answers the waiting task: with what the closure returned, or with the failure. Called exactly once.
    func finish(_ failure: (any Error)?) {}
}

/// The job of a closure that returns a `Value`.
final class ValueJob<Access, Value: Sendable>: LedgerJob<Access> {
    private let body: (Access) throws -> Value
    private let continuation: UnsafeContinuation<Value, any Error>
    private var value: Value?

    init(
        body: @escaping @Sendable (Access) throws -> Value, continuation: UnsafeContinuation<Value, any Error>
    ) {
        self.body = body
        self.continuation = continuation
    }

    override func run(_ access: Access) throws {
        value = try body(access)
    }

    override func finish(_ failure: (any Error)?) {
        if let failure { return continuation.resume(throwing: failure) }
        guard let value else { return continuation.resume(throwing: LedgerError.closed) }
        continuation.resume(returning: value)
    }
}
