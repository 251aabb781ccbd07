internal import Logging
internal import RabbitMQ
internal import Synchronization

/// Whether a connection is up, for the health page; what changes goes into the log once.
final class LinkState: Sendable {
    private struct State {
        var isUp = false
        var detail = "connecting"
    }

    private let name: String
    private let logger: Logger
    private let state = Mutex(State())

    init(name: String, logger: Logger) {
        self.name = name
        self.logger = logger
    }

    var isUp: Bool { state.withLock { $0.isUp } }

    var detail: String { state.withLock { $0.detail } }

    @Sendable func observe(_ event: BrokerEvent) {
        switch event {
        case .connected(let server, let host): set(true, "\(server) at \(host)")
        case .unblocked: set(true, "the broker takes messages again")
        case .lost(let error, _), .gaveUp(let error): set(false, error.sentence)
        case .blocked(let reason): set(false, "the broker takes no messages: \(reason)")
        case .consumerCancelled: set(false, "the broker cancelled the consumer; is the queue gone?")
        case .channelReopened(let error): logger.debug("channel opened anew", metadata: ["reason": "\(error.sentence)"])
        case .channelRenewed, .refusedOversized: break
        }
    }

    func set(_ isUp: Bool, _ detail: String) {
        let isNews = state.withLock { state in
            defer { state = State(isUp: isUp, detail: detail) }
            return state.isUp != isUp || state.detail != detail
        }
        guard isNews else { return }
        logger.log(
            level: isUp ? .info : .warning, isUp ? "broker connected" : "broker not at hand",
            metadata: ["connection": "\(name)", "detail": "\(detail)"])
    }
}
