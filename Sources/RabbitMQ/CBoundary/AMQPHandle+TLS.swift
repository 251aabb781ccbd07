import CRabbitMQ
import Glibc

extension AMQPHandle {
    /// A TLS socket that verifies certificate and host name; files are checked first, because librabbitmq's own
    /// answer does not say which one is wrong.
    func secureSocket() throws(BrokerError) -> OpaquePointer? {
        let tls = configuration.tls
        for (file, what) in [
            (Optional(tls.authorityFile), "authority"), (tls.certificateFile, "certificate"), (tls.keyFile, "key"),
        ] {
            if let file, unsafe access(file, R_OK) != 0 {
                throw .tls(reason: "the \(what) file \(file) cannot be read (\(Self.systemText(errno)))")
            }
        }
        guard let socket = unsafe amqp_ssl_socket_new(state) else { return nil }
        guard unsafe amqp_ssl_socket_set_cacert(socket, tls.authorityFile) == AMQP_STATUS_OK.rawValue else {
            throw .tls(reason: "\(tls.authorityFile) is no PEM file of certificates")
        }
        if let certificate = tls.certificateFile, let key = tls.keyFile {
            // Without any password OpenSSL would ask for that of an encrypted key on the terminal, and wait.
            unsafe amqp_ssl_socket_set_key_passwd(socket, "")
            guard unsafe amqp_ssl_socket_set_key(socket, certificate, key) == AMQP_STATUS_OK.rawValue else {
                throw .tls(
                    reason: "\(certificate) and \(key) are no PEM certificate and unencrypted key that belong together")
            }
        }
        unsafe amqp_ssl_socket_set_verify_peer(socket, 1)
        unsafe amqp_ssl_socket_set_verify_hostname(socket, 1)
        let status = unsafe amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST)
        guard status == AMQP_STATUS_OK.rawValue else { throw .tls(reason: "TLS 1.2 is not available") }
        return unsafe socket
    }

    /// What a status of amqp_socket_open means.
    func openingFault(_ status: Int32, systemError: Int32) -> BrokerError? {
        switch status {
        case AMQP_STATUS_OK.rawValue: return nil
        case AMQP_STATUS_SSL_HOSTNAME_VERIFY_FAILED.rawValue:
            let hint = endpoint.hasAddress ? "; write a host name of the certificate instead of the address" : ""
            return .tls(reason: "the server's certificate is not for the host \(endpoint.host)\(hint)")
        case AMQP_STATUS_SSL_PEER_VERIFY_FAILED.rawValue:
            return .tls(reason: "the server's certificate is not trusted or not valid today")
        case AMQP_STATUS_SSL_CONNECTION_FAILED.rawValue:
            let reason = Int(crmq_tls_reason())
            guard reason != 0 else {
                return .unreachable(host: endpoint.place, reason: "it hung up during the TLS handshake")
            }
            return Self.tlsFault(reason)
        case AMQP_STATUS_SSL_ERROR.rawValue: return .tls(reason: Self.statusText(status))
        case AMQP_STATUS_TIMEOUT.rawValue:
            return .unreachable(host: endpoint.place, reason: "no answer within \(configuration.connectTimeout)")
        case AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED.rawValue:
            return .unreachable(host: endpoint.place, reason: "the host name is not known")
        // librabbitmq asks the socket for the real reason and keeps it to itself; errno then still says "in progress".
        case AMQP_STATUS_SOCKET_ERROR.rawValue where systemError == EINPROGRESS || systemError == 0:
            return .unreachable(host: endpoint.place, reason: "the connection was refused")
        case AMQP_STATUS_SOCKET_ERROR.rawValue:
            return .unreachable(host: endpoint.place, reason: Self.systemText(systemError))
        default: return .unreachable(host: endpoint.place, reason: Self.statusText(status))
        }
    }

    /// What OpenSSL's reason means; the peer's alerts are those above 1000.
    static func tlsFault(_ reason: Int) -> BrokerError {
        switch reason - 1000 {
        case 42...46, 48, 49, 51: .tls(reason: "the broker refuses the client certificate (TLS alert \(reason - 1000))")
        case 116: .tls(reason: "the broker wants a client certificate (TLS alert 116)")
        case 0...255:
            .tls(
                reason:
                    "the broker ended the handshake with TLS alert \(reason - 1000): a common TLS version is missing (1.2 or later), or a client certificate"
            )
        default: .tls(reason: "the handshake failed: no TLS port, or no common TLS version (1.2 or later)")
        }
    }

    static func statusText(_ status: Int32) -> String {
        guard let text = unsafe amqp_error_string2(status) else { return "status \(status)" }
        return unsafe String(cString: text)
    }

    static func systemText(_ number: Int32) -> String {
        guard let text = unsafe strerror(number) else { return "error \(number)" }
        return unsafe String(cString: text)
    }
}
