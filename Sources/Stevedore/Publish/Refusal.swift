internal import Fleet
internal import Models
internal import RabbitMQ

/// A message that is not published, because of itself, and where it stands.
struct Refusal {
    let place: String
    /// Where messages are lines.
    var line: Int?
    let code: String
    let sentence: String
    let remedy: String
    var id: String?
    var type: String?
    var subject: String?
    var faults: [Fault] = []

    /// One that breaks its contract.
    init(place: String, line: Int?, error: ContractError) {
        (self.place, self.line) = (place, line)
        (code, sentence, remedy) = (error.code, error.sentence, error.remedy)
        (id, type, subject, faults) = (error.id, error.type, error.subject, error.faults)
    }

    /// One that the broker takes from nobody.
    init(place: String, line: Int?, message: OutgoingMessage, reason: String) {
        (self.place, self.line) = (place, line)
        code = "publish.refused-by-broker"
        sentence = "The broker refuses this message: \(reason)."
        remedy = "Make it smaller, or raise the broker's `max_message_size`; then publish it again."
        (id, type) = (message.properties.messageID, message.properties.type)
    }

    /// `orders.ndjson:17: malformed.field: …`, and a line for each fault.
    var text: String {
        let head = "\(place): \(code): \(InertText.line(sentence))\n"
        return head
            + faults.map { fault in
                let value = fault.value.isEmpty ? "" : " (it is `\(InertText.line(fault.value))`)"
                return "  \(InertText.line(fault.pointer)): \(InertText.line(fault.sentence))\(value)\n"
            }.joined()
    }

    var json: JSONValue {
        [
            "place": .string(place), "line": .optional(line.map { Int64($0) }), "code": .string(code),
            "sentence": .string(sentence), "remedy": .string(remedy), "id": .optional(id), "type": .optional(type),
            "subject": .optional(subject), "faults": .array(faults.map { JSONValue($0) }),
        ]
    }
}

extension JSONValue {
    /// A fault, as every command prints it.
    init(_ fault: Fault) {
        self = [
            "pointer": .string(fault.pointer), "rule": .string(fault.rule), "value": .string(fault.value),
            "sentence": .string(fault.sentence),
        ]
    }
}
