import Models
import Testing

@testable import Fleet

@Suite struct FailureTests {
    @Test("a breach of contract is malformed and keeps every fault", arguments: ContractError.Reason.allCases)
    func contract(reason: ContractError.Reason) {
        let faults = [Fault(pointer: "/data/sku", rule: "key", value: "v", sentence: "must be a key")]
        let failure = Failure(ContractError(reason: reason, sentence: "Wrong.", faults: faults))
        // What this machine could not read may be read later; all else is the message's own fault.
        #expect(failure.category == (reason == .unable ? .transient : .malformed))
        #expect(failure.code == reason.rawValue)
        #expect(failure.sentence == "Wrong.")
        #expect(!failure.remedy.isEmpty)
        #expect(failure.faults == faults)
    }

    @Test("what goes wrong on the road has a code, a sentence and a remedy, and the right category")
    func road() throws {
        let envelope = try Samples.message().envelope
        let expected: [(Failure, String, Failure.Category)] = [
            (.noHandler("x.v1", queue: "q"), "unsupported.flow", .malformed),
            (.conflict(envelope), "conflict.same-revision", .malformed),
            (.closed("erp"), "outage", .unavailable),
            (.statement(1, "no such table"), "ledger.sql", .transient),
            (.unexpected(TookTooLong()), "handler.error", .transient),
            (.leased(envelope), "lease.busy", .transient),
        ]
        for (failure, code, category) in expected {
            #expect(failure.code == code)
            #expect(failure.category == category)
            #expect(failure.sentence.hasSuffix(".") && failure.remedy.hasSuffix("."))
        }
    }
}
