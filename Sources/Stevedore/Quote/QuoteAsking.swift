internal import Fleet
internal import Models
internal import RabbitMQ

/// Asks one question over the broker, as a store does, and says what came of it.
struct QuoteAsking {
    let question: QuoteRequest
    let patience: QuotePatience
    let configuration: Configuration

    private static let program = "stevedore quote"

    /// What was answered: figures, or what was not understood.
    /// - Throws: ``ProgramError`` when nothing was answered, or nothing that can be read.
    func ask() async throws(ProgramError) -> QuoteFinding {
        let consumers = try await consumers()
        let requester = try await requester()
        let start = ContinuousClock.now
        let outcome = await requester.ask(message, within: patience.duration)
        let took = start.duration(to: .now)
        await requester.close()
        switch outcome {
        case .answered(let delivery):
            return QuoteFinding(question: question, reply: try QuoteReply(delivery, to: question), took: took)
        case .unanswered: throw .unansweredQuote(after: patience, consumers: consumers)
        case .returned: throw .unroutedQuote
        case .refused: throw .crowdedQuotes
        case .failed(let error): throw ProgramError(error)
        }
    }

    /// Neither of them outlives a restart of the broker: nobody would wait for it.
    private var message: OutgoingMessage {
        let type = Catalogue.quoteRequested
        let envelope = Envelope(for: question, as: type, source: FleetTopology.source, time: .now())
        return OutgoingMessage(
            exchange: FleetTopology.exchange, routingKey: type.name,
            properties: MessageProperties(
                contentType: IncomingMessage.structured, deliveryMode: 1, correlationID: question.id,
                messageID: envelope.id, type: type.name),
            body: MessageWriter().write(envelope, question))
    }

    private func requester() async throws(ProgramError) -> Requester {
        let broker = try BrokerDesk.configuration(configuration, Self.program)
        do throws(BrokerError) {
            let requester = try Requester(configuration: broker)
            try await requester.start()
            return requester
        } catch {
            throw ProgramError(error)
        }
    }

    /// How many programs answer questions, so that silence can be explained; nil where this user may not look, or there
    /// is no such queue. An absent broker is found here at once.
    private func consumers() async throws(ProgramError) -> Int? {
        try await BrokerDesk.withAdmin(configuration, Self.program) { (admin) throws(BrokerError) -> Int? in
            do throws(BrokerError) {
                return try await admin.status(ofQueue: Catalogue.quoteRequested.queue)?.consumerCount
            } catch {
                guard case .accessRefused = error else { throw error }
                return nil
            }
        }
    }
}

extension ProgramError {
    fileprivate static func unansweredQuote(after patience: QuotePatience, consumers: Int?) -> ProgramError {
        let isNobodyThere = consumers == 0
        let reason = isNobodyThere ? ": no quotes-worker is there" : ""
        return ProgramError(
            code: "quote.unanswered", sentence: "No answer came within \(patience)\(reason).",
            remedy: isNobodyThere
                ? "Start a quotes-worker, or `stevedore up`."
                : "Look at the log and the health page of quotes-worker, and at `stevedore topology check`.",
            exit: .unavailable)
    }

    fileprivate static var unroutedQuote: ProgramError {
        ProgramError(
            code: "quote.unrouted", sentence: "No queue takes questions.",
            remedy: "Run `stevedore topology apply`, which creates what is missing.", exit: .configuration)
    }

    fileprivate static var crowdedQuotes: ProgramError {
        ProgramError(
            code: "quote.crowded", sentence: "The broker takes no more questions: too many wait for an answer.",
            remedy: "Start another quotes-worker, or see why those that run do not keep up.", exit: .unavailable)
    }
}
