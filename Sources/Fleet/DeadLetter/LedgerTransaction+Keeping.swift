public import Ledger
public import RabbitMQ

extension LedgerTransaction {
    /// Indexes a dead letter, and keeps its body and what its producer said of it; without an intake only its queue does.
    func recordDeadLetter(_ record: DeadLetterRecord, of intake: Intake?) throws {
        var record = record
        if let intake {
            record.payload = try intake.delivery.body.withUnsafeBytes { bytes in
                try storeBody(
                    id: record.id, body: bytes, properties: intake.properties.texts, at: record.lastFailedAt)
            }
        }
        try recordDeadLetter(record)
    }

    /// Keeps a body that only its queue has, and what its producer said of it. Returns the id under which it is kept.
    package func keepBody(
        _ body: [UInt8], of id: String, _ properties: MessageProperties, at: Int64
    ) throws -> String {
        try body.withUnsafeBytes { try storeBody(id: id, body: $0, properties: properties.texts, at: at) }
    }
}

extension MessageProperties {
    /// What of the properties is text, under the names that the broker's own tools use.
    fileprivate var texts: [String: String] {
        var texts: [String: String] = [:]
        for (name, value) in HeaderLimits.fitted(headers.entries) {
            if let text = value.text ?? Self.attribute(name, value) { texts["headers." + name] = text }
        }
        texts["content_type"] = contentType
        texts["content_encoding"] = contentEncoding
        texts["correlation_id"] = correlationID
        texts["message_id"] = messageID
        texts["type"] = type
        texts["user_id"] = userID
        texts["app_id"] = appID
        return texts
    }

    /// An attribute of the envelope is kept also where the producer's library wrote a number, such as the revision:
    /// without it the body could not be read again.
    private static func attribute(_ name: String, _ value: FieldValue) -> String? {
        name.hasPrefix("cloudEvents") ? value.integer.map { String($0) } : nil
    }
}

extension StoredPayload {
    /// What of its message's properties was kept, so that it can be read as it was.
    public var transport: MessageProperties {
        let prefix = "headers."
        let headers = properties.filter { $0.key.hasPrefix(prefix) }.sorted { $0.key < $1.key }
        return MessageProperties(
            contentType: properties["content_type"], contentEncoding: properties["content_encoding"],
            headers: FieldTable(headers.map { (String($0.key.dropFirst(prefix.count)), .string($0.value)) }),
            correlationID: properties["correlation_id"], messageID: properties["message_id"], type: properties["type"],
            userID: properties["user_id"], appID: properties["app_id"])
    }
}
