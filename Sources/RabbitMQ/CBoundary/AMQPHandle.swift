import CRabbitMQ
import Glibc

/// One librabbitmq connection with one channel. Not Sendable: it belongs to the actor whose thread uses it.
@safe
final class AMQPHandle {
    static let channel: amqp_channel_t = 1
    static let frameMax = 131_072

    let state: amqp_connection_state_t
    let endpoint: BrokerURL
    let configuration: BrokerConfiguration
    private(set) var descriptor: Int32 = -1
    private(set) var server = ServerVersion(major: 0, minor: 0, patch: 0)
    private(set) var watchdog: WriteWatchdog.Guard?
    /// What both sides agreed on at the login.
    private(set) var heartbeat: Duration
    /// Header frames larger than what was agreed on at the login would end the connection.
    private(set) var largestProperties = EncodedMessage.largestProperties
    /// librabbitmq must not be called again: 0.11 keeps the size of a frame that it refused, and when it reads on it
    /// writes past the end of its buffer.
    private(set) var isSpent = false
    /// The tag of the consumer on the channel, if there is one.
    var consumerTag: String?
    var pool = unsafe amqp_pool_t()

    /// Connects and logs in; blocks, but within the limits of the configuration.
    init(connecting endpoint: BrokerURL, _ configuration: BrokerConfiguration) throws(BrokerError) {
        guard let state = unsafe amqp_new_connection() else {
            throw .unreachable(host: endpoint.place, reason: "no memory")
        }
        unsafe self.state = unsafe state
        self.endpoint = endpoint
        self.configuration = configuration
        heartbeat = configuration.heartbeat
        unsafe init_amqp_pool(&pool, 4096)
        try openSocket()
        // librabbitmq has limits of its own here, which say more, but not for what it writes.
        try guarded(within: configuration.connectTimeout + .seconds(1)) { () throws(BrokerError) in try logIn() }
        try guarded { () throws(BrokerError) in try openChannel() }
    }

    deinit {
        watchdog?.disarm()
        unsafe amqp_destroy_connection(state)
        unsafe empty_amqp_pool(&pool)
    }

    private func openSocket() throws(BrokerError) {
        let socket = unsafe endpoint.isSecure ? try secureSocket() : amqp_tcp_socket_new(state)
        guard let socket = unsafe socket else { throw .unreachable(host: endpoint.place, reason: "no memory") }
        var limit = configuration.connectTimeout.timeval
        errno = 0
        crmq_forget_tls_errors()
        let status = unsafe amqp_socket_open_noblock(socket, endpoint.host, Int32(endpoint.port), &limit)
        let systemError = errno
        if let fault = openingFault(status, systemError: systemError) { throw fault }
        descriptor = unsafe amqp_get_sockfd(state)
        setKernelTimeout(isOn: true)
        watchdog = WriteWatchdog.shared.watch(descriptor)
        if watchdog == nil { throw .unreachable(host: endpoint.place, reason: "no descriptors left") }
    }

    private func logIn() throws(BrokerError) {
        var limit = configuration.connectTimeout.timeval
        _ = unsafe amqp_set_handshake_timeout(state, &limit)
        var operationLimit = configuration.operationTimeout.timeval
        _ = unsafe amqp_set_rpc_timeout(state, &operationLimit)
        var properties = unsafe try table(configuration.clientProperties)
        let heartbeat = Int32(configuration.heartbeat / .seconds(1))
        let reply =
            switch configuration.authentication(for: endpoint) {
            case .plain(let user, let password):
                unsafe crmq_login_plain(
                    state, endpoint.vhost, Int32(Self.frameMax), heartbeat, &properties, user, password)
            case .external:
                // The broker takes the name from the certificate, but librabbitmq wants some text to send.
                unsafe crmq_login_external(
                    state, endpoint.vhost, Int32(Self.frameMax), heartbeat, &properties, "EXTERNAL")
            }
        unsafe recycle_amqp_pool(&pool)
        unsafe try checkLogin(reply)
        server = ServerVersion(serverProperties: serverProperties())
        noteAgreements()
    }

    private func noteAgreements() {
        let seconds = unsafe amqp_get_heartbeat(state)
        if seconds > 0 { heartbeat = .seconds(Int(seconds)) }
        largestProperties = unsafe max(Int(amqp_get_frame_max(state)) - 64, 0)
        setKernelTimeout(isOn: true)
    }

    /// From here on only `deinit` may touch librabbitmq's connection.
    func spend() { isSpent = true }

    func openChannel() throws(BrokerError) {
        _ = unsafe amqp_channel_open(state, Self.channel)
        try checkReply("open a channel")
    }

    /// Closes the channel and opens another; nothing may be unanswered on it.
    func renewChannel() throws(BrokerError) {
        unsafe try checkReply(amqp_channel_close(state, Self.channel, 200), "close a channel")
        try openChannel()
    }

    /// The kernel gives up on a peer that does not acknowledge. Off while the broker has blocked us: it then leaves
    /// data unread on purpose, and a second connection would only add to it.
    func setKernelTimeout(isOn: Bool) {
        let limit = max(heartbeat * 2, .seconds(5)) / .milliseconds(1)
        _ = crmq_set_user_timeout(descriptor, isOn ? UInt32(limit) : 0)
    }

    /// For how long the broker has sent nothing, heartbeats included.
    var silence: Duration { .milliseconds(crmq_silence(descriptor)) }

    /// A polite good-bye within a second, where that is possible; the handle is useless afterwards.
    func close() {
        guard !isSpent else { return }
        isSpent = true
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        _ = unsafe amqp_set_rpc_timeout(state, &limit)
        watchdog?.arm(.seconds(1))
        _ = unsafe amqp_connection_close(state, 200)
        watchdog?.disarm()
    }
}

extension AMQPHandle {
    /// A C table in the handle's pool; valid until the pool is recycled.
    func table(_ table: FieldTable) throws(BrokerError) -> amqp_table_t {
        let wire: [UInt8]
        do throws(WireFault) { wire = try table.wire() } catch { throw .preconditionFailed(error.sentence) }
        var result = unsafe amqp_table_t()
        // The C table keeps pointers into the bytes, so they are copied to the pool first.
        guard let copy = unsafe amqp_pool_alloc(&pool, wire.count) else { throw .preconditionFailed("no memory") }
        unsafe wire.withUnsafeBytes {
            unsafe copy.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(copy), byteCount: $0.count)
        }
        guard unsafe crmq_decode_table(copy, wire.count, &pool, &result) == AMQP_STATUS_OK.rawValue else {
            throw .preconditionFailed("the arguments cannot be sent")
        }
        return unsafe result
    }

    private func serverProperties() -> FieldTable {
        guard let table = unsafe amqp_get_server_properties(state) else { return FieldTable() }
        let buffer = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { bytes, count in
            unsafe count = max(0, crmq_encode_table(table, bytes.baseAddress, bytes.count))
        }
        return FieldTable(wire: buffer)
    }
}

extension Duration {
    var timeval: timeval {
        let parts = components
        return Glibc.timeval(
            tv_sec: Int(clamping: parts.seconds), tv_usec: Int(parts.attoseconds / 1_000_000_000_000))
    }
}

extension BrokerConfiguration {
    /// Without these the broker neither cancels a consumer nor tells of alarms.
    var clientProperties: FieldTable {
        [
            "product": "stevedore",
            "connection_name": .string(connectionName),
            "capabilities": .table([
                "consumer_cancel_notify": true, "connection.blocked": true, "basic.nack": true,
                "publisher_confirms": true, "authentication_failure_close": true, "exchange_exchange_bindings": true,
            ]),
        ]
    }
}
