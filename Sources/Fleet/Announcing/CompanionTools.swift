internal import Ledger
internal import Logging
internal import Models
internal import RabbitMQ

/// What a service beside the flows works with.
public struct CompanionTools: Sendable {
    /// The process's name in leases.
    public let holder: String
    let ledger: Ledger
    let publisher: any MessageSink
    let outboxWake: WakeSignal
    let logger: Logger
    /// Whether the broker is there to be published to, as far as this process knows.
    public var isBrokerThere: @Sendable () -> Bool = { true }

    /// Publishes, and returns when the broker has confirmed every message; one that it will never take is set aside, like
    /// one of the outbox. A message may be there twice when a confirm was lost.
    /// - Throws: `CancellationError` when the process ends first, and what the ledger throws.
    ///
    /// `isRestated` has what the store knows already written again.
    public func announce(
        _ announcements: [Announcement], isRestated: Bool = false, onDelay: (String) async -> Void = { _ in }
    ) async throws {
        var waiting = announcements.map { announcement in
            var message = OutboxMessage(announcement)
            if isRestated { message.headers[MessageHeader.restated] = "true" }
            return message
        }
        var delay = Duration.milliseconds(100)
        while !waiting.isEmpty {
            let outcomes = await publisher.publish(waiting.map(OutgoingMessage.init), timeout: .seconds(10))
            let pairs = Array(zip(waiting, outcomes))
            for (message, outcome) in pairs {
                if let refusal = outcome.refusal { try await setAside(message, refusal) }
            }
            let rest = pairs.filter { $0.1 != .confirmed && $0.1.refusal == nil }
            waiting = rest.map(\.0)
            guard let reason = rest.first?.1.reason else { return }
            await onDelay(reason)
            logger.warning("publish again", metadata: ["messages": "\(rest.count)", "reason": "\(reason)"])
            try await Task.sleep(for: delay)
            delay = min(delay * 2, .seconds(5))
        }
    }

    private func setAside(_ message: OutboxMessage, _ reason: String) async throws {
        // No row of the outbox has this number.
        let row = LeasedOutboxMessage(
            sequence: -1, attempts: 1, enqueuedAt: Timestamp.now().microseconds, message: message)
        let refused = RefusedRow(row, reason: reason, holder)
        try await ledger.write { try refused.setAside(in: $0) }
        refused.report(to: logger)
    }

    /// Something was put into the outbox.
    public func wakeOutbox() { outboxWake.set() }
}
