/// Declares, inspects and empties what is on a broker, over a connection of its own that it makes when needed.
/// For tools and tests; nothing here retries: every call succeeds or throws within the limits of the configuration.
public actor BrokerAdmin {
    private let configuration: BrokerConfiguration
    private let thread: ConnectionThread
    private var handle: AMQPHandle?
    private var epoch: UInt64 = 0
    /// What was taken on this connection, and how far it is settled.
    private var taken = SettlementTracker()
    private var assembler = MessageAssembler()
    private var names = NameCache()

    /// The connection's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Nothing is connected before the first call.
    /// - Throws: `exhausted` when the system has no thread left for it.
    public init(configuration: BrokerConfiguration) throws(BrokerError) {
        self.configuration = configuration
        let thread = try ConnectionThread(name: "amqp-admin")
        self.thread = thread
        thread.setTurn { [weak self] in self?.assumeIsolated { $0.turn() } ?? ConnectionThread.Sleep() }
    }

    deinit { thread.stop() }

    /// Connects if need be; answers the broker's version.
    @discardableResult
    public func connect() throws(BrokerError) -> ServerVersion { try connected().server }

    /// Declares an exchange; harmless when it exists just so, else `preconditionFailed`.
    public func declare(_ exchange: Topology.Exchange) throws(BrokerError) {
        try run { (handle) throws(BrokerError) in try handle.declare(exchange, passive: false) }
    }

    /// Declares a queue; harmless when it exists just so, else `preconditionFailed`.
    @discardableResult
    public func declare(_ queue: Topology.Queue) throws(BrokerError) -> Topology.QueueStatus {
        try run { (handle) throws(BrokerError) in try handle.declare(queue, passive: false) }
    }

    /// Binds a queue to an exchange; harmless when it is bound.
    public func bind(_ binding: Topology.Binding) throws(BrokerError) {
        try run { (handle) throws(BrokerError) in try handle.bind(binding) }
    }

    /// Removes a binding; harmless when there is none.
    public func unbind(_ binding: Topology.Binding) throws(BrokerError) {
        try run { (handle) throws(BrokerError) in try handle.unbind(binding) }
    }

    /// What the broker says of a queue; nil when there is no such queue.
    public func status(ofQueue name: String) throws(BrokerError) -> Topology.QueueStatus? {
        do throws(BrokerError) {
            return try run { (handle) throws(BrokerError) in try handle.declare(Topology.Queue(name), passive: true) }
        } catch {
            guard case .notFound = error else { throw error }
            return nil
        }
    }

    /// Whether there is such an exchange.
    public func hasExchange(_ name: String) throws(BrokerError) -> Bool {
        let exchange = Topology.Exchange(name, kind: .direct)
        do throws(BrokerError) {
            try run { (handle) throws(BrokerError) in try handle.declare(exchange, passive: true) }
            return true
        } catch {
            guard case .notFound = error else { throw error }
            return false
        }
    }

    /// Removes the ready messages of a queue; answers how many.
    @discardableResult
    public func purge(queue: String) throws(BrokerError) -> Int {
        try run { (handle) throws(BrokerError) in try handle.purge(queue) }
    }

    /// Removes a queue with its messages; harmless when there is none.
    public func delete(queue: String) throws(BrokerError) {
        try run { (handle) throws(BrokerError) in try handle.delete(queue: queue) }
    }

    /// Removes an exchange; harmless when there is none.
    public func delete(exchange: String) throws(BrokerError) {
        try run { (handle) throws(BrokerError) in try handle.delete(exchange: exchange) }
    }

    /// Takes one message, nil when none is ready. It comes back to the queue unless it is settled with `ack`.
    public func get(queue: String) throws(BrokerError) -> Delivery? {
        try run { (handle) throws(BrokerError) in try take(queue, handle) }
    }

    /// Takes messages that are ready, in their order, at most so many: by a subscription that ends with this call, which is
    /// many times faster than one by one. They come back to the queue unless they are settled with `ack`.
    public func take(upTo limit: UInt16, queue: String) throws(BrokerError) -> [Delivery] {
        try run { (handle) throws(BrokerError) in
            let ready = try handle.declare(Topology.Queue(queue), passive: true).messageCount
            let wanted = UInt16(clamping: min(Int(limit), ready))
            guard wanted > 0 else { return [] }
            try handle.limitUnsettled(to: wanted)
            try handle.subscribe(queue, consumerTag: "take-\(UInt64.random(in: 0...UInt64.max))")
            let taken = try deliveries(Int(wanted), handle)
            try handle.cancel()
            // What the broker sent before it saw the cancel.
            return taken + (try deliveries(Int(wanted) - taken.count, handle, patience: .zero))
        }
    }

    /// Settles messages taken with `get` or `take`, each once: what is settled already is skipped. Throws `connectionLost` when
    /// the connection that one was taken on is gone: nothing is settled then, and that message is back in its queue.
    ///
    /// Acknowledgements of neighbours share a frame, which the broker works off as one; what is given back goes one by one,
    /// in this order, because the broker puts it back in the order in which it comes.
    public func settle(_ settlements: [Settlement]) throws(BrokerError) {
        guard !settlements.isEmpty else { return }
        guard handle != nil, settlements.allSatisfy({ $0.tag.epoch == epoch }) else {
            throw .connectionLost("what was taken from the queue is back in it")
        }
        try run { (handle) throws(BrokerError) in
            for frame in frames(for: settlements) { try handle.send(frame) }
        }
    }

    /// So many messages a quorum queue takes back as one command in the order of their tags: it keeps them in an Erlang map,
    /// and one of more than 32 keys has no order.
    public static let returnedAtOnce = 32

    /// Gives neighbours of one `take` back in one frame, ``returnedAtOnce`` at most, with nothing before them that is not
    /// settled. Throws as ``settle(_:)`` does.
    public func giveBack(_ neighbours: some Collection<DeliveryTag>) throws(BrokerError) {
        guard !neighbours.isEmpty else { return }
        guard handle != nil, neighbours.allSatisfy({ $0.epoch == epoch }) else {
            throw .connectionLost("what was taken from the queue is back in it")
        }
        try run { (handle) throws(BrokerError) in
            for frame in taken.settle(neighbours.map { .requeue($0) }) { try handle.send(frame) }
        }
    }

    /// Disconnects; messages taken and not settled go back.
    public func close() {
        handle?.close()
        handle = nil
    }
}

