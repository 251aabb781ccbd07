package import Models
package import RabbitMQ

extension IncomingMessage {
    /// What the properties say of the body, for the contract's reader.
    package init(_ properties: MessageProperties) {
        self.init(
            contentType: properties.contentType, contentEncoding: properties.contentEncoding,
            messageID: properties.messageID, type: properties.type,
            headers: {
                properties.headers.entries.compactMap { entry in
                    HeaderValue(entry.value).map { (entry.name, $0) }
                }
            })
    }
}

extension IncomingMessage.HeaderValue {
    /// The value as CloudEvents spells it, whichever of AMQP's types a producer's library chose; nil for no value at all.
    init?(_ value: FieldValue) {
        switch value {
        case .void: return nil
        case .string(let text): self = .text(text)
        case .boolean(let flag): self = .text(flag ? "true" : "false")
        case .bytes(let bytes): self = String(validating: bytes, as: UTF8.self).map { Self.text($0) } ?? .unreadable
        case .timestamp(let seconds): self = Self.time(seconds).map { Self.text($0.description) } ?? .unreadable
        case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64:
            self = value.integer.map { Self.text(String($0)) } ?? .unreadable
        case .float, .double, .decimal, .array, .table: self = .unreadable
        }
    }

    private static func time(_ seconds: UInt64) -> Timestamp? {
        let (microseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? nil : Int64(exactly: microseconds).flatMap { Timestamp(microseconds: $0) }
    }
}
