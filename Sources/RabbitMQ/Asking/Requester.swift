/// Asks by messages and waits for the answers, over a connection of its own.
///
/// Answers come over the channel that asks, without a queue that would have to be declared (direct reply-to), so that asking
/// takes no permission but to publish. As many questions as one likes may be out at a time. They are not repeated: when the
/// connection breaks, those that were sent have failed, and others wait for the next one as long as there is time.
public actor Requester {
    private let thread: ConnectionThread
    private let link: Link
    private var open: [String: OpenQuestion] = [:]
    /// Those that are not sent yet, in their order.
    private var waiting: [OpenQuestion] = []
    /// Which questions the broker has not confirmed.
    private var confirms = PublisherConfirms<String>()
    private var nextDeadline: ContinuousClock.Instant?
    private var assembler = MessageAssembler(keepingUpTo: 16 << 20)
    private var names = NameCache()
    private var isClosed = false

    /// The connection's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Nothing is connected before `start`.
    /// - Throws: `exhausted` when the system has no thread left for it.
    public init(
        configuration: BrokerConfiguration, onEvent: @Sendable @escaping (BrokerEvent) -> Void = { _ in }
    ) throws(BrokerError) {
        let thread = try ConnectionThread(name: "amqp-requester")
        let tag = "answers-\(UInt64.random(in: 0...UInt64.max))"
        self.thread = thread
        link = Link(configuration, [], thread: thread, onEvent: onEvent) { (handle) throws(BrokerError) in
            try handle.selectConfirms()
            try handle.subscribeToReplies(consumerTag: tag)
        }
        thread.setTurn { [weak self] in self?.assumeIsolated { $0.turn() } ?? ConnectionThread.Sleep() }
    }

    deinit { thread.stop() }

    /// Connects. Waits for an absent broker (events tell), and throws only what a person must mend, or `stopped`.
    public func start() async throws(BrokerError) {
        let error = await withCheckedContinuation { link.start($0) }
        if let error { throw error }
    }

    /// Asks, and says what came of it within the time. The message gets the way back, that time as its expiration, and a
    /// correlation id unless it has one, or an id, which no other question may have that is out.
    public func ask(_ message: OutgoingMessage, within limit: Duration) async -> AskOutcome {
        await withCheckedContinuation { continuation in
            let properties = message.properties
            let id = properties.correlationID ?? properties.messageID ?? "\(UInt64.random(in: 0...UInt64.max))"
            let deadline = ContinuousClock.now.advanced(by: min(max(limit, .zero), .seconds(86_400)))
            let question = OpenQuestion(id: id, message: message, deadline: deadline, continuation: continuation)
            guard !isClosed else { return question.end(.failed(.stopped)) }
            guard open[id] == nil else {
                return question.end(.failed(.preconditionFailed("another question with the id \(id) is out")))
            }
            open[id] = question
            waiting.append(question)
            nextDeadline = min(nextDeadline ?? deadline, deadline)
        }
    }

    /// Disconnects; who still waits for an answer is told so.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        for question in open.values { question.end(.failed(.stopped)) }
        (open, waiting) = ([:], [])
        link.stop()
    }
}

extension Requester {
    /// One round of the thread.
    private func turn() -> ConnectionThread.Sleep {
        let now = ContinuousClock.now
        _ = link.advance(now)
        var again = false
        attempt { () throws(BrokerError) in
            let isDrained = try read()
            try send(now)
            again = !isDrained
        }
        expire(now)
        var sleep = link.sleep(now)
        if let nextDeadline { sleep.deadline = min(sleep.deadline ?? nextDeadline, nextDeadline) }
        sleep.again = again
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
            case .delivery(let arrival), .returned(let arrival):
                guard assembler.begin(arrival) else { throw .connectionLost("the broker sent frames out of order") }
            case .ack(let tag, let multiple): _ = confirms.ack(tag, multiple: multiple)
            case .nack(let tag, let multiple):
                for refused in confirms.nack(tag, multiple: multiple) { end(refused.id, .refused) }
            case .cancelled: throw .connectionLost("the broker has cancelled the way back")
            case .blocked(let reason): link.report(.blocked(reason: reason))
            case .unblocked: link.report(.unblocked)
            case .channelClosed(let error), .connectionClosed(let error): throw error
            case .other: break
            }
            if !assembler.arrivals.isEmpty { handOut() }
        }
        return false
    }

    /// Answers, and questions that come back because no queue wants them. What nobody waits for any more is passed over.
    private func handOut() {
        let (arrivals, storage) = assembler.take()
        for arrival in arrivals {
            let delivery = Delivery(arrival, storage: storage, epoch: link.epoch)
            guard let id = delivery.properties.correlationID else { continue }
            let isReturned = arrival.replyCode != 0
            end(id, isReturned ? .returned(code: arrival.replyCode, text: arrival.replyText) : .answered(delivery))
        }
    }

    private func send(_ now: ContinuousClock.Instant) throws(BrokerError) {
        guard let handle = link.handle, !waiting.isEmpty else { return }
        handle.watch()
        defer { handle.unwatch() }
        let questions = waiting
        waiting = []
        for (index, question) in questions.enumerated() where !question.isOver {
            let message: EncodedMessage
            do throws(BrokerError) {
                message = try question.wire(at: now)
            } catch {
                end(question.id, .failed(error))
                continue
            }
            question.isSent = true
            confirms.sent(question.id)
            do throws(BrokerError) {
                try handle.publish(message)
            } catch {
                // Those behind it were not sent, and wait for the next connection.
                waiting = Array(questions[(index + 1)...]) + waiting
                throw error
            }
        }
    }

    private func expire(_ now: ContinuousClock.Instant) {
        guard let due = nextDeadline, now >= due else { return }
        for question in open.values where question.deadline <= now {
            let unsent = AskOutcome.failed(.timedOut(operation: "ask: there is no connection to the broker"))
            end(question.id, question.isSent ? .unanswered : unsent)
        }
        waiting.removeAll { $0.isOver }
        nextDeadline = open.values.map(\.deadline).min()
    }

    private func end(_ id: String, _ outcome: AskOutcome) {
        open.removeValue(forKey: id)?.end(outcome)
    }

    /// Runs something that uses the connection; its failure is the end of that connection, and of the way back.
    private func attempt(_ body: () throws(BrokerError) -> Void) {
        do throws(BrokerError) { try body() } catch {
            assembler.reset()
            _ = confirms.drain()
            for question in open.values where question.isSent { end(question.id, .failed(error)) }
            link.lose(error)
        }
    }
}
