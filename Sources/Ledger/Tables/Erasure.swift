/// A body that is kept, by its place in the order in which bodies were kept.
package struct NumberedPayload: Sendable {
    /// Its place.
    package var number: Int64
    /// The body and what came with it.
    package var payload: StoredPayload
}

/// A message that waits to be published, whoever has it in hand.
package struct WaitingOutboxMessage: Sendable {
    /// Its place in the outbox.
    package var sequence: Int64
    /// The message.
    package var message: OutboxMessage
}

// What is needed to take a person out of the ledger: the one exception to its rule that what is written stays as it is.
extension LedgerSnapshot {
    /// Kept bodies in the order in which they were kept, from behind `number` on. Begin with 0; an empty page is the end.
    package final func payloads(behind number: Int64, limit: Int) throws(LedgerError) -> [NumberedPayload] {
        let path = connection.path
        return try connection.all(
            try connection.prepare(
                """
                SELECT number, id, stored_at, size, compressed, properties, body FROM payload
                WHERE number > ? ORDER BY number LIMIT ?
                """),
            { bind in
                bind.integer(number)
                bind.integer(Int64(limit))
            },
            row: { (row) throws(LedgerError) in
                let size = Int(row.integer(3))
                let body = row.withBlob(6) { bytes in
                    row.integer(4) == 0 ? [UInt8](bytes) : BodyCompressor.expand(bytes, size: size)
                }
                guard let body else {
                    throw .corrupt(path: path, detail: "the stored body of \(row.text(1)) is unreadable")
                }
                return NumberedPayload(
                    number: row.integer(0),
                    payload: StoredPayload(
                        id: row.text(1), body: body, properties: TextPairs.decode(row.text(5)),
                        storedAt: row.integer(2)))
            })
    }

    /// Messages that wait to be published, from behind `sequence` on, without leasing them.
    package final func waitingOutbox(
        behind sequence: Int64, limit: Int
    ) throws(LedgerError) -> [WaitingOutboxMessage] {
        try connection.all(
            try connection.prepare(
                """
                SELECT sequence, id, exchange, routing_key, content_type, type, subject, revision, headers,
                    correlation_id, body
                FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?
                """),
            { bind in
                bind.integer(sequence)
                bind.integer(Int64(limit))
            },
            row: { row in
                WaitingOutboxMessage(
                    sequence: row.integer(0),
                    message: OutboxMessage(
                        id: row.text(1), exchange: row.text(2), routingKey: row.text(3), contentType: row.text(4),
                        type: row.text(5), subject: row.text(6), revision: row.integer(7),
                        headers: TextPairs.decode(row.text(8)), correlationID: row.optionalText(9),
                        body: row.blob(10)))
            })
    }
}

extension LedgerTransaction {
    /// Puts another body and other properties in the place of a kept body's; its id, and when it was kept, stay.
    package func replacePayload(_ kept: NumberedPayload) throws(LedgerError) {
        let payload = kept.payload
        let compressed = payload.body.withUnsafeBytes { compressor.compress($0) }
        _ = try connection.run(
            "UPDATE payload SET size = ?, compressed = ?, properties = ?, body = ? WHERE number = ? AND id = ?"
        ) { bind in
            bind.integer(Int64(payload.body.count))
            bind.integer(compressed == nil ? 0 : 1)
            bind.text(payload.properties.isEmpty ? "" : TextPairs.encode(payload.properties))
            if let compressed { compressed.withUnsafeBytes { bind.blob($0) } } else { bind.blob(payload.body) }
            bind.integer(kept.number)
            bind.text(payload.id)
        }
    }

    /// Puts another body and other headers in the place of a waiting message's. Whoever has it in hand publishes it as it
    /// was.
    package func replaceOutbox(_ waiting: WaitingOutboxMessage) throws(LedgerError) {
        let message = waiting.message
        _ = try connection.run("UPDATE outbox SET headers = ?, body = ? WHERE sequence = ?") { bind in
            bind.text(message.headers.isEmpty ? "" : TextPairs.encode(message.headers))
            bind.blob(message.body)
            bind.integer(waiting.sequence)
        }
    }
}

extension Alias {
    /// What names of kind e-mail address are called, as they are and folded.
    package static let addressKinds = ["email", "email" + foldedMark]

    /// Whether it is a person's e-mail address: the only name here that is anybody's.
    package var isAddress: Bool { Self.addressKinds.contains(kind) }
}
