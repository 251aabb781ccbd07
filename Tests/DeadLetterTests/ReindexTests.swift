import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@testable import DeadLetter
@testable import Fleet

/// Real processes on a real broker; `scripts/test` starts one.
@Suite("Rebuilding the index", .serialized, .needsBroker, .timeLimit(.minutes(5)))
struct ReindexTests {
    private static let list = ["list", "--json", "--limit", "1000"]

    /// A letter and its row, as a worker of that flow makes them.
    private func made(_ number: Int, _ failure: Failure) throws -> Fleet.DeadLetter {
        let body = try Letters.order("SO-\(number)", id: "letter-\(number)")
        let intake = Intake(
            Delivery(
                tag: DeliveryTag(epoch: 1, value: 1), exchange: "commerce", routingKey: "order.placed.v1",
                properties: MessageProperties(
                    contentType: IncomingMessage.structured, messageID: "letter-\(number)", type: "order.placed.v1"),
                body: body))
        let envelope = try MessageReader().read(body, IncomingMessage(intake.properties)).envelope
        return Fleet.DeadLetter(
            intake, names: ContractNames(envelope), queue: "orders.to-erp", worker: "w", failure: failure)
    }

    @Test("after the ledger is lost, the index says again what the workers had written")
    func lost() async throws {
        let letters = try (0..<120).map { number in
            try made(
                number,
                Failure(
                    code: number % 2 == 0 ? "rejected.unknown-sku" : "rejected.credit-hold", category: .rejected,
                    sentence: "The ERP says no to \u{1F600} \(number).", remedy: "Mend it."))
        }
        try await ExportDesk.with(letters.map(\.message)) { desk in
            let records = letters.map(\.record)
            try await desk.withLedger { transaction in
                for record in records { try transaction.recordDeadLetter(record) }
            }
            let before = try await desk.run(Self.list)
            for name in ["ledger.db", "ledger.db-wal", "ledger.db-shm"] {
                _ = try await ChildProcess.run("/bin/rm", arguments: ["-f", desk.file(name)])
            }
            let dry = try await desk.run(["reindex", "--dry-run"])
            #expect(dry == "Would index 120 letters, 0 known.")
            let said = try await desk.run(["reindex"])
            #expect(said == "Indexed 120 letters, 0 known.")
            let after = try await desk.run(Self.list)
            #expect(after == before)
            let bodies = try await desk.withLedger { snapshot in
                try (0..<120).compactMap { try snapshot.payload(id: "letter-\($0)")?.body.count }.count
            }
            #expect(bodies == 120)
            let ids = try await desk.ids()
            #expect(ids == (0..<120).map { "letter-\($0)" })
        }
    }

    @Test("a look through thousands leaves each letter where it lay")
    func order() async throws {
        let count = 2_300
        let failure = Failure(code: "rejected.credit-hold", category: .rejected, sentence: "No.", remedy: "Pay.")
        let letters = try (0..<count).map { try made($0, failure) }
        try await ExportDesk.with(letters.map(\.message)) { desk in
            let said = try await desk.run(["reindex"])
            #expect(said == "Indexed 2,300 letters, 0 known.")
            let ids = try await desk.ids()
            #expect(ids == (0..<count).map { "letter-\($0)" })
        }
    }

    @Test("a second run finds everything known, and what was dealt with is not opened again")
    func known() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<3)) { desk in
            _ = try await desk.run(["reindex"])
            let second = try await desk.run(["reindex"])
            #expect(second == "Indexed 0 letters, 3 known.")
            _ = try await desk.withLedger { transaction in
                try transaction.updateDeadLetter(id: "letter-1", from: .open, to: .replayed, note: "n")
            }
            let third = try desk.start(["reindex"])
            #expect(try await third.waitForExit() == .exited(0))
            #expect(third.output == ["Indexed 0 letters, 2 known."])
            #expect(third.hasSaid("1 letter already replayed, still in its queue"))
            let state = try await desk.withLedger { try $0.deadLetter(id: "letter-1")?.state }
            #expect(state == .replayed)
        }
    }

    @Test("what no queue holds is said, and closed only when that is asked for and nobody holds letters")
    func missing() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<3)) { desk in
            _ = try await desk.run(["reindex"])
            let kept = DeadLetterRecord(
                id: "alone", queue: ExportDesk.queue, flow: "orders.to-erp", code: "c", category: "malformed",
                sentence: "s", fingerprint: "f", attempts: 1, firstFailedAt: 1, lastFailedAt: 1,
                note: "kept in the ledger alone, because the broker refuses it: too large")
            try await desk.withLedger { try $0.recordDeadLetter(kept) }
            let admin = try BrokerAdmin(configuration: desk.broker)
            let first = try await admin.get(queue: ExportDesk.queue)
            let taken = try #require(first)
            let close = ["reindex", "--close-missing", "--reason", "gone"]
            let held = try desk.start(close)
            #expect(try await held.waitForExit() == .exited(1))
            #expect(held.hasSaid("Nothing was closed"))
            try await admin.settle([.ack(taken.tag)])
            try await desk.host.waitForDepth(of: ExportDesk.queue) { $0.ready == 2 && $0.unacknowledged == 0 }
            await admin.close()
            let told = try desk.start(["reindex"])
            #expect(try await told.waitForExit() == .exited(0))
            #expect(told.hasSaid("1 letter open in the index, but in no queue: letter-0"))
            let said = try await desk.run(close)
            #expect(said == "Indexed 0 letters, 2 known, 1 in no queue closed.")
            let states = try await desk.withLedger { snapshot in
                try ["letter-0", "letter-1", "alone"].map { try snapshot.deadLetter(id: $0)?.state }
            }
            #expect(states == [.discarded, .open, .open])
        }
    }

    @Test("a newer failure that the index knows is not overwritten by an older letter")
    func newer() async throws {
        try await ExportDesk.with(try ExportDesk.letters(0..<1)) { desk in
            let later = DeadLetterRecord(
                id: "letter-0", queue: ExportDesk.queue, flow: "orders.to-erp", code: "later", category: "rejected",
                sentence: "s", fingerprint: "f", attempts: 9, firstFailedAt: 1, lastFailedAt: 1_900_000_000_000_000)
            try await desk.withLedger { try $0.recordDeadLetter(later) }
            let said = try await desk.run(["reindex"])
            #expect(said == "Indexed 0 letters, 0 known.")
            let code = try await desk.withLedger { try $0.deadLetter(id: "letter-0")?.code }
            #expect(code == "later")
        }
    }
}
