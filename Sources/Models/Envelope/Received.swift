/// A message that keeps its contract.
public struct Received: Sendable {
    /// Who says it, about whom, at which revision.
    public let envelope: Envelope
    /// What kind of message it is.
    public let type: MessageType
    /// What it says: ``Order``, ``OrderStatus`` or ``OfflineOrder``, by ``MessageType/family``.
    public let payload: any Payload
    /// Equal for messages that say the same.
    public let contentHash: ContentHash

    /// A message as a reader would hand it over, for tests and for programs that make messages themselves.
    public init(envelope: Envelope, type: MessageType, payload: any Payload, contentHash: ContentHash) {
        self.envelope = envelope
        self.type = type
        self.payload = payload
        self.contentHash = contentHash
    }
}
