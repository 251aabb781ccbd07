/// Publishes messages with confirms over a connection of its own.
///
/// Every message is mandatory, so one that no queue wants comes back as `returned`. When the connection breaks,
/// messages that were not sent wait for the next one until their time is over; those sent without an answer are
/// `unknown`. A broker alarm makes messages wait, too.
public actor Publisher {
    private let thread: ConnectionThread
    private let link: Link
    private let window: Int
    private var outbox = Outbox()
    private var confirms = PublisherConfirms<Outbox.Item>()
    private var calls: [ObjectIdentifier: PublishCall] = [:]
    private var nextDeadline: ContinuousClock.Instant?
    private var assembler = MessageAssembler()
    private var names = NameCache()
    private var isBlocked = false
    private var unblockedAt = ContinuousClock.now
    private var longestTimeout = Duration.zero
    private var isClosed = false
    private var wantsWrite = false
    /// While positive, messages go out one at a time, because one of them makes the broker close the channel.
    private var suspects = 0
    private var refusals = Refusals()

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

    /// Publishes the messages and answers what became of each, in the same order, within the time.
    public nonisolated func publish(
        _ messages: [OutgoingMessage], timeout: Duration = .seconds(30)
    ) async -> [PublishOutcome] {
        guard !messages.isEmpty else { return [] }
        let encoded = messages.map { message in Result { () throws(BrokerError) in try EncodedMessage(message) } }
        return await submit(encoded, timeout: timeout)
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
        _ messages: [Result<EncodedMessage, BrokerError>], timeout: Duration
    ) async -> [PublishOutcome] {
        await withCheckedContinuation { continuation in
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

extension Publisher {
    /// One round of the thread.
    private func turn() -> ConnectionThread.Sleep {
        let now = ContinuousClock.now
        _ = link.advance(now)
        var again = false
        attempt { () throws(BrokerError) in
            let isDrained = try read()
            try expectAnswers(now)
            let isRenewed = try renewStaleChannel(now)
            again = try flush() || !isDrained || isRenewed
        }
        expire(now)
        var sleep = link.sleep(now)
        if let nextDeadline { sleep.deadline = min(sleep.deadline ?? nextDeadline, nextDeadline) }
        if let end = refusals.deadline(after: now) { sleep.deadline = min(sleep.deadline ?? end, end) }
        sleep.again = again
        sleep.wantsWrite = wantsWrite
        return sleep
    }

    /// Reads what is there; false when it stopped early.
    private func read() throws(BrokerError) -> Bool {
        guard let handle = link.handle else { return true }
        handle.watch()
        defer { handle.unwatch() }
        for _ in 0..<1000 {
            switch try handle.next(&assembler, &names) {
            case .nothing: return true
            case .ack(let tag, let multiple): taken(confirms.ack(tag, multiple: multiple))
            case .nack(let tag, let multiple): refused(confirms.nack(tag, multiple: multiple))
            case .returned(let arrival):
                guard assembler.begin(arrival) else { throw .connectionLost("the broker sent frames out of order") }
            case .blocked(let reason): setBlocked(true, reason, handle)
            case .unblocked: setBlocked(false, "", handle)
            case .channelClosed(let error): try reopen(handle, after: error)
            case .connectionClosed(let error): throw error
            case .delivery, .cancelled, .other: break
            }
            if !assembler.arrivals.isEmpty { try noteReturns() }
        }
        return false
    }

    /// Sends what the window and the socket allow; true when more could be sent at once.
    private func flush() throws(BrokerError) -> Bool {
        wantsWrite = false
        guard let handle = link.handle, !isBlocked, !refusals.isStale else { return false }
        handle.watch()
        defer { handle.unwatch() }
        let isCorked = outbox.count > 1
        if isCorked { handle.cork(true) }
        defer { if isCorked { handle.cork(false) } }
        var unchecked = Int.max
        for _ in 0..<256 {
            guard confirms.inFlight < (suspects > 0 ? 1 : window), !outbox.isEmpty else { return false }
            // Writing blocks, so only as much is written as the kernel has room for.
            if unchecked > 32_768 {
                guard handle.isWritable else {
                    wantsWrite = true
                    return false
                }
                unchecked = 0
            }
            guard let item = outbox.popFirst(), !item.call.isFinished else { continue }
            unchecked += item.message.head.count + item.message.body.count
            try send(item, over: handle)
        }
        return true
    }

    private func send(_ item: Outbox.Item, over handle: AMQPHandle) throws(BrokerError) {
        guard item.message.properties.count <= handle.largestProperties else {
            let fault = "the properties do not fit one frame of \(handle.largestProperties) bytes"
            return resolve(item, .notSent(.preconditionFailed(fault)))
        }
        item.call.sent(item.index)
        confirms.sent(item)
        try handle.publish(item.message)
    }

    private func noteReturns() throws(BrokerError) {
        let (arrivals, storage) = assembler.take()
        for arrival in arrivals {
            let raw = MessageBody(storage: storage, range: arrival.properties)
            let body = MessageBody(storage: storage, range: arrival.body)
            let id = unsafe raw.withUnsafeBytes { unsafe MessageProperties(wire: $0) }.messageID
            // Two that go the same way are told apart by what they hold; the broker could have changed that, too.
            let isNoted =
                note(arrival) { $0.isOnTheWay(of: arrival) && $0.holds(body, messageID: id) }
                || note(arrival) { $0.isOnTheWay(of: arrival) }
            // One of them would count as confirmed although no queue has it.
            guard isNoted else { throw .connectionLost("a return matches no message that was sent") }
        }
    }

    private func note(_ arrival: Arrival, _ matches: (EncodedMessage) -> Bool) -> Bool {
        confirms.returned(code: arrival.replyCode, text: arrival.replyText) { matches($0.message) }
    }

    /// A broker that never answers for a message would hold its place in the window for good, and with all places
    /// held nothing would go out any more.
    private func expectAnswers(_ now: ContinuousClock.Instant) throws(BrokerError) {
        guard !isBlocked, let oldest = confirms.oldest?.call else { return }
        guard max(oldest.begin, unblockedAt).duration(to: now) > longestTimeout * 2 else { return }
        throw .timedOut(operation: "confirm a message")
    }

    private func setBlocked(_ blocked: Bool, _ reason: String, _ handle: AMQPHandle) {
        guard blocked != isBlocked else { return }
        isBlocked = blocked
        if !blocked { unblockedAt = .now }
        handle.setKernelTimeout(isOn: !blocked)
        link.report(blocked ? .blocked(reason: reason) : .unblocked)
    }

    private func taken(_ resolutions: [PublisherConfirms<Outbox.Item>.Resolution]) {
        if !refusals.isEmpty { for resolution in resolutions { refusals.taken(resolution.id.message) } }
        for resolution in resolutions { resolve(resolution.id, resolution.outcome) }
    }

    private func refused(_ resolutions: [PublisherConfirms<Outbox.Item>.Resolution]) {
        let now = ContinuousClock.now
        for resolution in resolutions {
            refusals.refused(resolution.id.message, at: now)
            resolve(resolution.id, resolution.outcome)
        }
    }

    /// Opens another channel in the place of a stale one; true when it has. A broker under an alarm reads nothing, so it is
    /// not asked.
    private func renewStaleChannel(_ now: ContinuousClock.Instant) throws(BrokerError) -> Bool {
        guard let handle = link.handle, !isBlocked, refusals.mayRenew(unanswered: confirms.inFlight, at: now) else {
            return false
        }
        try handle.guarded { () throws(BrokerError) in
            try handle.renewChannel()
            try handle.selectConfirms()
        }
        assembler.reset()
        _ = confirms.drain()
        refusals.tried()
        link.report(.channelRenewed)
        return true
    }

    private func resolve(_ item: Outbox.Item, _ outcome: PublishOutcome) {
        suspects = max(0, suspects - 1)
        let call = item.call
        guard !call.isFinished else { return }
        call.resolve(item.index, outcome)
        guard call.remaining == 0 else { return }
        calls[ObjectIdentifier(call)] = nil
        call.finish(unsent: .stopped, unanswered: "")
    }

    private func expire(_ now: ContinuousClock.Instant) {
        guard let due = nextDeadline, now >= due else { return }
        for (id, call) in calls where call.deadline <= now {
            call.finish(unsent: .timedOut(operation: waitingFor), unanswered: "no confirm came in time")
            calls[id] = nil
        }
        outbox.removeFinished()
        suspects = min(suspects, confirms.inFlight + outbox.count)
        nextDeadline = calls.values.map(\.deadline).min()
    }

    /// How many messages wait to be sent.
    var backlog: Int { outbox.count }

    private var waitingFor: String {
        if link.handle == nil { return "publish: there is no connection to the broker" }
        return isBlocked ? "publish: the broker is blocked by an alarm" : "publish: the broker is slow"
    }

    /// Decides what the closed channel means for each unanswered message, and opens a new one.
    private func reopen(_ handle: AMQPHandle, after error: BrokerError) throws(BrokerError) {
        assembler.reset()
        let open = confirms.drain()
        let culprit = ChannelFault.culprit(error, among: open.map(\.id.message))
        var again: [Outbox.Item] = []
        for (index, resolution) in open.enumerated() {
            guard let culprit, index >= culprit, case .unknown = resolution.outcome else {
                resolve(resolution.id, resolution.outcome)
                continue
            }
            if index == culprit {
                resolve(resolution.id, .notSent(error))
            } else {
                resolution.id.call.unsent(resolution.id.index)
                again.append(resolution.id)
            }
        }
        outbox.prepend(again)
        // Also what waits: the culprit may be sent again by its caller behind the others.
        if culprit == nil { suspects = open.count + outbox.count }
        try handle.openChannel()
        try handle.selectConfirms()
        link.report(.channelReopened(after: error))
    }

    /// Runs something that uses the connection; its failure is the end of that connection.
    private func attempt(_ body: () throws(BrokerError) -> Void) {
        do throws(BrokerError) { try body() } catch {
            assembler.reset()
            isBlocked = false
            wantsWrite = false
            refusals.tried()
            for resolution in confirms.drain() {
                guard case .unknown = resolution.outcome else {
                    resolve(resolution.id, resolution.outcome)
                    continue
                }
                resolve(resolution.id, .unknown(reason: error.sentence))
            }
            link.lose(error)
        }
    }
}
