/// A kind of message: its stable name, which is also the routing key, and the road it takes.
public struct MessageType: Hashable, Sendable, CustomStringConvertible {
    /// Which way messages of a type travel.
    public enum Direction: String, Hashable, Sendable, CaseIterable {
        case toERP = "to-erp"
        case toStore = "to-store"
        /// To whoever looks after the fleet.
        case toPeople = "to-people"
    }

    /// `<object>.<event>.v<major>`, for example `order.placed.v1`.
    public let name: String
    /// Revisions are counted per family and subject: `order`, `order.status`, `order.offline`.
    public let family: String
    /// The queue that the routing key leads to.
    public let queue: String
    /// Queues that get a copy each, for who only looks on: nothing is done for the sender there.
    public var copies: [String] = []
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

    /// Every queue that the routing key leads to.
    public var queues: [String] { [queue] + copies }

    /// The `$id` of the schema of the whole message.
    var schemaID: String { "urn:stevedore:message:\(name)" }

    /// The name.
    public var description: String { name }

    /// Types are told apart by name.
    public static func == (left: Self, right: Self) -> Bool { left.name == right.name }

    /// Types are told apart by name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
