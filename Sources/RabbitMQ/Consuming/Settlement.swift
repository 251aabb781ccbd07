/// What becomes of a delivery.
public enum Settlement: Sendable, Hashable {
    /// Done: the broker forgets the message.
    case ack(DeliveryTag)
    /// Not done: the broker delivers it again.
    case requeue(DeliveryTag)

    /// The delivery meant.
    public var tag: DeliveryTag {
        switch self {
        case .ack(let tag), .requeue(let tag): tag
        }
    }
}
