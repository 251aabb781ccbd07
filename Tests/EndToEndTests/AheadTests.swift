import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("What cannot wait for its turn", .needsBroker, .timeLimit(.minutes(5)))
struct AheadTests {
    private static let heard = (0..<10).map { "heard-\($0)" }
    private static let plain = (0..<1_000).map { "plain-\($0)" }

    @Test("cancellations and changes of what the ERP has go before a thousand orders that were placed earlier")
    func behindThousands() async throws {
        try await Rig.with { rig in
            try await rig.shortenRetries()
            // What a worker has in hand is a hundredth of what waits.
            let worker = try rig.startWorker(["WORKER_CALL_PREFETCH": "8"])
            try await rig.place(Self.heard)
            try await rig.waitForOrders(Self.heard)
            try await rig.simulator.fault(#"{"kind":"down"}"#)
            try await rig.place(["finds-out"])
            try await worker.waitForLine(containing: "flow paused")

            try await rig.publish(try Self.plain.map { OrderMessages.message(try OrderMessages.order($0)) })
            try await rig.publish(try Self.lastWords())
            try await rig.waitUntilNoted(Self.plain.count + Self.heard.count + 1)
            try await rig.waitUntilLastWordsAreOld(.seconds(6))
            try await rig.simulator.clearFaults()
            try await rig.simulator.fault(#"{"kind":"latency","latency":"50ms"}"#)
            try await Self.expectFirst(rig)
            try await rig.stop(worker)
        }
    }

    /// The newest that the store has to say of what the ERP has: half is cancelled, half is changed.
    private static func lastWords() throws -> [OutgoingMessage] {
        try heard.enumerated().map { index, number in
            let order = try OrderMessages.order(number, revision: 2, quantity: 5)
            return OrderMessages.message(
                order, as: isCancelled(index) ? Catalogue.orderCancelled : Catalogue.orderAmended)
        }
    }

    private static func isCancelled(_ index: Int) -> Bool { index.isMultiple(of: 2) }

    private static func expectFirst(_ rig: Rig) async throws {
        let revisions = Dictionary(plain.map { ($0, Int64(1)) } + heard.map { ($0, Int64(2)) }) { first, _ in first }
        try await rig.waitForOrders(revisions, within: .seconds(120))
        try await rig.waitUntilQuiet()
        let effects = try await rig.simulator.writes().filter(\.isEffect)
        let late = effects.indices.filter { effects[$0].revision == 2 }
        #expect(late.count == heard.count)
        let before = effects[..<(late.last ?? effects.endIndex)].count { $0.storeNumber?.hasPrefix("plain") == true }
        #expect(before < plain.count / 5, "\(before) of the plain orders went first")
        // Their own deliveries came later, and nobody was called for them again.
        #expect(effects.count == plain.count + heard.count * 2 + 1)
        #expect(try await rig.deadLetters() == 0)
        #expect(try await rig.lastWords() == 0)
        for (index, number) in heard.enumerated() {
            #expect(try await rig.shownState(number) == (isCancelled(index) ? "cancelled" : "accepted"))
            let type = (isCancelled(index) ? Catalogue.orderCancelled : Catalogue.orderAmended).name
            let stages = try await rig.journal(number).filter { $0.type == type && $0.stage != "noted" }.map(\.stage)
            #expect(stages == ["claimed", "applied", "duplicate"], "\(number)")
        }
    }
}
