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

    /// Publishes the message that has this number in the outbox; nil once the broker has it, else why not.
    func send(_ message: CorrectedMessage, _ sequence: Int64) async -> String? {
        let reason = await publish(message)
        if reason == nil { FaultPoint.afterOutboxConfirm.pass(message.subject) }
        do {
            try await ledger.write { [holder] transaction in
                if reason == nil { return try transaction.markPublished([sequence]) }
                try transaction.releaseOutbox([sequence], holder: holder, retryAt: Timestamp.now().microseconds)
            }
        } catch {
            // That does no harm: it has the same id.
            remark("a worker publishes it once more: \(ProgramError(ledger: error).sentence)")
        }
        return reason
    }

    private func publish(_ message: CorrectedMessage) async -> String? {
        do throws(ProgramError) {
            // Connects first for the sentence why not: a publisher would wait for an absent broker.
            try await BrokerDesk.withAdmin(configuration, "dead-letter") { _ throws(BrokerError) in }
            let publisher = try await BrokerDesk.publisher(
                try BrokerDesk.configuration(configuration, "dead-letter-publish"))
            let outcome = await publisher.publish([message.outgoing(at: .now())], timeout: .seconds(10)).first
            await publisher.close()
            return outcome == .confirmed ? nil : outcome?.reason ?? ""
        } catch {
            return error.sentence
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
