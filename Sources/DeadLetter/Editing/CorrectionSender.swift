internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ

/// Does at once what would happen by itself later: the outbox's message goes to its flow, and the letter off its queue.
///
/// What fails here is said and is no failure of the edit: any worker publishes the message, and the next replay takes
/// the letter off.
struct CorrectionSender: Sendable {
    let configuration: Configuration
    let ledger: Ledger
    /// Who may publish the message for now.
    let holder: String

    /// Publishes what these rows of the outbox say; nil once the broker has the message for the flow, else why not. A
    /// copy that it does not take stays there for the workers.
    func send(_ message: CorrectedMessage, _ rows: CorrectionRows) async -> String? {
        let reasons = await publish(message.outgoing(rows, at: .now()))
        let reason = reasons.isEmpty ? "" : reasons[0]
        if reason == nil { FaultPoint.afterOutboxConfirm.pass(message.subject) }
        let confirmed = zip(rows.sequences, reasons).filter { $1 == nil }.map { $0.0 }
        do {
            try await ledger.write { [holder] transaction in
                try transaction.markPublished(confirmed)
                guard reason != nil else { return }
                try transaction.releaseOutbox([rows.flow], holder: holder, retryAt: Timestamp.now().microseconds)
            }
        } catch {
            // That does no harm: it has the same id.
            remark("a worker publishes it once more: \(ProgramError(ledger: error).sentence)")
        }
        return reason
    }

    /// Why the broker has not taken each; nil where it has.
    private func publish(_ messages: [OutgoingMessage]) async -> [String?] {
        do throws(ProgramError) {
            // Connects first for the sentence why not: a publisher would wait for an absent broker.
            try await BrokerDesk.withAdmin(configuration, "dead-letter") { _ throws(BrokerError) in }
            let publisher = try await BrokerDesk.publisher(
                try BrokerDesk.configuration(configuration, "dead-letter-publish"))
            let outcomes = await publisher.publish(messages, timeout: .seconds(10))
            await publisher.close()
            return outcomes.map { $0 == .confirmed ? nil : $0.reason }
        } catch {
            return messages.map { _ in error.sentence }
        }
    }

    /// Takes the letter off its queue; nil when that is done, else why not.
    func takeOff(_ letter: Letter) async -> String? {
        do throws(ProgramError) {
            let isFound = try await BrokerDesk.withAdmin(configuration, "dead-letter") { admin throws(BrokerError) in
                guard let queue = try await LetterQueue(letter.source, admin: admin) else { return false }
                let isFound = try await Self.acknowledge(letter, in: queue)
                try await queue.giveBack()
                return isFound
            }
            return isFound ? nil : "another `dead-letter` command may look at it just now."
        } catch {
            return error.sentence
        }
    }

    private static func acknowledge(_ letter: Letter, in queue: LetterQueue) async throws(BrokerError) -> Bool {
        while let next = try await queue.next() {
            guard next.mark == letter.mark else { continue }
            try await queue.acknowledge([next])
            return true
        }
        return false
    }
}
