/// A kind of message: its stable name, which is also the routing key, and the road it takes.
public struct MessageType: Hashable, Sendable, CustomStringConvertible {
    /// Which way messages of a type travel.
    public enum Direction: String, Hashable, Sendable, CaseIterable {
        case toERP = "to-erp"
        case toStore = "to-store"
        /// To whoever looks after the fleet.
        case toPeople = "to-people"
        /// Back to whoever has asked: to the queue that the question names.
        case toAsker = "to-asker"
    }

    /// `<object>.<event>.v<major>`, for example `order.placed.v1`.
    public let name: String
    /// Revisions are counted per family and subject: `order`, `order.status`, `order.offline`.
    public let family: String
    /// The queue that the routing key leads to; empty of a reply, which has its asker's.
    public let queue: String
    /// Queues that get a copy each, for who only looks on: nothing is done for the sender there.
    public var copies: [String] = []
    /// The name of the type that answers it; nil of what nobody waits for.
    public var answer: String?
    /// A few words for lists.
    public let title: String
    /// A sentence or two for documents.
    public let summary: String
    /// Which way it travels.
    public let direction: Direction
    /// What its `data` is.
    let payload: any ContractPayload.Type

    /// The URI of the schema of `data`.
    public var dataSchema: String { "\(schemaID)#/$defs/\(payload.schemaName)" }

    /// What its subject is made of: one member of `data`, or several.
    public var subjectForm: String { payload.subjectForm }

    /// Every queue that the routing key leads to; none of a reply.
    public var queues: [String] { isReply ? [] : [queue] + copies }

    /// Whether its asker waits for an answer: then it lives no longer than that, and is never tried again.
    public var isQuestion: Bool { answer != nil }

    /// Whether it answers a question: then it is not routed, but sent to the queue that the question names.
    public var isReply: Bool { direction == .toAsker }

    /// Where its messages arrive, in words.
    public var destination: String { isReply ? "the asker's reply-to" : queue }

    /// The `$id` of the schema of the whole message.
    var schemaID: String { "urn:stevedore:message:\(name)" }

    /// The name.
    public var description: String { name }

    /// Types are told apart by name.
    public static func == (left: Self, right: Self) -> Bool { left.name == right.name }

    /// Types are told apart by name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
