private import Glibc

/// How much longer than on a quiet machine things may take here; 1 unless the environment says more.
private let patience: Double =
    getenv("STEVEDORE_TEST_PATIENCE").flatMap { Double(String(cString: $0)) }.map {
        max($0, 1)
    } ?? 1

/// Asks again and again until the condition holds, and throws ``TestingError/timedOut(_:)`` when it does not in time.
///
/// For what sends no signal of its own: a queue's depth, another process. The pause between two questions starts small
/// and grows, so a quick answer costs nothing and a slow one does not load the machine.
///
/// - Parameters:
///   - limit: How long to ask, on the monotonic clock. `STEVEDORE_TEST_PATIENCE` multiplies it, for a machine with much
///     else to do.
///   - what: What is waited for; it becomes the error's text.
///   - condition: An error thrown here is taken for "not yet" and told when time is up.
public func eventually(
    within limit: Duration = .seconds(30), _ what: @autoclosure () -> String = "the condition",
    isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
    _ = try await eventually(within: limit, what(), isolation: isolation) { try await condition() ? true : nil }
}

/// As the other `eventually`, for a value that appears: returns the first that is not nil.
public func eventually<Value>(
    within limit: Duration = .seconds(30), _ what: @autoclosure () -> String = "a value",
    isolation: isolated (any Actor)? = #isolation, value: () async throws -> Value?
) async throws -> Value {
    let clock = ContinuousClock()
    let limit = limit * patience
    let deadline = clock.now.advanced(by: limit)
    var pause = Duration.milliseconds(1)
    var lastError: (any Error)?
    while true {
        do {
            if let found = try await value() { return found }
            lastError = nil
        } catch let cancelled as CancellationError {
            throw cancelled
        } catch {
            lastError = error
        }
        guard clock.now < deadline else {
            throw TestingError.timedOut("\(what()) within \(limit)" + (lastError.map { "; last: \($0)" } ?? ""))
        }
        try await Task.sleep(for: pause)
        pause = min(pause * 2, .milliseconds(50))
    }
}
