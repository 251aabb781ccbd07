import Synchronization

/// Sends HTTP/1.1 requests over a pool of kept-alive connections.
///
/// One client owns one thread; calls from any task are handed to it. Every call ends by its own time-out, and at once
/// when its task is cancelled. Nothing is retried and no redirect is followed: what may be repeated is the caller's
/// to decide. (libcurl itself repeats a *body-less* request whose kept-alive connection turned out to be dead.)
public final class HTTPClient: Sendable {
    /// What all requests of a client share.
    public struct Configuration: Hashable, Sendable {
        /// More calls than this to one host wait for a free connection, within their time-out.
        public var maxConnectionsPerHost: Int
        /// A connection unused for longer is not used again.
        public var idleTimeout: Duration
        /// PEM certificates to trust instead of the system's.
        public var caFile: String?
        /// PEM client certificate for mutual TLS.
        public var clientCertificateFile: String?
        /// Its PEM key.
        public var clientKeyFile: String?
        /// `http://host:port`; nil goes straight to the host, whatever the environment says.
        public var proxy: String?
        /// The `User-Agent` field.
        public var userAgent: String

        /// Verified TLS, no proxy, 64 connections per host.
        public init(
            maxConnectionsPerHost: Int = 64,
            idleTimeout: Duration = .seconds(60),
            caFile: String? = nil,
            clientCertificateFile: String? = nil,
            clientKeyFile: String? = nil,
            proxy: String? = nil,
            userAgent: String = "stevedore"
        ) {
            self.maxConnectionsPerHost = maxConnectionsPerHost
            self.idleTimeout = idleTimeout
            self.caFile = caFile
            self.clientCertificateFile = clientCertificateFile
            self.clientKeyFile = clientKeyFile
            self.proxy = proxy
            self.userAgent = userAgent
        }
    }

    private let loop: TransferLoop

    /// Starts the client's thread.
    public init(_ configuration: Configuration = Configuration()) throws(HTTPError) {
        loop = try TransferLoop.start(configuration)
    }

    deinit {
        loop.stop()
    }

    /// Sends a request and returns the whole answer, whatever its status.
    public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        if let fault = request.fault { throw .invalidRequest(fault) }
        let ticket = TransferTicket()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                loop.submit(.start(ticket, request, continuation))
            }
        } onCancel: {
            ticket.cancel()
            loop.submit(.cancel(ticket))
        }
        return try result.get()
    }

    /// Ends what is in flight with ``HTTPError/cancelled(mayHaveBeenReceived:)`` and the client's thread.
    public func close() async {
        await withCheckedContinuation { loop.stop($0) }
    }
}
