package import RabbitMQ

/// How a command gets to the broker: at once, or with a sentence why not. A worker waits for an absent broker; a person
/// at a terminal wants to know.
package enum BrokerDesk {
    /// The broker settings of a command.
    package static func configuration(
        _ configuration: Configuration, _ program: String
    ) throws(ProgramError) -> BrokerConfiguration {
        do throws(BrokerError) {
            return try BrokerConfiguration(configuration, connectionName: WorkerName.make(program: program))
        } catch {
            throw ProgramError(error)
        }
    }

    /// A connection for administration, made when it is first used.
    package static func admin(_ broker: BrokerConfiguration) throws(ProgramError) -> BrokerAdmin {
        do throws(BrokerError) { return try BrokerAdmin(configuration: broker) } catch { throw ProgramError(error) }
    }

    /// A connection to publish over, once the broker is there.
    package static func publisher(_ broker: BrokerConfiguration) async throws(ProgramError) -> Publisher {
        do throws(BrokerError) {
            let publisher = try Publisher(configuration: broker)
            try await publisher.start()
            return publisher
        } catch {
            throw ProgramError(error)
        }
    }

    /// Runs `work` with a connection for administration, and closes it.
    package static func withAdmin<Value: Sendable>(
        _ configuration: Configuration, _ program: String,
        _ work: (BrokerAdmin) async throws(BrokerError) -> Value
    ) async throws(ProgramError) -> Value {
        let admin = try admin(try Self.configuration(configuration, program))
        do throws(BrokerError) {
            try await admin.connect()
            let value = try await work(admin)
            await admin.close()
            return value
        } catch {
            await admin.close()
            throw ProgramError(error)
        }
    }
}
