public import Models

/// Why an ERP call did not return an order, sorted by what the caller has to do next.
public enum ERPError: Error, Hashable, Sendable {
    /// What stands between the caller and the ERP, by who can remove it.
    public enum Obstacle: String, Hashable, Sendable, CaseIterable {
        /// The ERP is away; it comes back by itself or by its own people.
        case outage
        /// The ERP does not accept the configured credentials.
        case credentials
        /// The configured address does not lead to the ERP.
        case address
        /// Something answers, but not as the interface says.
        case answer
        /// The answer is longer than is read; less can be asked for.
        case length = "answer-too-long"
    }

    /// Nothing was applied: try again when the ERP is back.
    case unavailable(String, Obstacle = .outage)
    /// The answer to a write was lost or unreadable, so it may have been applied: find the order before writing again.
    case outcomeUnknown(String, Obstacle = .outage)
    /// The ERP has enough to do. Neither a failure nor an attempt.
    case slowDown(retryAfter: Duration?)
    /// The ERP will not take the order as it is, and a person can change that.
    case rejected(code: String, sentence: String, faults: [Fault])
    /// A final business answer for the buyer; with the order as it stands when the ERP has said so. Without it the ERP
    /// may have an older revision all the same: find the order before calling it rejected.
    case declined(code: String, sentence: String, order: ERPOrder? = nil)
    /// The order can not be changed any more; it comes as it stands.
    case tooLate(ERPOrder, String)

    /// Stable and dotted.
    public var code: String {
        switch self {
        case .unavailable(_, .outage): "erp.unavailable"
        case .outcomeUnknown(_, .outage): "erp.outcome-unknown"
        case .unavailable(_, let obstacle), .outcomeUnknown(_, let obstacle): "erp.\(obstacle.rawValue)"
        case .slowDown: "erp.slow-down"
        case .rejected(let code, _, _), .declined(let code, _, _): code
        case .tooLate: "order.too-late"
        }
    }

    /// What happened, in business language.
    public var sentence: String {
        switch self {
        case .unavailable(let text, _), .outcomeUnknown(let text, _), .tooLate(_, let text): text
        case .rejected(_, let text, _), .declined(_, let text, _): text
        case .slowDown(let pause?): "The ERP asks to wait for \(pause.components.seconds) s."
        case .slowDown(nil): "The ERP asks for fewer calls at once."
        }
    }

    /// What to do about it.
    public var remedy: String {
        switch self {
        case .unavailable(_, let obstacle): obstacle.remedy
        case .outcomeUnknown(_, .answer):
            "The order is looked up by its number before it is sent again. \(Obstacle.answer.remedy)"
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

extension ERPError.Obstacle {
    fileprivate var remedy: String {
        switch self {
        case .outage:
            "Nothing is lost: the order is sent when the ERP answers again. Check the ERP if it stays away."
        case .credentials: "Check `erp.rest.token`, and what it allows in the ERP."
        case .address: "Check `erp.rest.url`: it has to lead to the ERP's own interface."
        case .answer:
            "Check `erp.rest.url`: if it leads to the ERP's own interface, the ERP has to answer as the interface says."
        case .length:
            "Nothing to do where there are many rows: fewer are asked for by themselves. One that is as long has to be shortened in the ERP."
        }
    }
}
