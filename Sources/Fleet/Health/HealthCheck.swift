/// What one part of the process says about itself.
public struct HealthCheck: Sendable {
    /// For example `broker`, `ledger`, `flow orders.to-erp`.
    public var name: String
    /// Whether this part is fit for work.
    public var isUp: Bool
    /// A sentence for the operator.
    public var detail: String

    /// Creates a check.
    public init(name: String, isUp: Bool, detail: String) {
        self.name = name
        self.isUp = isUp
        self.detail = detail
    }
}

/// The body of `/health/…`, in the form of MicroProfile Health: 200 and `UP`, or 503 and `DOWN`.
struct HealthReport {
    let checks: [HealthCheck]

    var isUp: Bool { checks.allSatisfy(\.isUp) }

    var json: String {
        let items = checks.map { check in
            "{\"name\":\(quoted(check.name)),\"status\":\"\(check.isUp ? "UP" : "DOWN")\","
                + "\"data\":{\"detail\":\(quoted(check.detail))}}"
        }
        return "{\"status\":\"\(isUp ? "UP" : "DOWN")\",\"checks\":[\(items.joined(separator: ","))]}\n"
    }

    private func quoted(_ text: String) -> String { JSONText.quoted(text) }
}
