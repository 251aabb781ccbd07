/// Asks by a message and waits for the reply to it, one question after the other, over a connection of its own.
///
/// Replies come over the same channel without a queue that would have to be declared (direct reply-to), so asking takes no
/// permission but to publish. For tools and tests; nothing here retries.
public actor Requester {
    /// What came of a question.
    public enum Reply: Sendable {
        /// Somebody has replied.
        case answer(Delivery)
        /// No queue takes such questions.
        case returned(code: UInt16, text: String)
        /// The broker does not take the question, for example because the queue is full.
        case refused
        /// Nobody has replied in time.
        case silence
    }

    /// What the broker knows the way back by.
    private static let replyTo = "amq.rabbitmq.reply-to"
    /// A longer reply is not kept.
    private static let largestBody = 16 << 20

    private let configuration: BrokerConfiguration
    private let thread: ConnectionThread
    private var handle: AMQPHandle?
    private var epoch: UInt64 = 0
    private var assembler = MessageAssembler(keepingUpTo: Requester.largestBody)
    private var names = NameCache()

    /// The connection's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Nothing is connected before the first call.
    /// - Throws: `exhausted` when the system has no thread left for it.
    public init(configuration: BrokerConfiguration) throws(BrokerError) {
        self.configuration = configuration
        let thread = try ConnectionThread(name: "amqp-requester")
        self.thread = thread
        thread.setTurn { [weak self] in self?.assumeIsolated { $0.turn() } ?? ConnectionThread.Sleep() }
    }

    deinit { thread.stop() }

    /// Connects if need be, so that this takes no part of a question's time.
    public func connect() throws(BrokerError) { _ = try connected() }

    /// Publishes the message with the way back and its id as what replies are told by, unless it names something else, and
    /// waits for the reply. Late replies to earlier questions are passed over.
    public func ask(_ message: OutgoingMessage, within limit: Duration) throws(BrokerError) -> Reply {
        let deadline = ContinuousClock.now.advanced(by: limit)
        let handle = try connected()
        var message = message
        message.properties.replyTo = Self.replyTo
        message.properties.correlationID = message.properties.correlationID ?? message.properties.messageID
        do throws(BrokerError) {
            let encoded = try EncodedMessage(message)
            try handle.guarded { () throws(BrokerError) in try handle.publish(encoded) }
            return try wait(for: message.properties.correlationID, until: deadline, handle)
        } catch {
            lose(handle)
            throw error
        }
    }

    /// Disconnects.
    public func close() {
        handle?.close()
        handle = nil
        assembler.reset()
    }
}

extension Requester {
    private func connected() throws(BrokerError) -> AMQPHandle {
        if let handle { return handle }
        var last = BrokerError.invalidConfiguration(["no broker URL is given"])
        for endpoint in configuration.endpoints {
            do throws(BrokerError) {
                let new = try AMQPHandle(connecting: endpoint, configuration)
                try new.guarded { () throws(BrokerError) in
                    try new.selectConfirms()
                    let tag = "replies-\(UInt64.random(in: 0...UInt64.max))"
                    try new.subscribe(Self.replyTo, consumerTag: tag, isAcknowledging: false)
                }
                handle = new
                epoch = DeliveryTag.newEpoch()
                return new
            } catch { last = error }
        }
        throw last
    }

    private func lose(_ old: AMQPHandle) {
        handle = nil
        assembler.reset()
        old.close()
    }

    private func wait(
        for correlationID: String?, until deadline: ContinuousClock.Instant, _ handle: AMQPHandle
    ) throws(BrokerError) -> Reply {
        while true {
            switch try handle.next(&assembler, &names) {
            case .nothing:
                let left = ContinuousClock.now.duration(to: deadline)
                guard left > .zero else { return .silence }
                handle.waitReadable(min(left, .milliseconds(50)))
            case .delivery(let arrival), .returned(let arrival):
                guard assembler.begin(arrival) else { throw .connectionLost("the broker sent frames out of order") }
            case .nack: return .refused
            case .cancelled: throw .connectionLost("the broker has cancelled the way back")
            case .channelClosed(let error), .connectionClosed(let error): throw error
            case .ack, .blocked, .unblocked, .other: break
            }
            if let reply = takeReply(correlationID) { return reply }
        }
    }

    /// What has come that is the reply, or the question itself.
    private func takeReply(_ correlationID: String?) -> Reply? {
        guard !assembler.arrivals.isEmpty else { return nil }
        let (arrivals, storage) = assembler.take()
        for arrival in arrivals {
            if arrival.replyCode != 0 { return .returned(code: arrival.replyCode, text: arrival.replyText) }
            let delivery = Delivery(arrival, storage: storage, epoch: epoch)
            if delivery.properties.correlationID == correlationID { return .answer(delivery) }
        }
        return nil
    }

    /// Serves heartbeats between questions, and notices when the broker goes away.
    private func turn() -> ConnectionThread.Sleep {
        guard let current = handle else { return ConnectionThread.Sleep() }
        do throws(BrokerError) {
            reading: while true {
                switch try current.next(&assembler, &names) {
                case .nothing: break reading
                case .delivery(let arrival), .returned(let arrival):
                    guard assembler.begin(arrival) else { throw .connectionLost("the broker sent frames out of order") }
                case .channelClosed(let error), .connectionClosed(let error): throw error
                default: break
                }
            }
            // Replies to questions that nobody waits for any more.
            _ = assembler.take()
        } catch {
            handle = nil
            assembler.reset()
            return ConnectionThread.Sleep()
        }
        return ConnectionThread.Sleep(
            descriptor: current.descriptor, deadline: .now.advanced(by: current.heartbeat / 2))
    }
}
