import Glibc
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// One listening address; keeps its port when it is closed and opened again.
struct Listener: Sendable {
    let host: String
    let port: Int
    /// Nil where nothing may close the port.
    let gate: Gate?

    /// Requests are told by the audit, not by a log.
    static let logger: Logger = {
        var logger = Logger(label: "erp-simulator")
        logger.logLevel = .critical
        return logger
    }()
}

/// Serves on a listener, from outage to outage.
struct ListenerService: Service {
    let listener: Listener
    let responder: RouterResponder<SimulatorContext>
    /// Told `http://host:port` whenever the port is open.
    let onOpen: @Sendable (String) -> Void

    /// How long a port that was closed on purpose is waited for when somebody else has it.
    private static let patience: Duration = .seconds(60)

    func run() async throws {
        let port = Mutex(listener.port)
        var deadline: ContinuousClock.Instant?
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            _ = await cancelWhenGracefulShutdown { await listener.gate?.untilUp() }
            // The wait also ends when the simulator is asked to stop, which is no reason to open the port.
            guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
            let outages = listener.gate?.outages
            do {
                try await serve(on: port.withLock { $0 }) { bound in port.withLock { $0 = bound } }
            } catch let error as IOError where error.errnoCode == EADDRINUSE && outages ?? 0 > 0 {
                // While the port was closed, any connection of this machine may have been given its number.
                let end = deadline ?? .now + Self.patience
                guard .now < end else { throw unusable(port.withLock { $0 }, "it was taken while it was closed") }
                deadline = end
                try await Task.sleep(for: .milliseconds(20))
            } catch let error as IOError {
                throw unusable(port.withLock { $0 }, String(cString: strerror(error.errnoCode)))
            } catch  where error is SocketAddressError || error is SocketAddressError.UnknownHost {
                throw unusable(port.withLock { $0 }, "there is no such host")
            } catch  where listener.gate?.outages != outages {
                // The port was closed on purpose, which the server takes for an accident.
                deadline = nil
            }
        }
    }

    private func unusable(_ port: Int, _ why: String) -> SimulatorError {
        .address("\(listener.host):\(port)", why)
    }

    private func serve(on port: Int, bound: @escaping @Sendable (Int) -> Void) async throws {
        let connections = listener.gate?.connections ?? Connections()
        let application = Application(
            responder: responder,
            server: .http1(configuration: .init(additionalChannelHandlers: [ReplyCutter(connections)])),
            configuration: .init(address: .hostname(listener.host, port: port), backlog: 1_024),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? port
                bound(port)
                listener.gate?.opened(channel)
                onOpen("http://\(listener.host):\(port)")
            },
            logger: Listener.logger)
        try await withTaskCancellationHandler {
            try await application.run()
        } onCancel: {
            connections.refuse()
        }
    }
}
