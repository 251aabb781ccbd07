/// Why a message cannot be accepted. Trying again never helps, with one exception (``Reason/unable``): someone has to change
/// the message or this program.
public struct ContractError: Error, Hashable, Sendable {
    /// The ways to break the contract; the raw value is the stable code.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// Nothing is known against the message: this machine could not read it.
        case unable = "reader.unable"
        case json = "malformed.json"
        case encoding = "malformed.encoding"
        case tooLarge = "malformed.too-large"
        case tooDeep = "malformed.too-deep"
        case envelope = "malformed.envelope"
        case contentType = "malformed.content-type"
        case field = "malformed.field"
        case unsupportedType = "unsupported.type"
        case unsupportedVersion = "unsupported.version"
        case unsupportedSpecVersion = "unsupported.spec-version"
    }

    /// What kind of breach it is.
    public let reason: Reason
    /// What is wrong, in one sentence.
    public let sentence: String
    /// Every fault found, at most ``maximumFaults``.
    public let faults: [Fault]
    /// The message's id, as far as it is known: from the envelope, else from the transport.
    public let id: String?
    /// The business key, as far as it is known.
    public let subject: String?
    /// The type, as far as it is known.
    public let type: String?

    /// An error with everything that is known.
    public init(
        reason: Reason, sentence: String, faults: [Fault] = [], id: String? = nil, subject: String? = nil,
        type: String? = nil
    ) {
        self.reason = reason
        self.sentence = sentence
        self.faults = faults
        self.id = id
        self.subject = subject
        self.type = type
    }

    /// No more faults than this are listed.
    public static let maximumFaults = 100

    /// The stable dotted code.
    public var code: String { reason.rawValue }

    /// What a person can do about it.
    public var remedy: String {
        switch reason {
        case .unable:
            "See to the memory and the libcrypto of the worker's machine; the message is tried again by itself."
        case .json: "Have the producer send one JSON document, as RFC 8259 has it, with no key twice."
        case .encoding: "Have the producer send uncompressed UTF-8 without a byte order mark."
        case .tooLarge: "Send less in one message: split the order, or raise the limit on both sides."
        case .tooDeep: "Have the producer nest less deeply; the contracts need six levels."
        case .envelope: "Compare the message with `stevedore contracts example` and correct the envelope."
        case .contentType: "Send content type application/cloudevents+json, or CloudEvents binary mode with JSON data."
        case .field: "Correct the fields named, then replay the message."
        case .unsupportedType:
            "Route messages of this type elsewhere; `stevedore contracts list` shows the known types."
        case .unsupportedVersion: "Upgrade needed: install a release that knows this version, then replay the message."
        case .unsupportedSpecVersion: "Have the producer send CloudEvents 1.0."
        }
    }
}
