/// What the broker's answers mean for the messages, and what becomes of a channel that is closed or stale.
extension Publisher {
    func taken(_ resolutions: [PublisherConfirms<Outbox.Item>.Resolution]) {
        if !refusals.isEmpty { for resolution in resolutions { refusals.taken(resolution.id.message) } }
        for resolution in resolutions { resolve(resolution.id, resolution.outcome) }
    }

    func refused(_ resolutions: [PublisherConfirms<Outbox.Item>.Resolution]) {
        let now = ContinuousClock.now
        for resolution in resolutions {
            refusals.refused(resolution.id.message, at: now)
            resolve(resolution.id, resolution.outcome)
        }
    }

    func resolve(_ item: Outbox.Item, _ outcome: PublishOutcome) {
        suspects = max(0, suspects - 1)
        let call = item.call
        guard !call.isFinished else { return }
        call.resolve(item.index, outcome)
        guard call.remaining == 0 else { return }
        calls[ObjectIdentifier(call)] = nil
        call.finish(unsent: .stopped, unanswered: "")
    }

    func noteReturns() throws(BrokerError) {
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

    /// Decides what the closed channel means for each unanswered message, and opens a new one.
    func reopen(_ handle: AMQPHandle, after error: BrokerError) throws(BrokerError) {
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

    /// Opens another channel in the place of a stale one; true when it has. A broker under an alarm reads nothing, so it is
    /// not asked.
    func renewStaleChannel(_ now: ContinuousClock.Instant) throws(BrokerError) -> Bool {
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
}
