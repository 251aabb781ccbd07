/// What one part of the process says about itself.
public struct HealthCheck: Sendable {
    /// For example `broker`, `ledger`, `flow orders.to-erp`.
    public var name: String
    /// Whether this part is fit for work.
    public var isUp: Bool
    /// A sentence for the operator.
    public var detail: String
    /// One word for a state that is neither good nor a fault of this program, such as `paused`.
    public var state: String?

    /// Creates a check.
    public init(name: String, isUp: Bool, detail: String, state: String? = nil) {
        self.name = name
        self.isUp = isUp
        self.detail = detail
        self.state = state
    }
}

/// The body of `/health/…`, in the form of MicroProfile Health: 200 and `UP`, or 503 and `DOWN`.
struct HealthReport {
    let checks: [HealthCheck]

    var isUp: Bool { checks.allSatisfy(\.isUp) }

    var json: String {
        let items = checks.map { check in
            let state = check.state.map { ",\"state\":\(quoted($0))" } ?? ""
            return "{\"name\":\(quoted(check.name)),\"status\":\"\(check.isUp ? "UP" : "DOWN")\","
                + "\"data\":{\"detail\":\(quoted(check.detail))\(state)}}"
        }
        return "{\"status\":\"\(isUp ? "UP" : "DOWN")\",\"checks\":[\(items.joined(separator: ","))]}\n"
    }

    private func quoted(_ text: String) -> String { JSONText.quoted(text) }
}
