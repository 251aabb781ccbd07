import CRabbitMQ
import Glibc

extension AMQPHandle {
    func declare(_ exchange: Topology.Exchange, passive: Bool) throws(BrokerError) {
        let arguments = unsafe try table(exchange.arguments)
        unsafe try withBytes(exchange.name) { (name) throws(BrokerError) in
            unsafe try withBytes(exchange.kind.rawValue) { (kind) throws(BrokerError) in
                _ = unsafe amqp_exchange_declare(
                    state, Self.channel, name, kind, passive ? 1 : 0, exchange.isDurable ? 1 : 0, 0, 0, arguments)
                try finish("declare exchange \(exchange.name)")
            }
        }
    }

    func declare(_ queue: Topology.Queue, passive: Bool) throws(BrokerError) -> Topology.QueueStatus {
        let arguments = unsafe try table(queue.arguments)
        return unsafe try withBytes(queue.name) { (name) throws(BrokerError) in
            let ok = unsafe amqp_queue_declare(
                state, Self.channel, name, passive ? 1 : 0, queue.isDurable ? 1 : 0, queue.isExclusive ? 1 : 0,
                queue.isAutoDelete ? 1 : 0, arguments)
            try finish("declare queue \(queue.name)")
            guard let ok = unsafe ok else { throw .connectionLost("no reply to declare queue \(queue.name)") }
            return unsafe Topology.QueueStatus(
                name: ok.pointee.queue.text, messageCount: Int(ok.pointee.message_count),
                consumerCount: Int(ok.pointee.consumer_count))
        }
    }

    /// Throws `notFound` or `preconditionFailed` when the broker has not what is expected.
    func verify(_ expectations: [Topology.Expectation]) throws(BrokerError) {
        for expectation in expectations {
            switch expectation {
            case .exchange(let name):
                let exchange = Topology.Exchange(name, kind: .direct)
                try whereAllowed { () throws(BrokerError) in try declare(exchange, passive: true) }
            case .queue(let queue):
                // Passive first: a queue that is gone must be told of, not made anew without its bindings.
                try whereAllowed { () throws(BrokerError) in _ = try declare(queue, passive: true) }
                try whereAllowed { () throws(BrokerError) in _ = try declare(queue, passive: false) }
            }
        }
    }

    /// A user who may not ask is no fault of the topology; the refusal has closed the channel, so there is a new one.
    private func whereAllowed(_ ask: () throws(BrokerError) -> Void) throws(BrokerError) {
        // Each question has the whole time for itself, and so has what follows the last one.
        watch()
        defer { watch() }
        do throws(BrokerError) { try ask() } catch {
            guard case .accessRefused = error else { throw error }
            try check(unsafe crmq_send_channel_close_ok(state, Self.channel), "close the channel")
            try openChannel()
        }
    }

    func bind(_ binding: Topology.Binding) throws(BrokerError) {
        unsafe try withBinding(binding) { (queue, exchange, key, arguments) throws(BrokerError) in
            _ = unsafe amqp_queue_bind(state, Self.channel, queue, exchange, key, arguments)
            try finish("bind queue \(binding.queue)")
        }
    }

    func unbind(_ binding: Topology.Binding) throws(BrokerError) {
        unsafe try withBinding(binding) { (queue, exchange, key, arguments) throws(BrokerError) in
            _ = unsafe amqp_queue_unbind(state, Self.channel, queue, exchange, key, arguments)
            try finish("unbind queue \(binding.queue)")
        }
    }

    private func withBinding(
        _ binding: Topology.Binding,
        _ body: (amqp_bytes_t, amqp_bytes_t, amqp_bytes_t, amqp_table_t) throws(BrokerError) -> Void
    ) throws(BrokerError) {
        let arguments = unsafe try table(binding.arguments)
        unsafe try withBytes(binding.queue) { (queue) throws(BrokerError) in
            unsafe try withBytes(binding.exchange) { (exchange) throws(BrokerError) in
                unsafe try withBytes(binding.routingKey) { (key) throws(BrokerError) in
                    try unsafe body(queue, exchange, key, arguments)
                }
            }
        }
    }

    func purge(_ queue: String) throws(BrokerError) -> Int {
        unsafe try withBytes(queue) { (name) throws(BrokerError) in
            let ok = unsafe amqp_queue_purge(state, Self.channel, name)
            try finish("purge queue \(queue)")
            return unsafe ok.map { unsafe Int($0.pointee.message_count) } ?? 0
        }
    }

    func delete(queue: String) throws(BrokerError) {
        unsafe try withBytes(queue) { (name) throws(BrokerError) in
            _ = unsafe amqp_queue_delete(state, Self.channel, name, 0, 0)
            try finish("delete queue \(queue)")
        }
    }

    func delete(exchange: String) throws(BrokerError) {
        unsafe try withBytes(exchange) { (name) throws(BrokerError) in
            _ = unsafe amqp_exchange_delete(state, Self.channel, name, 0)
            try finish("delete exchange \(exchange)")
        }
    }

    /// Asks for one message; its header and body are still to be read. Nil when none is there.
    func get(_ queue: String, _ names: inout NameCache) throws(BrokerError) -> Arrival? {
        unsafe try withBytes(queue) { (name) throws(BrokerError) in
            let reply = unsafe amqp_basic_get(state, Self.channel, name, 0)
            try checkReply("get from \(queue)")
            guard unsafe reply.reply.id == crmq_basic_get_ok, let decoded = unsafe reply.reply.decoded else {
                return nil
            }
            let ok = unsafe decoded.assumingMemoryBound(to: amqp_basic_get_ok_t.self)
            return unsafe Arrival(
                tag: ok.pointee.delivery_tag, redelivered: ok.pointee.redelivered != 0,
                exchange: names.exchange(ok.pointee.exchange.raw),
                routingKey: names.routingKey(ok.pointee.routing_key.raw))
        }
    }

    func waitReadable(_ limit: Duration) {
        var descriptor = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&descriptor, 1, Int32(limit / .milliseconds(1)))
    }

    private func finish(_ operation: @autoclosure () -> String) throws(BrokerError) {
        defer {
            unsafe recycle_amqp_pool(&pool)
            releaseBuffers()
        }
        try checkReply(operation())
    }
}
