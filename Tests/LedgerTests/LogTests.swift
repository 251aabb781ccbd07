import Dispatch
import Ledger
import Testing

@Suite("Write-ahead log")
struct LogTests {
    private static let options = LedgerOptions(
        readTimeout: .milliseconds(50), logLimit: 1 << 20, checkpointEvery: 256 << 10)

    private func fill(_ ledger: Ledger, rounds: Range<Int>) async throws {
        for round in rounds {
            try await ledger.write { transaction throws in
                for number in 0..<20 {
                    try transaction.storePayload(
                        id: "\(round)-\(number)", body: [UInt8](repeating: UInt8(number), count: 2000), at: 1)
                }
            }
        }
    }

    @Test("without readers the log stays within its limit")
    func short() async throws {
        try await withLedger(Self.options) { ledger, folder async throws in
            try await fill(ledger, rounds: 0..<100)
            #expect(fileSize(folder.file + "-wal") <= 3 << 19)
        }
    }

    @Test("a long reader makes the log grow only while it reads")
    func longReader() async throws {
        try await withLedger(Self.options) { ledger, folder async throws in
            let reader = try Ledger.open(path: folder.file)
            let (reading, gate) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            async let counted: Int = try reader.read { snapshot throws in
                let before = try snapshot.outboxCount()
                reading.signal()
                gate.wait()
                return try snapshot.outboxCount() - before
            }
            await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    reading.wait()
                    continuation.resume()
                }
            }
            try await fill(ledger, rounds: 0..<60)
            let grown = fileSize(folder.file + "-wal")
            #expect(grown > 2 << 20)
            gate.signal()
            #expect(try await counted == 0)
            try await fill(ledger, rounds: 60..<80)
            #expect(fileSize(folder.file + "-wal") <= 3 << 19)
            await reader.close()
        }
    }

    @Test("a read that takes too long is stopped, and the next one works")
    func deadline() async throws {
        try await withLedger(Self.options) { ledger, _ async throws in
            let error = await failure {
                try await ledger.read { snapshot throws in
                    try snapshot.first(
                        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
                    ) { $0.integer(0) }
                }
            }
            #expect(error == .readTooLong(limit: .milliseconds(50)))
            #expect(try await ledger.read { try $0.outboxCount() } == 0)
        }
    }
}
