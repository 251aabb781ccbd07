/// What becomes of a delivery.
public enum Settlement: Sendable, Hashable {
    /// Done: the broker forgets the message.
    case ack(DeliveryTag)
    /// Not done: the broker delivers it again.
    case requeue(DeliveryTag)
    /// Refused: the broker moves it, unchanged, to the queue's dead-letter target. A queue without one drops it.
    case reject(DeliveryTag)

    /// The delivery meant.
    public var tag: DeliveryTag {
        switch self {
        case .ack(let tag), .requeue(let tag), .reject(let tag): tag
        }
    }
}
