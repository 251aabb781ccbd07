/// What the publisher's thread does each time it is awake: read, then send what the window and the socket allow.
extension Publisher {
    /// One round of the thread.
    func turn() -> ConnectionThread.Sleep {
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
