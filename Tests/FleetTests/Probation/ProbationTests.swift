import Ledger
import RabbitMQ
import Testing

@testable import Fleet

@Suite struct ProbationTests {
    private func marks(_ ledger: Ledger) async throws -> Int {
        try await ledger.read { try $0.first("SELECT count(*) FROM probation") { Int($0.integer(0)) } ?? 0 }
    }

    private func watch(_ ledger: Ledger, _ intake: Intake, failing error: (any Error)? = nil) async throws -> String {
        try await Samples.probation(ledger).watch(intake) {
            if let error { throw error }
            return "handled"
        } condemned: { failure in
            failure.code
        }
    }

    @Test("a message that came back twice is no suspect, one that came back three times is")
    func suspects() {
        let count = { (value: Int64) in MessageProperties(headers: ["x-delivery-count": .int64(value)]) }
        #expect(!Samples.intake(redelivered: true, properties: count(2)).isSuspect)
        #expect(Samples.intake(redelivered: true, properties: count(3)).isSuspect)
        #expect(!Samples.intake(redelivered: false, properties: count(9)).isSuspect)
    }

    @Test("a suspect that is given back untried is one when it returns, until it has been tried")
    func suspicion() async throws {
        try await withLedger { ledger in
            let sink = SinkDouble()
            let detour = Samples.detour(ledger, sink, FlowMetrics(queue: Samples.queue))
            let giveBack = { (intake: Intake) in
                try await detour.giveBack(intake, names: ContractNames(), failure: Samples.failure, tier: .fiveSeconds)
                return Samples.returned(try #require(sink.published.last))
            }
            let back = Intake(try await giveBack(Intake(Samples.suspect([]))))
            #expect(back.isSuspect)
            #expect(Intake(try await giveBack(back)).isSuspect)
            #expect(!Intake(try await giveBack(Samples.intake())).isSuspect)

            let tried = Failure(code: "c", category: .transient, sentence: "s", remedy: "r")
            try await detour.take(back, names: ContractNames(), failure: tried)
            #expect(!Intake(Samples.returned(try #require(sink.published.last))).isSuspect)
        }
    }

    @Test("a producer cannot make its message a suspect")
    func strangers() {
        let marked = MessageProperties(headers: [MessageHeader.suspect: .boolean(true)])
        #expect(!Samples.intake(properties: marked).isSuspect)
    }

    @Test("a suspect that is handled leaves no mark")
    func handled() async throws {
        try await withLedger { ledger in
            let outcome = try await watch(ledger, Intake(Samples.suspect([])))
            #expect(outcome == "handled")
            #expect(try await marks(ledger) == 0)
        }
    }

    @Test("an error while a suspect is handled is no crash, however often")
    func errors() async throws {
        try await withLedger { ledger in
            let suspect = Intake(Samples.suspect([]))
            for _ in 0..<10 {
                await #expect(throws: TookTooLong.self) {
                    try await watch(ledger, suspect, failing: TookTooLong())
                }
            }
            let outcome = try await watch(ledger, suspect)
            #expect(outcome == "handled")
        }
    }

    @Test("a message that crashed three workers alone is poison")
    func poison() async throws {
        try await withLedger { ledger in
            let suspect = Intake(Samples.suspect([]))
            _ = try await ledger.write { transaction in
                // What three killed processes leave behind.
                try transaction.execute(
                    "INSERT INTO probation (key, starts) VALUES (?, 3)", .text(Samples.queue + "\u{1F}" + suspect.key))
            }
            #expect(try await watch(ledger, suspect) == "poison.crash")
            #expect(try await marks(ledger) == 0)
        }
    }
}
