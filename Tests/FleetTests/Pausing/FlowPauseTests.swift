import Ledger
import Models
import Testing

@testable import Fleet

@Suite("What other processes say that is paused")
struct FlowPauseTests {
    private func record(_ holder: String, at seen: Int64, in ledger: Ledger) async throws {
        try await ledger.write {
            try $0.record(
                FlowPause(queue: Samples.queue, holder: holder, since: seen, code: "c", reason: "r", remedy: "m"),
                now: seen)
        }
    }

    private func holders(_ ledger: Ledger) async throws -> [String] { try await FlowPause.all(ledger).map(\.holder) }

    @Test(
        "the pause of a worker that has been silent for two minutes is forgotten, also behind a clock that was set back",
        arguments: [-121, 3_600])
    func forgotten(seconds: Int64) async throws {
        try await withLedger { ledger in
            try await record("killed", at: Timestamp.now().microseconds + seconds * 1_000_000, in: ledger)
            #expect(try await holders(ledger) == [])
            try await record("lives", at: Timestamp.now().microseconds, in: ledger)
            #expect(try await holders(ledger) == ["lives"])
            let rows = try await ledger.read { try $0.query("SELECT holder FROM flow_pause") { $0.text(0) } }
            #expect(rows == ["lives"])
        }
    }

    @Test(
        "a worker that was seen a minute ago, or by a clock that is a minute ahead, still counts", arguments: [-60, 60])
    func remembered(seconds: Int64) async throws {
        try await withLedger { ledger in
            try await record("w-1", at: Timestamp.now().microseconds + seconds * 1_000_000, in: ledger)
            #expect(try await holders(ledger) == ["w-1"])
        }
    }
}
