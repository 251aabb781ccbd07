import FleetTesting
import Ledger
import RabbitMQ
import Testing

@testable import Fleet

@Suite struct CrewTests {
    /// A process whose broker does not exist: port 1 of the loopback address refuses.
    private func process(_ ledger: Ledger) throws -> FleetProcess {
        let environment = ["STEVEDORE_AMQP_URLS": "amqp://guest:guest@127.0.0.1:1/"]
        return FleetProcess(
            name: "test", configuration: try Configuration(file: nil, environment: environment),
            flows: [Flow(queue: Samples.queue, handling: .projections([]))], ledger: ledger, logger: Samples.quiet)
    }

    @Test("a stop while the broker is still waited for is quick and is no failure")
    func stopWhileStarting() async throws {
        try await withLedger { ledger in
            let crew = try Crew(process(ledger))
            let working = Task { await crew.work() }
            await Task.yield()
            let stopping = Task { await crew.stop(grace: .seconds(3_600)) }
            try await inTime {
                #expect(await stopping.value == nil)
                #expect(await working.value == nil)
            }
        }
    }

    @Test("a stop before the start keeps the work from beginning")
    func stopFirst() async throws {
        try await withLedger { ledger in
            let crew = try Crew(process(ledger))
            let stopping = Task { await crew.stop(grace: .seconds(3_600)) }
            try await inTime { #expect(await stopping.value == nil) }
            let working = Task { await crew.work() }
            try await inTime { #expect(await working.value == nil) }
        }
    }

    @Test("the exit codes of errors follow sysexits")
    func exitCodes() {
        #expect(ProgramError(.unreachable(host: "h", reason: "refused")).exit == .unavailable)
        #expect(ProgramError(.loginRefused).exit == .configuration)
        #expect(ProgramError(.stopped).exit == .failure)
        #expect(ProgramError(LedgerError.diskFull(path: "p")).exit == .configuration)
        #expect(ProgramError(LedgerError.busy(path: "p", waited: .seconds(10))).exit == .unavailable)
    }

    @Test("a lease that could not be renewed in time, or blocks an order for long after a crash, is refused")
    func leaseBounds() throws {
        for lease in ["999ms", "11m"] {
            #expect(throws: ConfigurationError.self) {
                try Configuration(file: nil, environment: ["STEVEDORE_WORKER_LEASE": lease])
            }
        }
        for lease in ["1s", "10m"] {
            _ = try Configuration(file: nil, environment: ["STEVEDORE_WORKER_LEASE": lease])
        }
    }
}
