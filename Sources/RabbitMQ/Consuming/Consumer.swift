/// Receives the messages of one queue over a connection of its own, in batches, and settles them.
///
/// All work happens on one thread, which owns the connection. When the connection breaks it comes back by itself;
/// the broker then delivers again whatever was not settled, and settlements that come too late are dropped.
public actor Consumer {
    private enum Intent { case consuming, paused, stopped }

    /// The queue that is read.
    public nonisolated let queue: String
    private let thread: ConnectionThread
    private let link: Link
    private let subscription: Subscription
    private let operationTimeout: Duration
    private var intent = Intent.consuming
    private var tracker = SettlementTracker()
    private var assembler: MessageAssembler
    private let largestBody: Int?
    private var names = NameCache()
    private let mailbox: Mailbox
    private var lingerUntil: ContinuousClock.Instant?
    private let prefetch: Int
    private var pace = ReadPace()

    /// The connection's thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// Nothing is connected before `start`. `prefetch` bounds the deliveries that are not settled (0 counts as 1).
    ///
    /// A message with more than `largestBody` bytes is refused without being kept in memory, and an event tells: give
    /// it only for a queue with a dead-letter target, because without one the broker drops what is refused. Whatever
    /// `topology` names is looked at whenever a lost connection is made again; while it is missing or different, nothing
    /// is consumed and events tell why.
    /// - Throws: `exhausted` when the system has no thread left for it.
    public init(
        configuration: BrokerConfiguration, queue: String, prefetch: UInt16, consumerTag: String = "",
        largestBody: Int? = nil, topology: [Topology.Expectation] = [],
        onEvent: @Sendable @escaping (BrokerEvent) -> Void = { _ in }
    ) throws(BrokerError) {
        let tag =
            consumerTag.isEmpty ? "\(configuration.connectionName)-\(UInt64.random(in: 0...UInt64.max))" : consumerTag
        let subscription = Subscription(tag: tag)
        let thread = try ConnectionThread(name: "amqp-consumer")
        self.queue = queue
        self.thread = thread
        self.subscription = subscription
        self.prefetch = max(Int(prefetch), 1)
        operationTimeout = configuration.operationTimeout
        self.largestBody = largestBody
        assembler = MessageAssembler(keepingUpTo: largestBody)
        mailbox = Mailbox(many: max(Int(prefetch) / 4, 1))
        link = Link(configuration, topology, thread: thread, onEvent: onEvent) { (handle) throws(BrokerError) in
            try handle.limitUnsettled(to: max(prefetch, 1))
            if subscription.isWanted { try handle.subscribe(queue, consumerTag: subscription.newTag()) }
        }
        thread.setTurn { [weak self] in self?.assumeIsolated { $0.turn() } ?? ConnectionThread.Sleep() }
    }

    deinit { thread.stop() }

    /// Connects. Waits for an absent broker (events tell), and throws only what a person must mend: credentials,
    /// virtual host, permission, a missing queue, TLS, or `stopped`.
    public func start() async throws(BrokerError) {
        let error = await withCheckedContinuation { link.start($0) }
        if let error { throw error }
    }

    /// The messages that are there, at least one; waits for it. Nil after `stop`, and when the task is cancelled.
    public nonisolated(nonsending) func nextBatch() async -> DeliveryBatch? {
        guard !Task.isCancelled else { return nil }
        switch mailbox.takeReady() {
        case .batch(let parcels): return DeliveryBatch(parcels)
        case .ended: return nil
        case .waiting: break
        }
        let id = mailbox.newID()
        defer { mailbox.forget(id) }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { mailbox.wait(id, $0) }
        } onCancel: {
            mailbox.cancel(id)
        }
    }

    /// Settles deliveries, each once: repeated settlements and those of an older connection are dropped. They are
    /// on their way when this returns, but the broker need not have them yet.
    public nonisolated(nonsending) func settle(_ settlements: [Settlement]) async {
        if mailbox.add(settlements) { thread.poke() }
    }

    /// Stops the flow of deliveries; those that nobody has taken yet go back to the queue.
    public func pause() {
        guard intent == .consuming else { return }
        settleNow()
        intent = .paused
        align()
    }

    /// Lets deliveries flow again.
    public func resume() {
        guard intent == .paused else { return }
        intent = .consuming
        align()
    }

    /// Stops receiving for good. What was handed out can still be settled until `close`.
    public func stop() {
        guard intent != .stopped else { return }
        settleNow()
        intent = .stopped
        align()
        mailbox.end()
    }

    /// Stops and disconnects; the broker delivers everything again that is not settled.
    public func close() {
        stop()
        settleNow()
        link.stop()
        forget()
    }

    /// How many settlements were dropped: those of an older connection, and those of settled deliveries.
    public var droppedSettlements: (stale: Int, repeated: Int) {
        settleNow()
        return (tracker.stale, tracker.repeated)
    }

    /// How many deliveries are waiting for their settlement, those not handed out among them.
    public var outstanding: Int {
        settleNow()
        return tracker.outstanding
    }
}

extension Consumer {
    /// A few settlements wait up to this long for more, so that acks of many messages leave as one frame.
    private static let linger: Duration = .milliseconds(1)

    private func settleNow() { settleDue(.now, evenFew: true) }

