import Synchronization

/// One attempt to connect, log in and set up, on a thread of its own: a name server or broker that hangs then
/// delays nobody, because the actor's thread goes on serving its calls.
final class ConnectionAttempt: Sendable {
    typealias Setup = @Sendable (AMQPHandle) throws(BrokerError) -> Void

    /// Proof: the handle is made by the attempt's thread, which does not touch it after storing it here, and
    /// `take` hands it out once. A librabbitmq connection is not bound to a thread; it only must not be shared.
    private struct Finished: @unchecked Sendable {
        let result: Result<AMQPHandle, BrokerError>
    }

    private let finished = Mutex<Finished?>(nil)

    init(
        _ endpoint: BrokerURL, _ configuration: BrokerConfiguration, waking thread: ConnectionThread,
        setup: @escaping Setup
    ) {
        let isRunning = ConnectionThread.spawn(name: "amqp-connect") {
            let result = Finished(result: Self.connect(endpoint, configuration, setup))
            self.finished.withLock { $0 = result }
            thread.wake()
        }
        guard !isRunning else { return }
        let refused = BrokerError.unreachable(host: endpoint.place, reason: "the system refuses another thread")
        finished.withLock { $0 = Finished(result: .failure(refused)) }
        thread.wake()
    }

    private static func connect(
        _ endpoint: BrokerURL, _ configuration: BrokerConfiguration, _ setup: Setup
    ) -> Result<AMQPHandle, BrokerError> {
        do throws(BrokerError) {
            let handle = try AMQPHandle(connecting: endpoint, configuration)
            do throws(BrokerError) { try handle.guarded { () throws(BrokerError) in try setup(handle) } } catch {
                handle.close()
                throw error
            }
            return .success(handle)
        } catch {
            return .failure(error)
        }
    }

    /// The result, once, when it is there.
    func take() -> Result<AMQPHandle, BrokerError>? {
        finished.withLock { finished -> Finished? in
            defer { finished = nil }
            return finished
        }?.result
    }
}
