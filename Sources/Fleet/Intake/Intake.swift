internal import Models
internal import RabbitMQ

/// A delivery with what its transport properties say: the start of the road.
struct Intake: Sendable {
    let delivery: Delivery
    let properties: MessageProperties
    /// Counts the tries from 1; carried in our own header, because the broker's counters mean something else in each
    /// of its versions.
    let attempt: Int
    /// When the first try failed, in RFC 3339.
    let firstFailedAt: String?
    /// When this process got hold of it: nothing may be held for long.
    let receivedAt = ContinuousClock.now

    init(_ delivery: Delivery) {
        self.delivery = delivery
        properties = delivery.properties
        let earlier = properties.headers[MessageHeader.attempt]?.integer ?? 0
        attempt = Int(clamping: min(max(earlier, 0), 1_000_000)) + 1
        // Only a real time, because it goes into every later copy: anybody can write the header, and at any length.
        let firstFailure = properties.headers[MessageHeader.firstFailedAt]?.text
        firstFailedAt = firstFailure.flatMap { Timestamp(rfc3339: $0) }?.description
    }

    /// The message came back to its queue three times: it may be what crashes workers. Once or twice is no sign yet, since
    /// every crash and every lost connection returns all that a worker held. A copy that was given back is new to the
    /// broker, so it says itself that it was a suspect.
    var isSuspect: Bool { returns >= 3 || wasSuspect }

    /// Told again because a person asked for that: what it says is written although it was written before, into tables that
    /// may be new or may have been emptied.
    var isRestated: Bool { properties.headers[MessageHeader.restated]?.text == "true" }

    /// It has waited for something that may come at any time, and so has more tries than others, whatever fails now.
    var hasAwaited: Bool {
        delivery.exchange == FleetTopology.requeueExchange
            && properties.headers[MessageHeader.awaiting] == .boolean(true)
    }

    /// Another handful of crashes, whoever's they are, and the broker would set the message aside.
    var isNearDeliveryLimit: Bool { returns >= FleetTopology.deliveryLimit / 2 }

    /// How often this copy came back to its queue, as the broker counts; without a return such a header is a stranger's.
    private var returns: Int64 {
        delivery.redelivered ? properties.headers["x-delivery-count"]?.integer ?? 0 : 0
    }

    private var wasSuspect: Bool {
        delivery.exchange == FleetTopology.requeueExchange
            && properties.headers[MessageHeader.suspect] == .boolean(true)
    }

    /// The exchange it was first published to. The way back from a retry queue leads through another one, so the copy
    /// there carries the first; from anywhere else such a header is a stranger's.
    var originExchange: String { origin(MessageHeader.originExchange) ?? delivery.exchange }

    /// The routing key it was first published with.
    var originKey: String { origin(MessageHeader.originKey) ?? delivery.routingKey }

    /// What the subject is said to be by a header, before the body is read.
    var announcedSubject: String? { properties.headers["cloudEvents_subject"]?.text }

    private func origin(_ header: String) -> String? {
        delivery.exchange == FleetTopology.requeueExchange ? properties.headers[header]?.text : nil
    }

    /// The broker counts one return of this copy at least; another one may cost a healthy message its place.
    var wasReturned: Bool { delivery.redelivered }

    /// What a rehearsed crash can name before the body is read.
    var rehearsalName: String { announcedSubject ?? key }

    /// A name for this message that survives redelivery, also when the producer gave it no id.
    var key: String {
        properties.messageID ?? delivery.body.withUnsafeBytes { "body-" + StableHash.fnv1a($0) }
    }
}

extension MessageReader {
    /// Reads the body under the contract its properties announce.
    func read(_ intake: Intake) throws(ContractError) -> Received {
        let transport = IncomingMessage(intake.properties)
        return try intake.delivery.body.withUnsafeBytes { (bytes) throws(ContractError) in
            try read(bytes, transport)
        }
    }
}
