internal import Fleet

/// The orders worker, as an operator would start it.
enum Worker {
    /// `settings` are environment variables without their `STEVEDORE_`.
    static func start(
        on bench: Bench, ledger: String, erp: String = "http://127.0.0.1:1", only direction: String? = nil,
        settings: [String: String] = [:]
    ) throws -> Program {
        var environment = [
            "STEVEDORE_AMQP_URLS": bench.url, "STEVEDORE_LEDGER_PATH": ledger, "STEVEDORE_ERP_REST_URL": erp,
        ]
        for (name, value) in settings { environment["STEVEDORE_" + name] = value }
        return try Program(
            bench.path(of: .worker), direction.map { ["--only", $0] } ?? [], environment: environment, on: bench)
    }
}
