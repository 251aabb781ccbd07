import Fleet
import FleetTesting
import HTTPClient
import Testing

@testable import OrdersWorker

@Suite struct BuildTests {
    @Test("every call that may be in flight has a connection of its own", arguments: [1, 128, 2_000])
    func connections(prefetch: Int) throws {
        let configuration = try Configuration(
            file: nil, environment: ["STEVEDORE_WORKER_CALL_PREFETCH": "\(prefetch)"])
        #expect(configuration.erpConnections > prefetch)
    }

    @Test(
        "an address that is none stops the worker with what it has to be",
        arguments: ["ftp://erp.example", "https://user:secret@erp.example"])
    func address(url: String) async throws {
        try await TemporaryDirectory.with { directory in
            let error = await #expect(throws: (any Error).self) {
                let configuration = try Configuration(
                    file: nil,
                    environment: [
                        "STEVEDORE_ERP_REST_URL": url, "STEVEDORE_LEDGER_PATH": directory.file("ledger.db"),
                    ])
                _ = try await buildOrdersWorker(configuration)
            }
            let text = "\(String(describing: error))"
            #expect(text.contains("erp.rest.url") && !text.contains("secret"))
        }
    }
}
