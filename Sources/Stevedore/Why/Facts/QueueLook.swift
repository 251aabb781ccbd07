internal import Fleet
internal import RabbitMQ

/// A short look at some queues: an answer from the ledger is worth having without the broker.
struct QueueLook: Sendable {
    let configuration: Configuration

    /// Never waits longer than this for one host.
    private static let patience = Duration.seconds(1)

    /// What the broker says of the queues, or why it does not.
    func look(at queues: Set<String>) async -> WhyBroker {
        guard !queues.isEmpty else { return .notAsked("nothing needed it") }
        do throws(BrokerError) {
            return .asked(try await statuses(queues))
        } catch {
            return .notAsked(error.sentence)
        }
    }

    private func statuses(_ queues: Set<String>) async throws(BrokerError) -> [String: WhyBroker.Queue] {
        let admin = try BrokerAdmin(configuration: try broker())
        do throws(BrokerError) {
            var statuses: [String: WhyBroker.Queue] = [:]
            for queue in queues.sorted() {
                guard let status = try await admin.status(ofQueue: queue) else { continue }
                statuses[queue] = WhyBroker.Queue(ready: status.messageCount, workers: status.consumerCount)
            }
            await admin.close()
            return statuses
        } catch {
            await admin.close()
            throw error
        }
    }

    private func broker() throws(BrokerError) -> BrokerConfiguration {
        try BrokerConfiguration(
            urls: configuration.amqpURLs,
            tls: TLSSettings(
                authorityFile: configuration.amqpCA, certificateFile: configuration.amqpCertificate,
                keyFile: configuration.amqpKey),
            connectionName: "stevedore-why", connectTimeout: Self.patience, operationTimeout: Self.patience)
    }
}
