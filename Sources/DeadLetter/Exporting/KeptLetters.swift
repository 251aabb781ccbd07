internal import Fleet
internal import Ledger
internal import Models
internal import RabbitMQ

/// Letters as the ledger keeps them: also those that lie in no queue any more.
struct KeptLetters {
    let configuration: Configuration
    /// So many bodies are in memory at once.
    var page = 25

    /// One of them; without a letter when its body is not kept, or when no queue of a flow would hold it.
    struct Kept: Sendable {
        let record: DeadLetterRecord
        let letter: Letter?
    }

    /// Hands out those in a state, in the order in which they were first recorded, while `body` wants more.
    func each(
        _ state: DeadLetterState, _ body: (Kept) throws(ProgramError) -> Bool
    ) async throws(ProgramError) {
        guard LedgerFile.exists(configuration) else { throw Self.noLedger(configuration.ledgerPath) }
        let ledger: Ledger
        do throws(LedgerError) {
            ledger = try Ledger.openReadOnly(path: configuration.ledgerPath)
        } catch {
            throw ProgramError(error)
        }
        do throws(ProgramError) {
            try await read(ledger, state, body)
        } catch {
            await ledger.close()
            throw error
        }
        await ledger.close()
    }

    private func read(
        _ ledger: Ledger, _ state: DeadLetterState, _ body: (Kept) throws(ProgramError) -> Bool
    ) async throws(ProgramError) {
        var number: Int64 = 0
        while true {
            let found = try await next(ledger, state, behind: number)
            for kept in found.letters { guard try body(kept) else { return } }
            guard let last = found.last else { return }
            number = last
        }
    }

    private func next(
        _ ledger: Ledger, _ state: DeadLetterState, behind number: Int64
    ) async throws(ProgramError) -> (letters: [Kept], last: Int64?) {
        let page = page
        do {
            return try await ledger.read { snapshot in
                let found = try snapshot.deadLetters(behind: number, state: state, limit: page)
                let letters = try found.map { Kept(record: $0.record, letter: try snapshot.keptLetter($0.record)) }
                return (letters, found.last?.number)
            }
        } catch {
            throw ProgramError(ledger: error)
        }
    }

    private static func noLedger(_ path: String) -> ProgramError {
        ProgramError(
            code: "dead-letter.no-ledger", sentence: "There is no ledger at \(path), which alone keeps such letters.",
            remedy:
                "Run this where the workers run, or set ledger.path. What lies in the queues is exported without it.",
            exit: .configuration)
    }
}

extension LedgerSnapshot {
    fileprivate func keptLetter(_ record: DeadLetterRecord) throws -> Letter? {
        guard FleetTopology.flows.contains(record.flow),
            let kept = try payload(id: record.payload ?? record.id)
        else { return nil }
        return Letter(record, kept)
    }
}

extension Letter {
    /// As it lay in its queue, as far as the ledger has it: the body byte for byte, headers that are text, and why it
    /// failed.
    convenience init(_ record: DeadLetterRecord, _ payload: StoredPayload) {
        var properties = payload.transport
        properties.headers[MessageHeader.attempt] = .int64(Int64(record.attempts))
        let texts: [(String, String?)] = [
            (MessageHeader.code, record.code), (MessageHeader.category, record.category),
            (MessageHeader.sentence, record.sentence), (MessageHeader.fingerprint, record.fingerprint),
            (MessageHeader.originQueue, record.flow), (MessageHeader.firstFailedAt, Self.time(record.firstFailedAt)),
            (MessageHeader.lastFailedAt, Self.time(record.lastFailedAt)),
        ]
        for case (let name, let text?) in texts { properties.headers[name] = .string(text) }
        let queue = FleetTopology.deadQueue(record.flow)
        let delivery = Delivery(
            tag: DeliveryTag(epoch: 0, value: 0), exchange: FleetTopology.deadExchange, routingKey: queue,
            properties: properties, body: payload.body)
        self.init(delivery, source: .dead(flow: record.flow), reader: MessageReader())
    }

    private static func time(_ microseconds: Int64) -> String? {
        microseconds > 0 ? Timestamp(microseconds: microseconds)?.description : nil
    }
}
