internal import Fleet

/// A worker program, as an operator would start it.
enum Worker {
    /// `settings` are environment variables without their `STEVEDORE_`.
    static func start(
        _ product: Bench.Product = .worker, on bench: Bench, ledger: String, erp: String = "http://127.0.0.1:1",
        only direction: String? = nil,
        settings: [String: String] = [:]
    ) throws -> Program {
        var environment = [
            "STEVEDORE_AMQP_URLS": bench.url, "STEVEDORE_LEDGER_PATH": ledger, "STEVEDORE_ERP_REST_URL": erp,
        ]
        for (name, value) in settings { environment["STEVEDORE_" + name] = value }
        return try Program(
            bench.path(of: product), direction.map { ["--only", $0] } ?? [], environment: environment, on: bench)
    }
}