    private func settleDue(_ now: ContinuousClock.Instant, evenFew: Bool) {
        let settlements = mailbox.takeSettlements(evenFew: evenFew)
        if !settlements.isEmpty {
            lingerUntil = now.advanced(by: Self.linger)
            settle(now: settlements)
        } else if evenFew {
            lingerUntil = nil
        }
    }

    private func settle(now settlements: [Settlement]) {
        let frames = tracker.settle(settlements)
        guard let handle = link.handle, !frames.isEmpty else { return }
        attempt { () throws(BrokerError) in
            try handle.guarded { () throws(BrokerError) in
                if frames.count > 1 { handle.cork(true) }
                defer { if frames.count > 1 { handle.cork(false) } }
                for frame in frames { try handle.send(frame) }
            }
        }
    }

    /// One round of the thread.
    private func turn() -> ConnectionThread.Sleep {
        let now = ContinuousClock.now
        if link.advance(now) {
            tracker.begin(epoch: link.epoch)
            align()
        }
        settleDue(now, evenFew: lingerUntil.map { now >= $0 } ?? true)
        var isDrained = true
        if link.handle != nil { attempt { () throws(BrokerError) in isDrained = try read() } }
        let restUntil = pace.read(assembler.arrivals.count, now)
        refuseOversized()
        handOut()
        var sleep = link.sleep(now)
        if let lingerUntil { sleep.deadline = min(sleep.deadline ?? lingerUntil, lingerUntil) }
        sleep.again = !isDrained
        if let restUntil, isDrained { rest(until: restUntil, &sleep) }
        return sleep
    }

    /// Leaves the socket alone for a moment, unless the broker may be waiting for settlements.
    private func rest(until end: ContinuousClock.Instant, _ sleep: inout ConnectionThread.Sleep) {
        guard link.handle != nil, tracker.outstanding < prefetch / 2 else { return }
        sleep.descriptor = -1
        sleep.deadline = min(sleep.deadline ?? end, end)
    }

    /// Reads what is there; false when it stopped early to let calls through.
    private func read() throws(BrokerError) -> Bool {
        guard let handle = link.handle else { return true }
        handle.watch()
        defer { handle.unwatch() }
        for _ in 0..<3000 {
            switch try handle.next(&assembler, &names) {
            case .nothing:
                requeueUnwanted()
                return true
            case .delivery(let arrival):
                guard tracker.delivered(arrival.tag), assembler.begin(arrival) else {
                    throw .connectionLost("the broker sent deliveries out of order")
                }
            case .cancelled:
                link.report(.consumerCancelled)
                throw .notFound("the broker cancelled the consumer of queue '\(queue)'")
            case .blocked(let reason): link.report(.blocked(reason: reason))
            case .unblocked: link.report(.unblocked)
            case .channelClosed(let error), .connectionClosed(let error): throw error
            case .ack, .nack, .returned, .other: break
            }
        }
        requeueUnwanted()
        return false
    }

    /// Makes the broker's view of the subscription equal to ours.
    private func align() {
        subscription.isWanted = intent == .consuming
        guard let handle = link.handle, (handle.consumerTag != nil) != subscription.isWanted else { return }
        attempt { () throws(BrokerError) in
            try handle.guarded { () throws(BrokerError) in
                if subscription.isWanted { return try handle.subscribe(queue, consumerTag: subscription.newTag()) }
                try handle.cancel()
            }
            // What the broker sent before it saw the cancel is waiting to be read.
            if !subscription.isWanted { try readToTheEnd() }
        }
    }

    /// Each reading is watched anew, so one that never ends needs a limit of its own.
    private func readToTheEnd() throws(BrokerError) {
        let deadline = ContinuousClock.now.advanced(by: operationTimeout)
        while try !read() {
            guard ContinuousClock.now < deadline else { throw .timedOut(operation: "cancel the consumer") }
        }
    }

    private func refuseOversized() {
        guard let largestBody, !assembler.oversized.isEmpty else { return }
        let refused = assembler.takeOversized()
        settle(now: refused.map { .reject(DeliveryTag(epoch: tracker.epoch, value: $0.tag)) })
        for message in refused { link.report(.refusedOversized(size: message.size, limit: largestBody)) }
    }

    private func handOut() {
        guard intent == .consuming, !assembler.arrivals.isEmpty else { return }
        let (arrivals, storage) = assembler.take()
        mailbox.put(Mailbox.Parcel(arrivals: arrivals, storage: storage, epoch: tracker.epoch))
    }

    private func requeueUnwanted() {
        guard intent != .consuming else { return }
        let epoch = tracker.epoch
        let unread = assembler.take().arrivals.map { DeliveryTag(epoch: epoch, value: $0.tag) }
        let untaken = mailbox.takeBack().flatMap { parcel in
            parcel.arrivals.map { DeliveryTag(epoch: parcel.epoch, value: $0.tag) }
        }
        let unwanted = untaken + unread
        if !unwanted.isEmpty { settle(now: unwanted.map { .requeue($0) }) }
    }

    /// Runs something that uses the connection; its failure is the end of that connection.
    private func attempt(_ body: () throws(BrokerError) -> Void) {
        do throws(BrokerError) { try body() } catch {
            forget()
            // A consumer that was stopped only lives to settle, which needs the connection that has just gone.
            if intent == .stopped { link.stop() } else { link.lose(error) }
        }
    }

    private func forget() {
        tracker.begin(epoch: 0)
        assembler.reset()
        _ = mailbox.takeBack()
    }
}
