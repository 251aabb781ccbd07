internal import Fleet
internal import Logging

/// Relays one outbox as soon as no other process does.
struct RelayService: PublisherWork {
    /// How often it is looked whether the other one is gone.
    private static let patience = Duration.milliseconds(200)
    /// What one that has lost its lock has for noticing that, and for what it has on its way.
    private static let grace = Duration.seconds(1)

    private let database: OutboxDatabase
    private let settings: RelaySettings
    private let logger: Logger
    private let pulse = RelayPulse()

    init(database: OutboxDatabase, settings: RelaySettings, logger: Logger) {
        self.database = database
        self.settings = settings
        self.logger = logger
    }

    func run(_ road: PublishingRoad) async throws(ProgramError) {
        do throws(ProgramError) {
            if let lock = try await standBy(road.holder) { try await relay(road, lock) }
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    private func relay(_ road: PublishingRoad, _ lock: RelayLock) async throws(ProgramError) {
        pulse.relays()
        logger.notice("relaying", metadata: ["database": "\(database.path)"])
        try await RelayRun(
            database: database, road: road, settings: settings, pulse: pulse, lock: lock, logger: logger
        ).run()
    }

    /// Nil when it was stopped before its turn came.
    private func standBy(_ holder: String) async throws(ProgramError) -> RelayLock? {
        var isTold = false
        while !pulse.isStopping, !Task.isCancelled {
            if let lock = try RelayLock.take(for: database.path, holder: holder) {
                if !lock.isNew { return lock }
                try? await Task.sleep(for: Self.grace)
                if lock.isHeld { return pulse.isStopping ? nil : lock }
                continue
            }
            if !isTold {
                let other = RelayLock.holder(of: database.path) ?? "another process"
                pulse.standsBy(behind: other)
                logger.notice("standing by", metadata: ["database": "\(database.path)", "holder": "\(other)"])
                isTold = true
            }
            try? await Task.sleep(for: Self.patience)
        }
        return nil
    }

    func stop() { pulse.stop() }

    func check() async -> HealthCheck { pulse.check }

    func samples() async -> [String: [String]] {
        var samples = pulse.totals.mapValues { [" \($0)"] }
        // Left out, not zero, while the database does not say.
        guard let counts = try? await database.counts() else { return samples }
        samples["stevedore_relay_rows_waiting"] = [" \(counts.waiting)"]
        samples["stevedore_relay_rows_refused"] = [" \(counts.refused)"]
        samples["stevedore_relay_oldest_age_seconds"] = [" \(counts.oldestAge)"]
        return samples
    }
}
