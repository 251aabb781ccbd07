import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// From the order on the broker to what the next buyer may be promised, in a company whose stock is used up by orders.
@Suite(
    "What may be promised while the ERP does not know yet, or does not say", .serialized, .needsBroker,
    .timeLimit(.minutes(10)))
struct AvailabilityTests {
    private static let sku = "HND-0005"
    private static let nothing = "EAST 0 NORTH 0 WEST 0"

    // MARK: - The last unit

    @Test("of two orders for the last unit the ERP serves one, and from the first on nobody else is promised it")
    func lastUnit() async throws {
        try await withFleet { rig, worker in
            try await stock(1, rig)
            let outage = try await rig.simulator.fault(#"{"kind":"down"}"#)
            try await place("A-1", 1, rig)
            try await watch(rig, until: Sight(Self.nothing, ["unanswered 1"]))
            try await place("A-2", 1, rig)
            try await worker.waitForLine(containing: "flow paused")
            try await expect([Self.nothing], rig, until: Sight(Self.nothing, ["unanswered 1", "unanswered 1"]))
            #expect(try await answers(rig) == 0)
            try await rig.simulator.clearFault(outage)
            try await expect([Self.nothing], rig, until: Sight(Self.nothing, []))
            try await rig.waitForOrders(["A-1", "A-2"])
            #expect(try await lines(rig).sorted() == ["accepted 1 0 0", "backordered 0 0 1"])
            #expect(try await ERPModel.read(rig.simulator).available(of: Self.sku) == Self.nothing)
        }
    }

    // MARK: - One after the other

    @Test("what an order wants, what the ERP holds for it and what is sent take each other's place; none counts twice")
    func handover() async throws {
        try await withFleet { rig, _ in
            try await stock(100, rig)
            let silence = try await silenceStock(rig)
            let outage = try await rig.simulator.fault(#"{"kind":"down"}"#)
            let ninety = "EAST 90 NORTH 0 WEST 0"
            try await place("B-1", 10, rig)
            try await watch(rig, until: Sight(ninety, ["unanswered 10"]))
            try await rig.simulator.clearFault(outage)
            try await expect([ninety], rig, until: Sight(ninety, ["handover 10"]))
            try await waitForLine("accepted 10 0 0", rig)
            let number = try await erpNumber("B-1", rig)
            try await rig.simulator.move(number, "ship", #"{"lines":[{"lineId":"1","quantity":"4"}]}"#)
            try await waitForLine("accepted 6 4 0", rig)
            try await expect([ninety], rig, until: Sight(ninety, ["handover 10"]))
            try await rig.simulator.clearFault(silence)
            try await expect([ninety], rig, until: Sight(ninety, []))
            try await letGoAndTakeAgain(number, from: ninety, rig)
        }
    }

    /// What the ERP lets go may be promised once, and what it takes again no more; at each end the ERP says the same.
    private func letGoAndTakeAgain(_ number: String, from before: String, _ rig: Rig) async throws {
        let more = "EAST 92 NORTH 0 WEST 0"
        #expect(try await ERPModel.read(rig.simulator).available(of: Self.sku) == before)
        let part = #"{"lines":[{"lineId":"1","quantity":"2"}],"promisedDate":"2031-01-15"}"#
        try await rig.simulator.move(number, "backorder", part)
        try await expect([before, more], rig, until: Sight(more, []))
        try await waitForLine("partially-backordered 4 4 2", rig)
        #expect(try await ERPModel.read(rig.simulator).available(of: Self.sku) == more)
        try await rig.simulator.move(number, "restock")
        try await expect([before, more], rig, until: Sight(before, []))
        try await waitForLine("accepted 6 4 0", rig)
        #expect(try await ERPModel.read(rig.simulator).available(of: Self.sku) == before)
    }

    // MARK: - A clock that is set back

    @Test("an order that is entered when the ERP's clock was set back lowers the promise at once, and never twice")
    func clockBack() async throws {
        try await withFleet { rig, _ in
            try await stock(50, rig)
            let (before, after) = ("EAST 50 NORTH 0 WEST 0", "EAST 45 NORTH 0 WEST 0")
            let clock = try await rig.simulator.fault(#"{"kind":"clock-back","seconds":3600}"#)
            let silence = try await silenceStock(rig)
            try await place("C-1", 5, rig)
            try await expect([before, after], rig, until: Sight(after, ["handover 5"]))
            try await rig.waitForOrders(["C-1"])
            #expect(try await isAnsweredBeforeItsStock(rig) == true, "the clock was not set back")
            try await rig.simulator.clearFault(silence)
            try await expect([after], rig, until: Sight(after, []))
            try await rig.simulator.clearFault(clock)
            let last = "EAST 40 NORTH 0 WEST 0"
            try await place("C-2", 5, rig)
            try await rig.waitForOrders(["C-2"])
            try await expect([last], rig, until: Sight(last, []))
            #expect(try await ERPModel.read(rig.simulator).available(of: Self.sku) == last)
        }
    }

    /// By the ERP's clock the order was answered before the stock that it is to be taken from was counted.
    private func isAnsweredBeforeItsStock(_ rig: Rig) async throws -> Bool? {
        try await rig.ledger { snapshot in
            try snapshot.first(
                """
                SELECT o.answered_at < s.known_at FROM store_order AS o, store_stock AS s
                WHERE o.number = 'C-1' AND s.sku = ? AND s.warehouse = 'EAST'
                """, .text(Self.sku)
            ) { $0.integer(0) != 0 }
        }
    }

    // MARK: - The scene

    private func withFleet(_ body: (Rig, ChildProcess) async throws -> Void) async throws {
        try await Rig.with(simulator: ["--finite-stock"]) { rig in
            try await rig.shortenRetries()
            let worker = try rig.startWorker()
            let others = try [rig.start("inventory-worker"), rig.start("erp-feed", Rig.quickFeed)]
            try await body(rig, worker)
            #expect(try await rig.deadLetters() == 0)
            for process in [worker] + others { try await rig.stop(process) }
        }
    }

    /// Has the product only in the east, and waits until the store knows.
    private func stock(_ pieces: Int, _ rig: Rig) async throws {
        for (warehouse, onHand) in [("EAST", pieces), ("NORTH", 0), ("WEST", 0)] {
            try await rig.simulator.control(
                "changes/stock",
                #"{"sku":"\#(Self.sku)","warehouse":"\#(warehouse)","onHand":"\#(onHand)","reserved":"0"}"#)
        }
        try await watch(rig, until: Sight("EAST \(pieces) NORTH 0 WEST 0", []))
    }

    /// The ERP tells everything but stock; returns the fault's number.
    private func silenceStock(_ rig: Rig) async throws -> Int {
        try await rig.simulator.fault(#"{"kind":"error","status":503,"path":"/changes/stock"}"#)
    }

    private func place(_ number: String, _ quantity: Int64, _ rig: Rig) async throws {
        let order = try OrderMessages.order(number, quantity: quantity, sku: Self.sku)
        try await rig.publish([OrderMessages.message(order)])
    }

    // MARK: - What is seen

    /// What a buyer may be promised at one moment, and why it is less than the ERP says.
    private struct Sight: Hashable, Sendable {
        /// By warehouse.
        var promise: String
        var demand: [String]

        init(_ promise: String, _ demand: [String]) { (self.promise, self.demand) = (promise, demand) }

        init(_ snapshot: LedgerSnapshot, of sku: String) throws {
            let promises = try snapshot.query(
                """
                SELECT warehouse || ' ' || (promise_micro / 1000000) FROM store_availability WHERE sku = ?
                ORDER BY warehouse
                """, .text(sku)
            ) { $0.text(0) }
            demand = try snapshot.query(
                "SELECT kind || ' ' || (quantity_micro / 1000000) FROM store_demand WHERE sku = ? ORDER BY 1",
                .text(sku)
            ) { $0.text(0) }
            promise = promises.joined(separator: " ")
        }
    }

    /// Returns every promise that was seen until it comes to this.
    @discardableResult
    private func watch(_ rig: Rig, until end: Sight) async throws -> Set<String> {
        var seen: Set<String> = []
        try await eventually(within: .seconds(90), "the sight to be \(end)") {
            let sight = try await rig.ledger { try Sight($0, of: Self.sku) }
            seen.insert(sight.promise)
            guard sight == end else { throw RigError.unexpectedAnswer("\(sight)") }
            return true
        }
        return seen
    }

    /// Nothing else was ever promised on the way there.
    private func expect(
        _ promises: Set<String>, _ rig: Rig, until end: Sight, at place: SourceLocation = #_sourceLocation
    ) async throws {
        let others = try await watch(rig, until: end).subtracting(promises)
        #expect(others.isEmpty, "\(others)", sourceLocation: place)
    }

    /// What has become of each line: allocated, shipped and backordered.
    private func lines(_ rig: Rig) async throws -> [String] {
        try await rig.ledger { snapshot in
            try snapshot.query(
                "SELECT status || ' ' || allocated || ' ' || shipped || ' ' || backordered FROM store_order_line"
            ) { $0.text(0) }
        }
    }

    private func waitForLine(_ line: String, _ rig: Rig) async throws {
        try await eventually("the line \(line)") { try await lines(rig) == [line] }
    }

    /// How many orders the ERP has answered.
    private func answers(_ rig: Rig) async throws -> Int64? {
        try await rig.ledger { snapshot in
            try snapshot.first("SELECT count(*) FROM store_order WHERE answered_revision IS NOT NULL") {
                $0.integer(0)
            }
        }
    }

    private func erpNumber(_ number: String, _ rig: Rig) async throws -> String {
        let found = try await rig.ledger { snapshot in
            try snapshot.first("SELECT erp_number FROM store_order WHERE number = ?", .text(number)) { $0.text(0) }
        }
        return try #require(found)
    }
}
