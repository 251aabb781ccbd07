import FleetTesting
import Ledger
import Models
import Testing

@testable import AlertsWorker
@testable import Fleet

@Suite("What is expected after an order is shipped")
struct ExpectationShipmentTests {
    private static func with(_ body: (ExpectationDesk, ExpectationWatch) async throws -> Void) async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(ExpectationDesk.tracked, ExpectationDesk.offline)
            try await desk.run(watch, to: 0)
            try await body(desk, watch)
        }
    }

    @Test("nothing before anything is shipped, and nothing when the shipment came first")
    func none() async throws {
        try await Self.with { desk, watch in
            try await desk.answer("W-1", at: 1)
            try await desk.answer("W-2", at: 1)
            try await desk.ship("S-2", of: .online("W-2"), "10", at: 2)
            try await desk.answer("W-2", state: .shipped, shipped: "10", at: 3)
            try await desk.run(watch, from: 30, to: 30)
            #expect(try await desk.rows().isEmpty)
        }
    }

    @Test("shipments of all that is shipped close it; a part of it does not, and neither does what is only packed")
    func covered() async throws {
        try await Self.with { desk, watch in
            try await desk.answer("W-1", state: .shipped, shipped: "10", at: 1)
            try await desk.ship("S-1", of: .online("W-1"), "4", at: 2)
            try await desk.ship("S-2", of: .online("W-1"), "6", state: .packed, at: 3)
            try await desk.run(watch, from: 30, to: 7_200)
            #expect(try await desk.rows() == ["order-tracked W-1 10000000 waiting"])
            #expect(try await desk.run(watch, from: 7_230, to: 7_260) == 1)
            try await desk.ship("S-2", of: .online("W-1"), "6", revision: 2, at: 7_300)
            try await desk.run(watch, from: 7_320, to: 7_320)
            #expect(try await desk.rows() == ["order-tracked W-1 10000000 late"])
        }
    }

    @Test("each part of an order has its own time")
    func parts() async throws {
        try await Self.with { desk, watch in
            try await desk.answer("W-1", state: .partiallyShipped, shipped: "4", at: 1)
            try await desk.run(watch, from: 30, to: 6_000)
            try await desk.answer("W-1", state: .shipped, shipped: "10", at: 6_001)
            try await desk.run(watch, from: 6_030, to: 6_030)
            try await desk.ship("S-1", of: .online("W-1"), "4", at: 6_050)
            #expect(try await desk.run(watch, from: 6_060, to: 13_000) == 0)
            #expect(try await desk.rows() == ["order-tracked W-1 10000000 waiting"])
            #expect(try await desk.run(watch, from: 13_020, to: 13_260) == 1)
        }
    }

    @Test("a state that was not asked for opens nothing")
    func state() async throws {
        try await Self.with { desk, watch in
            try await desk.answer("W-1", state: .held, shipped: "4", at: 1)
            try await desk.run(watch, from: 30, to: 30)
            #expect(try await desk.rows().isEmpty)
        }
    }

    @Test("what is cancelled or was taken back is not expected any more")
    func dropped() async throws {
        try await Self.with { desk, watch in
            try await desk.answer("W-1", state: .shipped, shipped: "10", at: 1)
            try await desk.answer("W-2", state: .shipped, shipped: "10", at: 1)
            try await desk.run(watch, from: 30, to: 30)
            try await desk.answer("W-1", state: .cancelled, shipped: "10", at: 40)
            try await desk.answer("W-2", state: .partiallyShipped, shipped: "3", at: 40)
            try await desk.run(watch, from: 60, to: 60)
            #expect(
                try await desk.rows() == [
                    "order-tracked W-1 10000000 dropped", "order-tracked W-2 3000000 waiting",
                    "order-tracked W-2 10000000 dropped",
                ])
        }
    }

    @Test("of an order that was removed from the store nothing is expected any more")
    func removed() async throws {
        try await Self.with { desk, watch in
            try await desk.answer("W-1", state: .shipped, shipped: "10", at: 1)
            #expect(try await desk.run(watch, from: 30, to: 7_260) == 1)
            try await desk.ledger.write { _ = try $0.execute("DELETE FROM store_order WHERE number = 'W-1'") }
            try await desk.run(watch, from: 7_290, to: 7_290)
            #expect(try await desk.rows() == ["order-tracked W-1 10000000 dropped"])
        }
    }

    @Test("an order that is accepted and of which nothing leaves is missed; its first shipment closes it")
    func accepted() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(Self.early)
            try await desk.run(watch, to: 0)
            for number in ["W-1", "W-2"] { try await desk.answer(number, at: 1) }
            try await desk.run(watch, from: 30, to: 30)
            #expect(try await desk.rows() == ["order-shipped W-1 1 waiting", "order-shipped W-2 1 waiting"])
            try await desk.answer("W-2", at: 40)
            // It says nothing of what is shipped yet, and is packed only.
            try await desk.ship("S-1", of: .online("W-1"), "4", state: .packed, at: 50)
            #expect(try await desk.run(watch, from: 60, to: 7_200) == 0)
            try await desk.ship("S-1", of: .online("W-1"), "4", revision: 2, at: 7_201)
            #expect(try await desk.run(watch, from: 7_230, to: 7_260) == 1)
            #expect(try await desk.rows() == ["order-shipped W-2 1 missed"])
            try await desk.ship("S-2", of: .online("W-2"), "1", at: 7_270)
            try await desk.answer("W-2", at: 7_280)
            try await desk.run(watch, from: 7_290, to: 7_290)
            #expect(try await desk.rows() == ["order-shipped W-2 1 late"])
        }
    }

    private static let early = Fleet.Expectation(
        name: "order-shipped", kind: .shipments(after: ["order.status.v1"], when: [.accepted]), within: .seconds(7_200))

    @Test("of an order that is accepted and then cancelled no shipment is expected, and a restated state is no new one")
    func acceptedThenCancelled() async throws {
        try await ExpectationDesk.with { desk in
            let watch = desk.watch(Self.early)
            try await desk.run(watch, to: 0)
            try await desk.answer("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 30)
            try await desk.answer("W-1", state: .held, at: 40)
            try await desk.run(watch, from: 60, to: 60)
            #expect(try await desk.rows() == ["order-shipped W-1 1 waiting"])
            try await desk.answer("W-1", state: .cancelled, at: 70)
            #expect(try await desk.run(watch, from: 90, to: 7_500) == 0)
            #expect(try await desk.rows() == ["order-shipped W-1 1 dropped"])
        }
    }

    @Test("with both declared, the first shipment and shipments of all have their own time")
    func acceptedAndShipped() async throws {
        try await ExpectationDesk.with { desk in
            let both = Fleet.Expectation(
                name: "order-shipped", kind: .shipments(after: ["order.status.v1"], when: [.accepted, .shipped]),
                within: .seconds(7_200))
            let watch = desk.watch(both)
            try await desk.run(watch, to: 0)
            try await desk.answer("W-1", at: 1)
            try await desk.run(watch, from: 30, to: 6_000)
            try await desk.answer("W-1", state: .shipped, shipped: "10", at: 6_001)
            try await desk.ship("S-1", of: .online("W-1"), "4", at: 6_002)
            #expect(try await desk.run(watch, from: 6_030, to: 13_000) == 0)
            #expect(try await desk.rows() == ["order-shipped W-1 10000000 waiting"])
            #expect(try await desk.run(watch, from: 13_020, to: 13_260) == 1)
        }
    }

    @Test("orders of store and ERP that have the same number are two")
    func origins() async throws {
        try await Self.with { desk, watch in
            try await desk.answer("7", state: .shipped, shipped: "10", at: 1)
            try await desk.keyed("7", at: 1)
            try await desk.run(watch, from: 30, to: 30)
            try await desk.ship("S-1", of: .offline("7"), "10", at: 40)
            try await desk.run(watch, from: 60, to: 60)
            #expect(try await desk.rows() == ["order-tracked 7 10000000 waiting"])
            try await desk.ship("S-2", of: .online("7"), "10", at: 70)
            try await desk.run(watch, from: 90, to: 90)
            #expect(try await desk.rows().isEmpty)
        }
    }
}
