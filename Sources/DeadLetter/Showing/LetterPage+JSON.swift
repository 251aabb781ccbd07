internal import Fleet
internal import Ledger
internal import RabbitMQ

extension Letter {
    /// Properties and headers, as texts.
    var headerTexts: [(name: String, value: String)] {
        let fixed: [(String, String?)] = [
            ("content-type", properties.contentType), ("message-id", properties.messageID), ("type", properties.type),
            ("app-id", properties.appID), ("correlation-id", properties.correlationID),
        ]
        let named = fixed.compactMap { name, value in value.map { (name: name, value: $0) } }
        return named + properties.headers.entries.map { ($0.name, $0.value.text ?? JSONValue($0.value).compact) }
    }
}

extension LetterPage {
    /// For programs. The body is a text, so that nothing of it is lost or reread.
    var json: JSONValue {
        let row = record.map { LetterRow($0) } ?? letter.map { LetterRow($0) }
        return [
            "id": .string(id), "flow": .optional(row?.flow), "type": .optional(row?.type),
            "subject": .optional(row?.subject), "revision": .optional(row?.revision), "code": .optional(row?.code),
            "category": .optional(row?.category), "sentence": .optional(row?.sentence),
            "remedy": .optional(letter?.remedy), "attempts": .optional(row.map { Int64($0.attempts) }),
            "state": .optional(row?.state), "note": .optional(row?.note), "isInQueue": .boolean(letter != nil),
            "editedAs": .optional(record?.editedAs), "editedFrom": .optional(record?.editedFrom),
            "faults": .array(faults.map(Self.fault)),
            "headers": letter.map { JSONValue($0.properties.headers) } ?? .null,
            "body": .optional((letter?.body ?? kept?.body).map { String(decoding: $0, as: UTF8.self) }),
            "journal": .array(journal.map(Self.entry)),
        ]
    }

    private static func fault(_ fault: LetterFault) -> JSONValue {
        ["pointer": .string(fault.pointer), "rule": .string(fault.rule), "sentence": .string(fault.sentence)]
    }

    private static func entry(_ entry: JournalEntry) -> JSONValue {
        [
            "at": .string(time(entry.at)), "stage": .string(entry.stage), "code": .string(entry.code),
            "attempt": .integer(Int64(entry.attempt)), "worker": .optional(entry.worker),
            "detail": .optional(entry.detail), "durationMicroseconds": .optional(entry.durationMicroseconds),
        ]
    }
}
