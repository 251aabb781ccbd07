internal import Models

/// A refusal: RFC 9457 problem details with the interface's own members.
struct WireProblem: Decodable {
    /// What kind of refusal, whatever its code.
    enum Category: String, Decodable {
        case rejected, declined, unknown, superseded, exists
        case tooLate = "too-late"
    }

    struct Spot: Decodable {
        var pointer: String
        var rule: String
        var value: String?
        var sentence: String
    }

    var category: Category
    var code: String
    var detail: String
    var faults: [Spot]?
    /// The order as it stands, where there is one.
    var order: WireERPOrder?

    /// The interface points into the order; a message holds the order as its `data`.
    func values() -> [Fault] {
        (faults ?? []).prefix(100).map {
            Fault(pointer: "/data" + $0.pointer, rule: $0.rule, value: $0.value ?? "", sentence: $0.sentence)
        }
    }

    /// A refusal that makes no sense as an answer to what was asked.
    func unexpected(isWrite: Bool) -> ERPError {
        .unreadable("it refuses with \"\(code.prefix(80))\" what it can not refuse that way", isWrite: isWrite)
    }
}
