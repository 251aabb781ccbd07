import RabbitMQ
import Synchronization

@testable import Fleet

/// A publisher's double: confirms everything but what a test holds back.
final class SinkDouble: MessageSink {
    /// A message that was told.
    struct Told: Hashable {
        var subject: String
        var revision: Int64
        /// Whether it is written again by who has it already.
        var isRestated: Bool
    }

    private struct State {
        var held: Set<String>
        var attempts: [String: Int] = [:]
        var confirmed: [Told] = []

        mutating func take(_ told: Told, answer: PublishOutcome) -> PublishOutcome {
            attempts[told.subject, default: 0] += 1
            guard !held.contains(told.subject) else { return answer }
            confirmed.append(told)
            return .confirmed
        }
    }

    private let state: Mutex<State>
    private let answer: PublishOutcome

    /// Messages on these subjects get this answer until ``confirmAll()``.
    init(holding subjects: Set<String> = [], _ answer: PublishOutcome = .nacked) {
        state = Mutex(State(held: subjects))
        self.answer = answer
    }

    /// What was confirmed, in order, as often as it was.
    var confirmed: [Told] { state.withLock { $0.confirmed } }

    /// How often a message on that subject was published, confirmed or not.
    func attempts(of subject: String) -> Int { state.withLock { $0.attempts[subject] ?? 0 } }

    /// Holds nothing back from now on.
    func confirmAll() { state.withLock { $0.held = [] } }

    func publish(_ messages: [OutgoingMessage], timeout: Duration) async -> [PublishOutcome] {
        state.withLock { state in
            var outcomes: [PublishOutcome] = []
            for message in messages { outcomes.append(state.take(Told(message), answer: answer)) }
            return outcomes
        }
    }
}

extension SinkDouble.Told {
    fileprivate init(_ message: OutgoingMessage) {
        let headers = message.properties.headers
        self.init(
            subject: headers["cloudEvents_subject"]?.text ?? "",
            revision: headers["cloudEvents_revision"]?.integer ?? 0,
            isRestated: headers[MessageHeader.restated]?.text == "true")
    }
}