extension BrokerAdmin {
    private func connected() throws(BrokerError) -> AMQPHandle {
        if let handle { return handle }
        var last = BrokerError.invalidConfiguration(["no broker URL is given"])
        for endpoint in configuration.endpoints {
            do throws(BrokerError) {
                let new = try AMQPHandle(connecting: endpoint, configuration)
                handle = new
                epoch = DeliveryTag.newEpoch()
                taken.begin(epoch: epoch)
                return new
            } catch { last = error }
        }
        throw last
    }

    private func run<Result>(
        _ body: (AMQPHandle) throws(BrokerError) -> Result
    ) throws(BrokerError) -> Result {
        let handle = try connected()
        do throws(BrokerError) {
            return try handle.guarded { () throws(BrokerError) in try body(handle) }
        } catch {
            recover(handle, from: error)
            throw error
        }
    }

    /// A refusal closes the channel and with it gives back every message taken, so the epoch ends.
    private func recover(_ handle: AMQPHandle, from error: BrokerError) {
        assembler.reset()
        self.handle = nil
        switch error {
        case .channelClosed, .notFound, .accessRefused, .preconditionFailed: handle.close()
        default: break
        }
    }

    private func take(_ queue: String, _ handle: AMQPHandle) throws(BrokerError) -> Delivery? {
        guard let arrival = try handle.get(queue, &names) else { return nil }
        guard assembler.begin(arrival) else { throw .connectionLost("the broker sent frames out of order") }
        let deadline = ContinuousClock.now.advanced(by: configuration.operationTimeout)
        while assembler.arrivals.isEmpty {
            switch try handle.next(&assembler, &names) {
            case .nothing:
                guard ContinuousClock.now < deadline else { throw .timedOut(operation: "get a message") }
                handle.waitReadable(.milliseconds(100))
            case .channelClosed(let error), .connectionClosed(let error): throw error
            default: break
            }
        }
        return try takeArrivals().first
    }

    private func frames(for settlements: [Settlement]) -> [SettlementTracker.Frame] {
        let isAck = settlements.allSatisfy { if case .ack = $0 { true } else { false } }
        return isAck ? taken.settle(settlements) : settlements.flatMap { taken.settle(CollectionOfOne($0)) }
    }

    /// Others may take some of what is ready, so that fewer come.
    private func deliveries(
        _ count: Int, _ handle: AMQPHandle, patience: Duration = .milliseconds(500)
    ) throws(BrokerError) -> [Delivery] {
        var begun = 0
        var deadline = ContinuousClock.now.advanced(by: patience)
        while assembler.arrivals.count < count {
            switch try handle.next(&assembler, &names) {
            case .delivery(let arrival):
                guard assembler.begin(arrival) else { throw .connectionLost("the broker sent frames out of order") }
                begun += 1
                deadline = ContinuousClock.now.advanced(by: configuration.operationTimeout)
            case .nothing:
                let isWithin = assembler.arrivals.count < begun
                if !isWithin { deadline = min(deadline, .now.advanced(by: patience)) }
                guard ContinuousClock.now < deadline else {
                    if isWithin { throw .timedOut(operation: "take messages") }
                    return try takeArrivals()
                }
                handle.waitReadable(.milliseconds(20))
            case .cancelled: throw .notFound("the broker cancelled the reading of the queue")
            case .channelClosed(let error), .connectionClosed(let error): throw error
            default: break
            }
        }
        return try takeArrivals()
    }

    private func takeArrivals() throws(BrokerError) -> [Delivery] {
        let (arrivals, storage) = assembler.take()
        for arrival in arrivals {
            guard taken.delivered(arrival.tag) else { throw .connectionLost("the broker counted deliveries wrongly") }
        }
        return arrivals.map { Delivery($0, storage: storage, epoch: epoch) }
    }

    /// Serves heartbeats, and notices when the broker goes away.
    private func turn() -> ConnectionThread.Sleep {
        guard let current = handle else { return ConnectionThread.Sleep() }
        do throws(BrokerError) {
            current.watch()
            defer { current.unwatch() }
            reading: while true {
                switch try current.next(&assembler, &names) {
                case .nothing: break reading
                case .channelClosed(let error), .connectionClosed(let error): throw error
                default: break
                }
            }
        } catch {
            handle = nil
            assembler.reset()
            return ConnectionThread.Sleep()
        }
        return ConnectionThread.Sleep(
            descriptor: current.descriptor, deadline: .now.advanced(by: current.heartbeat / 2))
    }
}
