internal import Fleet
internal import Models

/// A message that breaks its contract, and where it stands.
struct Refusal {
    let place: String
    /// Where messages are lines.
    var line: Int?
    let error: ContractError

    /// `orders.ndjson:17: malformed.field: …`, and a line for each fault.
    var text: String {
        let head = "\(place): \(error.code): \(InertText.line(error.sentence))\n"
        return head
            + error.faults.map { fault in
                let value = fault.value.isEmpty ? "" : " (it is `\(InertText.line(fault.value))`)"
                return "  \(InertText.line(fault.pointer)): \(InertText.line(fault.sentence))\(value)\n"
            }.joined()
    }

    var json: JSONValue {
        [
            "place": .string(place), "line": .optional(line.map { Int64($0) }), "code": .string(error.code),
            "sentence": .string(error.sentence),
            "remedy": .string(error.remedy), "id": .optional(error.id), "type": .optional(error.type),
            "subject": .optional(error.subject), "faults": .array(error.faults.map { JSONValue($0) }),
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
