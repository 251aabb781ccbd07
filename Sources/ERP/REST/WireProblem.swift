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
    var order: Part<WireERPOrder>?

    /// Fit for the contract: a dead letter and an order status carry it on.
    var stableCode: String { WireReason.code(code) }

    /// Fit for the contract, and never empty.
    var sentence: String {
        let text = WireText.free(detail)
        return text.isEmpty ? "The ERP gives no reason." : text
    }

    /// The interface points into the order; a message holds the order as its `data`.
    func values() -> [Fault] {
        (faults ?? []).prefix(100).map {
            Fault(
                pointer: "/data" + WireText.free($0.pointer, atMost: 200), rule: WireText.free($0.rule, atMost: 64),
                value: $0.value ?? "", sentence: WireText.free($0.sentence, atMost: 500))
        }
    }

    /// A refusal that makes no sense as an answer to what was asked.
    func unexpected(isWrite: Bool) -> ERPError {
        .unreadable("it refuses with \"\(stableCode)\" what it can not refuse that way", isWrite: isWrite)
    }
}

/// A refusal with its reason, but without what the interface adds: any RFC 9457 problem.
struct WirePlainProblem: Decodable {
    var title: Part<String>?
    var detail: Part<String>?

    /// Nil when it gives no reason after all.
    var sentence: String? {
        let text = WireText.free(detail?.value ?? title?.value ?? "", atMost: 500)
        return text.isEmpty ? nil : text
    }
}
