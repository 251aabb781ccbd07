internal import Ledger
internal import RabbitMQ

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
}

extension MessageProperties {
    /// What of the properties is text, under the names that the broker's own tools use.
    fileprivate var texts: [String: String] {
        var texts: [String: String] = [:]
        for (name, value) in HeaderLimits.fitted(headers.entries) {
            if let text = value.text { texts["headers." + name] = text }
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
}
