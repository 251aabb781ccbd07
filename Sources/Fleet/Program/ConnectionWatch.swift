internal import Logging
internal import RabbitMQ
internal import Synchronization

/// Follows what one connection says, for the log, the health page and the gauges.
final class ConnectionWatch: Sendable {
    private struct State {
        var isConnected = false
        var isBlocked = false
        var detail = "connecting"
        var lastLoss: String?
    }

    private let state = Mutex(State())
    private let name: String
    private let logger: Logger
    private let metrics: (any ConnectionMetrics)?

    init(name: String, logger: Logger, metrics: (any ConnectionMetrics)? = nil) {
        self.name = name
        self.logger = logger
        self.metrics = metrics
    }

    var isConnected: Bool { state.withLock { $0.isConnected } }
    var isBlocked: Bool { state.withLock { $0.isBlocked } }
    var detail: String { state.withLock { $0.detail } }

    @Sendable func observe(_ event: BrokerEvent) {
        switch event {
        case .connected(let server, let host): connected("\(server) at \(host)")
        case .lost(let error, let delay): lost(error, delay)
        case .blocked(let reason): blocked(reason)
        case .unblocked: connected("the broker takes messages again")
        case .consumerCancelled: note("the broker cancelled the consumer; is the queue gone?", isUp: false)
        case .channelReopened(let error): note("channel opened anew: \(error.sentence)", isUp: true)
        case .channelRenewed:
            logger.warning(
                "channel opened anew",
                metadata: [
                    "connection": "\(name)",
                    "reason": "the broker has refused every message to a queue for a while; is it full?",
                ])
        case .refusedOversized(let size, let limit):
            logger.warning(
                "message refused: too large for a worker, it is among the dead letters",
                metadata: ["connection": "\(name)", "bytes": "\(size)", "limit": "\(limit)"])
        case .gaveUp(let error): note(error.sentence, isUp: false)
        }
        metrics?.note(isConnected: isConnected, isBlocked: isBlocked)
    }

    private func connected(_ detail: String) {
        state.withLock { $0 = State(isConnected: true, detail: detail) }
        logger.info("broker connected", metadata: ["connection": "\(name)", "detail": "\(detail)"])
    }

    /// The same loss is logged once, not at every attempt.
    private func lost(_ error: BrokerError, _ delay: Duration) {
        metrics?.noteLoss()
        let isNews = state.withLock { state in
            let isNews = state.lastLoss != error.sentence
            state = State(detail: error.sentence, lastLoss: error.sentence)
            return isNews
        }
        let level: Logger.Level = isNews ? .warning : .debug
        logger.log(
            level: level, "broker lost",
            metadata: ["connection": "\(name)", "reason": "\(error.sentence)", "retry": "\(delay)"])
    }

    private func blocked(_ reason: String) {
        state.withLock { state in
            state.isBlocked = true
            state.detail = "the broker takes no messages: \(reason)"
        }
        logger.warning("broker blocked", metadata: ["connection": "\(name)", "reason": "\(reason)"])
    }

    private func note(_ detail: String, isUp: Bool) {
        state.withLock { state in
            state.isConnected = isUp
            state.detail = detail
        }
        logger.warning("broker", metadata: ["connection": "\(name)", "detail": "\(detail)"])
    }
}
