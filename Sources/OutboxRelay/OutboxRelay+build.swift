internal import Fleet

/// Assembles the relay from its settings; tests build the same one.
func buildOutboxRelay(_ configuration: Configuration) async throws(ProgramError) -> PublisherProcess {
    let logger = ProgramLauncher.logger("outbox-relay", configuration)
    let database = try await OutboxDatabase.open(try configuration.outboxPath())
    let service = RelayService(database: database, settings: configuration.relay, logger: logger)
    return PublisherProcess(name: "outbox-relay", configuration: configuration, work: service, logger: logger)
}

extension Configuration {
    /// The store's database.
    func outboxPath() throws(ProgramError) -> String {
        guard let path = relay.database else {
            throw ProgramError(
                code: "outbox.no-database", sentence: "No database is named whose outbox is to be published.",
                remedy:
                    "Set `relay.database` in the file, or STEVEDORE_RELAY_DATABASE, to the store's SQLite database.",
                exit: .configuration)
        }
        return path
    }
}
