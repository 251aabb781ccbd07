import FleetTesting
import Ledger
import Testing

@testable import Fleet

@Suite struct LedgerWatchTests {
    private let metrics = FlowMetrics(queue: Samples.queue)
    private let feed = DeliveryFeed()

    private func watch(_ ledger: Ledger, patience: Duration) -> LedgerWatch {
        LedgerWatch(
            consumer: feed, ledger: ledger, metrics: metrics, logger: Samples.quiet, patience: patience,
            interval: .milliseconds(5))
    }

    private func advice(_ watch: LedgerWatch) async -> String {
        switch await watch.blocked(by: LedgerError.diskFull(path: "p")) {
        case .wait: "wait"
        case .giveBack: "give back"
        }
    }

    @Test("for a while deliveries are held; a write that succeeds begins that anew")
    func patient() async throws {
        try await withLedger { ledger in
            let watch = watch(ledger, patience: .seconds(600))
            #expect(await advice(watch) == "wait")
            #expect(metrics.ledgerBlocked.now == 1)
            #expect(await advice(watch) == "wait")
            await watch.worked()
            #expect(metrics.ledgerBlocked.now == 0)
            #expect(await feed.pauses == 0)
        }
    }

    @Test("then everything held is given back, consuming pauses once, and goes on when the ledger can be written")
    func impatient() async throws {
        try await withLedger { ledger in
            let watch = watch(ledger, patience: .zero)
            #expect(await advice(watch) == "give back")
            try await eventually("consuming again") { await feed.resumes == 1 }
            #expect(await feed.pauses == 1)
            #expect(await !watch.isPaused)
            #expect(metrics.ledgerBlocked.now == 0)
        }
    }

    @Test("while the ledger cannot be written there is one pause, whoever else fails, and a shutdown ends it")
    func paused() async throws {
        try await withLedger { ledger in
            let reader = try Ledger.openReadOnly(path: ledger.path)
            let watch = watch(reader, patience: .zero)
            for _ in 0..<3 { #expect(await advice(watch) == "give back") }
            #expect(await watch.isPaused)
            #expect(await feed.pauses == 1)
            await watch.cancel()
            #expect(await feed.resumes == 0)
            await reader.close()
        }
    }
}
