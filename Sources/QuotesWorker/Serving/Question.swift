internal import Fleet
internal import Models
internal import RabbitMQ

/// A question as it arrived: who asks, and until when an answer is of use.
struct Question: Sendable {
    let tag: DeliveryTag
    /// Where the answer goes; nil when nobody could have it.
    let replyTo: String?
    /// What the asker tells its answers by.
    let correlationID: String?
    let content: Result<Received, ContractError>
    let arrivedAt: ContinuousClock.Instant
    /// After this nobody waits for an answer.
    let deadline: ContinuousClock.Instant
    /// How long the message is.
    let size: Int

    /// `patience` is how long askers wait who do not say so.
    init(
        _ delivery: Delivery, patience: Duration, arrivedAt: ContinuousClock.Instant, at now: Timestamp,
        _ reader: MessageReader
    ) {
        let properties = delivery.properties
        tag = delivery.tag
        replyTo = Self.replyTo(properties)
        correlationID = properties.correlationID ?? properties.messageID
        self.arrivedAt = arrivedAt
        size = delivery.body.count
        content = Self.read(delivery, properties, reader)
        let expiration = Self.expiration(properties.expiration) ?? patience
        let made = (try? content.get())?.envelope.time
        deadline = arrivedAt + Self.rest(of: expiration, made: made, at: now)
    }

    private static func read(
        _ delivery: Delivery, _ properties: MessageProperties, _ reader: MessageReader
    ) -> Result<Received, ContractError> {
        do throws(ContractError) {
            return .success(
                try delivery.body.withUnsafeBytes { (bytes) throws(ContractError) in
                    try reader.read(bytes, IncomingMessage(properties))
                })
        } catch {
            return .failure(error)
        }
    }

    /// Queues of the fleet are no asker's: an answer there would pass for a message.
    private static func replyTo(_ properties: MessageProperties) -> String? {
        guard let queue = properties.replyTo, !queue.isEmpty, !fleetQueues.contains(queue) else { return nil }
        return queue
    }

    private static let fleetQueues = Set(TopologyPlan.fleet().queues.map(\.name))

    /// AMQP has it as a text of milliseconds. Nobody waits longer than the queue keeps questions.
    static func expiration(_ text: String?) -> Duration? {
        text.flatMap { Int64($0) }.flatMap { milliseconds in
            milliseconds < 0 ? nil : min(.milliseconds(milliseconds), FleetTopology.questionPatience)
        }
    }

    /// What is left of the asker's time when the message arrives: less what has passed since it was made, by its own clock.
    /// Where they say that more has passed than the whole time, in which the broker would have dropped the message, or less
    /// than none, the clocks are set differently, and the whole time counts from the arrival.
    ///
    /// A clock that is behind by less than that cannot be told from a message that has waited so long: it shortens the time.
    /// To reckon with it would give more time than there is as soon as questions do wait, and answer late.
    static func rest(of expiration: Duration, made: Timestamp?, at now: Timestamp) -> Duration {
        guard let made else { return expiration }
        let waited = Duration.microseconds(now.microseconds - made.microseconds)
        return waited >= .zero && waited <= expiration ? expiration - waited : expiration
    }
}
