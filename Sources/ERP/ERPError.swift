public import Models

/// Why an ERP call did not return an order, sorted by what the caller has to do next.
public enum ERPError: Error, Hashable, Sendable {
    /// Nothing was applied: try again when the ERP is back.
    case unavailable(String)
    /// The answer to a write was lost or unreadable, so it may have been applied: find the order before writing again.
    case outcomeUnknown(String)
    /// The ERP has enough to do. Neither a failure nor an attempt.
    case slowDown(retryAfter: Duration?)
    /// The ERP will not take the order as it is, and a person can change that.
    case rejected(code: String, sentence: String, faults: [Fault])
    /// A final business answer for the buyer.
    case declined(code: String, sentence: String)
    /// The order can not be changed any more; it comes as it stands.
    case tooLate(ERPOrder, String)

    /// Stable and dotted.
    public var code: String {
        switch self {
        case .unavailable: "erp.unavailable"
        case .outcomeUnknown: "erp.outcome-unknown"
        case .slowDown: "erp.slow-down"
        case .rejected(let code, _, _), .declined(let code, _): code
        case .tooLate: "order.too-late"
        }
    }

    /// What happened, in business language.
    public var sentence: String {
        switch self {
        case .unavailable(let text), .outcomeUnknown(let text), .tooLate(_, let text): text
        case .rejected(_, let text, _), .declined(_, let text): text
        case .slowDown(let pause?): "The ERP asks to wait for \(pause.components.seconds) s."
        case .slowDown(nil): "The ERP asks for fewer calls at once."
        }
    }

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .unavailable:
            "Nothing is lost: the order is sent when the ERP answers again. Check the ERP if it stays away."
        case .outcomeUnknown: "The order is looked up by its number before it is sent again."
        case .slowDown: "Nothing to do: fewer orders are sent at once."
        case .rejected: "Correct the order or the ERP's master data, then replay the dead letter."
        case .declined, .tooLate: "Nothing to do: the buyer is told."
        }
    }

    /// True when the call may have changed the ERP although it failed.
    public var mayHaveBeenApplied: Bool {
        if case .outcomeUnknown = self { return true }
        return false
    }
}
