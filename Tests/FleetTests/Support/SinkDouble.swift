import RabbitMQ
import Synchronization

@testable import Fleet

/// A publisher's double: remembers what was published and answers as the test says, confirming unless told otherwise.
final class SinkDouble: MessageSink {
    private struct State {
        var published: [OutgoingMessage] = []
        var answers: [PublishOutcome]
    }

    private let state: Mutex<State>
    private let firstPublish = Latch<Void>()
    private let start: Latch<Void>?

    /// `answers` are given to the first messages, in order; none before `start` is open.
    init(answers: [PublishOutcome] = [], confirmingAfter start: Latch<Void>? = nil) {
        state = Mutex(State(answers: answers))
        self.start = start
    }

    /// One that a broker takes nothing from.
    static var nacking: SinkDouble { SinkDouble(answers: Array(repeating: .nacked, count: 100_000)) }

    var published: [OutgoingMessage] { state.withLock { $0.published } }

    /// Returns once something has been published.
    func waitForPublish() async { await firstPublish.wait() }

    func publish(_ messages: [OutgoingMessage], timeout: Duration) async -> [PublishOutcome] {
        let outcomes = state.withLock { state in
            state.published += messages
            return messages.map { _ in state.answers.isEmpty ? .confirmed : state.answers.removeFirst() }
        }
        firstPublish.open()
        await start?.wait()
        return outcomes
    }
}
