/// Publishes messages with confirms over a connection of its own.
///
/// Every message is mandatory, so one that no queue wants comes back as `returned`. When the connection breaks,
/// messages that were not sent wait for the next one until their time is over; those sent without an answer are
/// `unknown`. A broker alarm makes messages wait, too.
public actor Publisher {
    private let thread: ConnectionThread
    let link: Link
    let window: Int
    var outbox = Outbox()
    var confirms = PublisherConfirms<Outbox.Item>()
    var calls: [ObjectIdentifier: PublishCall] = [:]
    var nextDeadline: ContinuousClock.Instant?
    var assembler = MessageAssembler()
    var names = NameCache()
    var isBlocked = false
    var unblockedAt = ContinuousClock.now
    var longestTimeout = Duration.zero
    private var isClosed = false
    var wantsWrite = false
    /// While positive, messages go out one at a time, because one of them makes the broker close the channel.
    var suspects = 0
    var refusals = Refusals()

    /// The connection's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Nothing is connected before `start`. At most `window` messages are unanswered at a time. Whatever `topology`
    /// names is looked at whenever a lost connection is made again; while it is missing or different, messages wait.
    /// - Throws: `exhausted` when the system has no thread left for it.
    public init(
        configuration: BrokerConfiguration, window: Int = 1000, topology: [Topology.Expectation] = [],
        onEvent: @Sendable @escaping (BrokerEvent) -> Void = { _ in }
    ) throws(BrokerError) {
        let thread = try ConnectionThread(name: "amqp-publisher")
        self.thread = thread
        self.window = max(window, 1)
        link = Link(configuration, topology, thread: thread, onEvent: onEvent) { (handle) throws(BrokerError) in
            try handle.selectConfirms()
        }
        thread.setTurn { [weak self] in self?.assumeIsolated { $0.turn() } ?? ConnectionThread.Sleep() }
    }

    deinit { thread.stop() }

    /// Connects. Waits for an absent broker (events tell), and throws only what a person must mend, or `stopped`.
    public func start() async throws(BrokerError) {
        let error = await withCheckedContinuation { link.start($0) }
        if let error { throw error }
    }

    /// Another connection has just reached the broker: when this one is lost, it is tried again now instead of after its pause.
    public func hurry() { link.hurry() }

    /// Publishes the messages and answers what became of each, in the same order, within the time.
    public nonisolated func publish(
        _ messages: [OutgoingMessage], timeout: Duration = .seconds(30)
    ) async -> [PublishOutcome] {
        await publish(messages, timeout: timeout, onQueued: {})
    }

    /// Publishes the messages and answers what became of each, in the same order, within the time.
    /// - Parameter onQueued: called once, when all that is published from now on goes behind them.
    public nonisolated func publish(
        _ messages: [OutgoingMessage], timeout: Duration, onQueued: @Sendable () -> Void
    ) async -> [PublishOutcome] {
        guard !messages.isEmpty else {
            onQueued()
            return []
        }
        let encoded = messages.map { message in Result { () throws(BrokerError) in try EncodedMessage(message) } }
        return await submit(encoded, timeout: timeout, onQueued)
    }

    /// Disconnects; unanswered messages become `unknown`, unsent ones `notSent`. Await your `publish` calls first.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        for call in calls.values { call.finish(unsent: .stopped, unanswered: "the publisher was closed") }
        calls = [:]
        link.stop()
    }

    private func submit(
        _ messages: [Result<EncodedMessage, BrokerError>], timeout: Duration, _ onQueued: @Sendable () -> Void
    ) async -> [PublishOutcome] {
        await withCheckedContinuation { continuation in
            defer { onQueued() }
            let timeout = min(max(timeout, .zero), .seconds(86_400))
            longestTimeout = max(longestTimeout, timeout)
            let call = PublishCall(count: messages.count, timeout: timeout, continuation: continuation)
            guard !isClosed else { return call.finish(unsent: .stopped, unanswered: "") }
            for (index, message) in messages.enumerated() {
                switch message {
                case .success(let message):
                    outbox.append(Outbox.Item(call: call, index: index, message: message))
                case .failure(let error): call.resolve(index, .notSent(error))
                }
            }
            guard call.remaining > 0 else { return call.finish(unsent: .stopped, unanswered: "") }
            calls[ObjectIdentifier(call)] = call
            nextDeadline = min(nextDeadline ?? call.deadline, call.deadline)
        }
    }
}
