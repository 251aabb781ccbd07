import CRabbitMQ

extension AMQPHandle {
    /// What the broker sent, taken out of librabbitmq's memory except for the pieces of messages.
    enum Incoming {
        case nothing
        case delivery(Arrival)
        case returned(Arrival)
        case ack(UInt64, multiple: Bool)
        case nack(UInt64, multiple: Bool)
        case cancelled
        case blocked(String)
        case unblocked
        case channelClosed(BrokerError)
        case connectionClosed(BrokerError)
        case other
    }

    /// Reads one frame if one is there. Pieces of messages go straight to the assembler; heartbeats are served here.
    func next(_ assembler: inout MessageAssembler, _ names: inout NameCache) throws(BrokerError) -> Incoming {
        var frame = unsafe crmq_frame()
        unsafe crmq_next_frame(state, &frame)
        if unsafe frame.status == AMQP_STATUS_TIMEOUT.rawValue {
            unsafe amqp_maybe_release_buffers(state)
            return .nothing
        }
        try unsafe check(frame.status, "read")
        let isSound: Bool
        switch unsafe Int(frame.kind) {
        case crmq_frame_header:
            isSound =
                unsafe frame.channel == Self.channel
                && assembler.header(bodySize: frame.body_size, properties: frame.piece)
        case crmq_frame_body:
            isSound = unsafe frame.channel == Self.channel && assembler.body(frame.piece)
        case crmq_frame_method:
            guard unsafe frame.channel <= Self.channel else { throw outOfOrder() }
            return try unsafe method(frame, &names)
        default: return .other
        }
        guard isSound else { throw outOfOrder() }
        // The assembler has its copy; kept until the message is whole, a large one would be in memory twice.
        releaseBuffers()
        return .other
    }

    private func outOfOrder() -> BrokerError {
        spend()
        return .connectionLost("the broker sent frames out of order")
    }

    /// Gives librabbitmq its frame memory back; nothing read before may be used afterwards.
    func releaseBuffers() { unsafe amqp_maybe_release_buffers_on_channel(state, Self.channel) }

    private func method(_ frame: crmq_frame, _ names: inout NameCache) throws(BrokerError) -> Incoming {
        guard let decoded = unsafe frame.decoded else { return .other }
        switch unsafe frame.method {
        case crmq_basic_deliver: return unsafe .delivery(deliver(decoded, &names))
        case crmq_basic_ack:
            let ack = unsafe decoded.assumingMemoryBound(to: amqp_basic_ack_t.self).pointee
            releaseBuffers()
            return .ack(ack.delivery_tag, multiple: ack.multiple != 0)
        case crmq_basic_nack:
            let nack = unsafe decoded.assumingMemoryBound(to: amqp_basic_nack_t.self).pointee
            releaseBuffers()
            return .nack(nack.delivery_tag, multiple: nack.multiple != 0)
        case crmq_basic_return: return unsafe .returned(returned(decoded, &names))
        case crmq_basic_cancel:
            return .cancelled
        case crmq_connection_blocked:
            return unsafe .blocked(decoded.assumingMemoryBound(to: amqp_connection_blocked_t.self).pointee.reason.text)
        case crmq_connection_unblocked: return .unblocked
        default: return unsafe closed(frame.method, decoded)
        }
    }

    private func closed(_ method: UInt32, _ decoded: UnsafeRawPointer) -> Incoming {
        guard let error = unsafe Self.closing(method, decoded) else { return .other }
        if method == crmq_connection_close {
            _ = unsafe crmq_send_connection_close_ok(state)
            return .connectionClosed(error)
        }
        _ = unsafe crmq_send_channel_close_ok(state, Self.channel)
        return .channelClosed(error)
    }

    private func deliver(_ decoded: UnsafeRawPointer, _ names: inout NameCache) -> Arrival {
        let method = unsafe decoded.assumingMemoryBound(to: amqp_basic_deliver_t.self)
        return unsafe Arrival(
            tag: method.pointee.delivery_tag, redelivered: method.pointee.redelivered != 0,
            exchange: names.exchange(method.pointee.exchange.raw),
            routingKey: names.routingKey(method.pointee.routing_key.raw))
    }

    private func returned(_ decoded: UnsafeRawPointer, _ names: inout NameCache) -> Arrival {
        let method = unsafe decoded.assumingMemoryBound(to: amqp_basic_return_t.self)
        return unsafe Arrival(
            tag: 0, redelivered: false, exchange: names.exchange(method.pointee.exchange.raw),
            routingKey: names.routingKey(method.pointee.routing_key.raw), replyCode: method.pointee.reply_code,
            replyText: method.pointee.reply_text.text)
    }
}

extension crmq_frame {
    fileprivate var piece: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: bytes, count: count) }
}

extension amqp_bytes_t {
    var raw: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(start: bytes, count: len) }
}
