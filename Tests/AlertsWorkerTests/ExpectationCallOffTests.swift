import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("What a person has called off")
struct ExpectationCallOffTests {
    @Test("an order in retry that was called off stays so, however often its message is tried; a newer one does not")
    func retried() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.answered)
            try await desk.run(watch, to: 0)
            try await desk.place("W-1", at: 10)
            try await desk.run(watch, from: 30, to: 30)
            try await desk.ledger.write { transaction in
                for row in try transaction.openExpectations("order-answered", "order", "W-1") {
                    try transaction.callOff(row, because: "anna: placed anew", now: ExpectationDesk.at(40))
                }
            }
            for (stage, second) in [("claimed", 50), ("retried", 51), ("claimed", 80)] as [(String, Int64)] {
                try await desk.journal(stage, Catalogue.orderPlaced, "W-1", at: second)
            }
            #expect(try await desk.run(watch, from: 90, to: 1_800) == 0)
            #expect(try await desk.rows() == ["order-answered W-1 1 dropped"])
            try await desk.place("W-1", revision: 2, at: 1_810)
            try await desk.run(watch, from: 1_830, to: 1_830)
            #expect(try await desk.rows() == ["order-answered W-1 1 dropped", "order-answered W-1 2 waiting"])
        }
    }
}
