import CRabbitMQ

extension AMQPHandle {
    /// The one place where a C status becomes an error. All but a time-out are the end of the handle.
    func check(_ status: Int32, _ operation: @autoclosure () -> String) throws(BrokerError) {
        switch status {
        case AMQP_STATUS_OK.rawValue: return
        case AMQP_STATUS_TIMEOUT.rawValue: throw .timedOut(operation: operation())
        default: spend()
        }
        switch status {
        case AMQP_STATUS_HEARTBEAT_TIMEOUT.rawValue:
            throw .connectionLost("nothing heard for two heartbeats of \(heartbeat)")
        case AMQP_STATUS_SOCKET_ERROR.rawValue, AMQP_STATUS_CONNECTION_CLOSED.rawValue:
            throw .connectionLost("the broker or the network ended it")
        default: throw .connectionLost(Self.statusText(status))
        }
    }

    /// The outcome of the request just made.
    func checkReply(_ operation: @autoclosure () -> String) throws(BrokerError) {
        unsafe try checkReply(amqp_get_rpc_reply(state), operation())
    }

    /// The same, of a request that answers by itself.
    func checkReply(_ reply: amqp_rpc_reply_t, _ operation: @autoclosure () -> String) throws(BrokerError) {
        switch unsafe reply.reply_type {
        case AMQP_RESPONSE_NORMAL: return
        case AMQP_RESPONSE_SERVER_EXCEPTION: throw unsafe closing(reply.reply)
        case AMQP_RESPONSE_LIBRARY_EXCEPTION: try check(unsafe reply.library_error, operation())
        default: break
        }
        spend()
        throw .connectionLost("no reply to \(operation())")
    }

    /// Refusals look different during login: the broker closes the connection, or simply goes away.
    func checkLogin(_ reply: amqp_rpc_reply_t) throws(BrokerError) {
        switch unsafe reply.reply_type {
        case AMQP_RESPONSE_NORMAL: return
        case AMQP_RESPONSE_SERVER_EXCEPTION: throw unsafe Self.duringLogin(closing(reply.reply))
        default: throw unsafe loginFault(reply.library_error)
        }
    }

    private func loginFault(_ status: Int32) -> BrokerError {
        switch status {
        case AMQP_STATUS_BROKER_UNSUPPORTED_SASL_METHOD.rawValue:
            let isExternal = configuration.authentication(for: endpoint) == .external
            return .accessRefused("the broker does not offer SASL \(isExternal ? "EXTERNAL" : "PLAIN")")
        // TLS 1.3 tells of a refused client certificate only after the handshake.
        case AMQP_STATUS_SSL_ERROR.rawValue where crmq_tls_reason() != 0:
            return Self.tlsFault(Int(crmq_tls_reason()))
        case AMQP_STATUS_TIMEOUT.rawValue:
            return .unreachable(host: endpoint.place, reason: "no AMQP answer within \(configuration.connectTimeout)")
        case AMQP_STATUS_SOCKET_ERROR.rawValue, AMQP_STATUS_CONNECTION_CLOSED.rawValue, AMQP_STATUS_SSL_ERROR.rawValue:
            let hint = endpoint.isSecure ? "" : "; does the port want amqps?"
            return .unreachable(host: endpoint.place, reason: "it hung up during the login\(hint)")
        default: return .unreachable(host: endpoint.place, reason: Self.statusText(status))
        }
    }

    static func duringLogin(_ error: BrokerError) -> BrokerError {
        guard case .connectionClosed(let code, let text) = error else { return error }
        switch code {
        case 403: return .loginRefused
        case 530 where text.contains("not found"): return .vhostMissing
        // "… connection limit (10) is reached": that passes.
        case 530 where text.contains("limit"): return error
        case 530: return .accessRefused(text)
        default: return error
        }
    }

    /// The error that a channel.close or connection.close carries.
    private func closing(_ method: amqp_method_t) -> BrokerError {
        guard let decoded = unsafe method.decoded else { return .connectionLost("closed without a reason") }
        return unsafe Self.closing(method.id, UnsafeRawPointer(decoded)) ?? .connectionLost("unexpected reply")
    }

    static func closing(_ method: UInt32, _ decoded: UnsafeRawPointer) -> BrokerError? {
        if method == crmq_connection_close {
            let close = unsafe decoded.assumingMemoryBound(to: amqp_connection_close_t.self).pointee
            return unsafe .connectionClosed(code: close.reply_code, close.reply_text.text)
        }
        guard method == crmq_channel_close else { return nil }
        let close = unsafe decoded.assumingMemoryBound(to: amqp_channel_close_t.self).pointee
        return unsafe BrokerError(channelCode: close.reply_code, text: close.reply_text.text)
    }
}

extension BrokerError {
    /// What the broker means by closing a channel.
    init(channelCode code: UInt16, text: String) {
        // "NOT_FOUND - no queue 'x' in vhost '/'": the name repeats the code.
        let sentence = text.split(separator: " - ", maxSplits: 1).last.map(String.init) ?? text
        self =
            switch code {
            case 403: .accessRefused(sentence)
            case 404: .notFound(sentence)
            // "delivery acknowledgement on channel 1 timed out …": nothing is wrong with the queue.
            case 406 where text.contains("delivery acknowledgement"): .channelClosed(code: code, sentence)
            case 406: .preconditionFailed(sentence)
            default: .channelClosed(code: code, text)
            }
    }
}

extension amqp_bytes_t {
    /// A copy of the bytes as text, repaired where they are no UTF-8.
    var text: String { unsafe String(decoding: UnsafeRawBufferPointer(start: bytes, count: len), as: UTF8.self) }
}
