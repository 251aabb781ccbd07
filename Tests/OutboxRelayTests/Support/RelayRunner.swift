import Fleet
import FleetTesting
import Logging
import Testing

@testable import OutboxRelay

/// A relay at work inside the test, from a database to a double of the broker.
enum RelayRunner {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Relays while the body does whatever it does, then stops in order.
    static func relaying(
        _ path: String, to broker: BrokerDouble, limits: RelayLimits = RelayLimits(), retention: Duration? = nil,
        isolation: isolated (any Actor)? = #isolation, _ body: (RelayPulse) async throws -> Void
    ) async throws {
        var settings = RelaySettings(database: path)
        settings.interval = .milliseconds(10)
        settings.retention = retention ?? settings.retention
        let pulse = RelayPulse()
        pulse.relays()
        let database = try await OutboxDatabase.open(path)
        let run = RelayRun(
            database: database, road: broker.road, settings: settings, limits: limits, pulse: pulse, logger: quiet)
        let running = Task { await Self.failure(of: run) }
        var thrown: (any Error)?
        do { try await body(pulse) } catch { thrown = error }
        pulse.stop()
        let failure = await running.value
        await database.close()
        if let thrown { throw thrown }
        #expect(failure == nil)
    }

    /// Why it ended; nil when it was stopped.
    static func failure(of run: RelayRun) async -> ProgramError? {
        do throws(ProgramError) {
            try await run.run()
            return nil
        } catch {
            return error
        }
    }
}
