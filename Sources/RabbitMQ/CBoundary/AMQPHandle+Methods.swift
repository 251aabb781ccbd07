import CRabbitMQ
import Glibc

extension AMQPHandle {
    /// Runs C code with a text as AMQP bytes.
    func withBytes<Result>(
        _ text: String, _ body: (amqp_bytes_t) throws(BrokerError) -> Result
    ) throws(BrokerError) -> Result {
        unsafe try Array(text.utf8).withUnsafeBufferPointer { (utf8) throws(BrokerError) -> Result in
            try unsafe body(amqp_bytes_t(UnsafeRawBufferPointer(utf8)))
        }
    }

    func limitUnsettled(to prefetch: UInt16) throws(BrokerError) {
        _ = unsafe amqp_basic_qos(state, Self.channel, 0, prefetch, 0)
        try checkReply("set the prefetch")
    }

    func subscribe(_ queue: String, consumerTag: String) throws(BrokerError) {
        unsafe try withBytes(queue) { (queue) throws(BrokerError) in
            unsafe try withBytes(consumerTag) { (tag) throws(BrokerError) in
                _ = unsafe amqp_basic_consume(state, Self.channel, queue, tag, 0, 0, 0, amqp_empty_table)
                try checkReply("consume")
            }
        }
        self.consumerTag = consumerTag
    }

    func cancel() throws(BrokerError) {
        guard let consumerTag else { return }
        unsafe try withBytes(consumerTag) { (tag) throws(BrokerError) in
            _ = unsafe amqp_basic_cancel(state, Self.channel, tag)
            try checkReply("cancel the consumer")
        }
        self.consumerTag = nil
    }

    func selectConfirms() throws(BrokerError) {
        _ = unsafe amqp_confirm_select(state, Self.channel)
        try checkReply("turn confirms on")
    }

    func send(_ frame: SettlementTracker.Frame) throws(BrokerError) {
        let status =
            switch frame {
            case .ack(let tag, let multiple): unsafe amqp_basic_ack(state, Self.channel, tag, multiple ? 1 : 0)
            case .requeue(let tag, let multiple): unsafe amqp_basic_nack(state, Self.channel, tag, multiple ? 1 : 0, 1)
            case .reject(let tag, let multiple): unsafe amqp_basic_nack(state, Self.channel, tag, multiple ? 1 : 0, 0)
            }
        try check(status, "settle")
    }

    /// Writes the message; that it is out says nothing yet about its fate.
    func publish(_ message: EncodedMessage) throws(BrokerError) {
        let status = unsafe message.head.withUnsafeBytes { head in
            unsafe message.body.withUnsafeBytes { body in
                unsafe crmq_publish(
                    state, Self.channel, amqp_bytes_t(UnsafeRawBufferPointer(rebasing: head[message.exchange])),
                    amqp_bytes_t(UnsafeRawBufferPointer(rebasing: head[message.routingKey])), 1,
                    amqp_bytes_t(UnsafeRawBufferPointer(rebasing: head[message.properties])), &pool,
                    amqp_bytes_t(body))
            }
        }
        try check(status, "publish")
    }

    /// Between `true` and `false`, many writes leave in few packets: librabbitmq ends every message with a push.
    func cork(_ isOn: Bool) { _ = crmq_set_cork(descriptor, isOn ? 1 : 0) }

    /// Whether the kernel takes a good deal more without blocking.
    var isWritable: Bool {
        var descriptor = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&descriptor, 1, 0) > 0
    }

    /// From here to `unwatch`, a call that blocks longer than the limit is cut off.
    func watch() { watchdog?.arm(configuration.operationTimeout) }

    func unwatch() { watchdog?.disarm() }

    /// Runs something under the watchdog.
    func guarded<Result>(
        within limit: Duration? = nil, _ body: () throws(BrokerError) -> Result
    ) throws(BrokerError) -> Result {
        watchdog?.arm(limit ?? configuration.operationTimeout)
        defer { unwatch() }
        return try body()
    }
}

extension amqp_bytes_t {
    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.init(len: bytes.count, bytes: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }
}
