import Fleet
import FleetTesting
import Ledger
import Models
import Testing

/// From the queue through the ERP and back, as the store's tables have it in the end.
@Suite("The ERP's answer to an order", .needsBroker, .timeLimit(.minutes(5)))
struct BusinessAnswerTests {
    @Test(
        "that declines it is shown as a rejection with the ERP's reason; nobody has to look, and nothing is sent again")
    func declined() async throws {
        try await withWorker { rig in
            try await place("closed", account: "C-10007", ["FST-0001"], rig)
            #expect(try await shown(rig, "closed") == ["rejected account.closed: Account C-10007 is closed."])
            #expect(try await lines(rig, "closed") == ["1 FST-0001 rejected 2 = 0 + 0 + 0 -"])
            #expect(try await history(rig, "closed") == ["rejected account.closed"])
            #expect(try await rig.simulator.summary().orders == 0)
        }
    }

    @Test("that holds it for the account's credit is shown with the reason, and so is its release")
    func held() async throws {
        try await withWorker { rig in
            try await place("held", account: "C-10004", ["FST-0001"], rig)
            let feed = try rig.start("erp-feed", ["FEED_INTERVAL": "200ms"])
            #expect(try await shown(rig, "held") == ["held credit.hold: The account is on credit hold."])
            #expect(try await lines(rig, "held") == ["1 FST-0001 on-hold 2 = 0 + 0 + 0 -"])
            try await rig.simulator.move(try await erpNumber(rig, "held"), "release")
            try await eventually("the release to be shown") { try await shown(rig, "held") == ["accepted -: -"] }
            #expect(try await lines(rig, "held") == ["1 FST-0001 accepted 2 = 2 + 0 + 0 -"])
            #expect(try await history(rig, "held") == ["held credit.hold", "accepted -"])
            try await rig.stop(feed)
        }
    }

    @Test("that changes its lines is shown line by line: backordered, partly backordered, substituted, sold in tens")
    func changedLines() async throws {
        try await withWorker { rig in
            let skus = ["FST-0001", "FST-0008", "FST-0014", "FST-0016", "FST-0018"]
            try await place("mixed", quantity: 7, skus, rig)
            #expect(try await shown(rig, "mixed") == ["accepted -: -"])
            #expect(
                try await lines(rig, "mixed") == [
                    "1 FST-0001 accepted 7 = 7 + 0 + 0 -", "2 FST-0008 backordered 7 = 0 + 0 + 7 -",
                    "3 FST-0014 partially-backordered 7 = 5 + 0 + 2 -",
                    "4 FST-0016 substituted 7 = 7 + 0 + 0 FST-0017",
                    "5 FST-0018 accepted-with-changes 10 = 10 + 0 + 0 -",
                ])
            #expect(try await rig.simulator.summary().orders == 1)
        }
    }

    @Test("that comes too late for a change shows the order as it stands, with the reason")
    func tooLate() async throws {
        try await withWorker { rig in
            try await place("gone", ["FST-0001"], rig)
            try await rig.simulator.move(try await erpNumber(rig, "gone"), "ship")
            let change = try OrderMessages.order("gone", revision: 2, quantity: 9)
            try await rig.publish([OrderMessages.message(change, as: Catalogue.orderAmended)])
            try await rig.waitForOrders(["gone"], revision: 2)
            let order = try #require(try await shown(rig, "gone").first)
            #expect(order.hasPrefix("shipped order.too-late: "), "\(order)")
            #expect(try await lines(rig, "gone") == ["1 FST-0001 too-late-to-amend 2 = 0 + 2 + 0 -"])
            #expect(try await history(rig, "gone").map { $0.prefix { $0 != " " } } == ["accepted", "shipped"])
        }
    }

    /// Every answer of these is final, so nothing may be a letter afterwards.
    private func withWorker(_ body: (Rig) async throws -> Void) async throws {
        try await Rig.with { rig in
            let worker = try rig.startWorker()
            try await body(rig)
            try await rig.waitUntilQuiet()
            #expect(try await rig.deadLetters() == 0)
            #expect(try await rig.deadLetters(of: "orders.to-store") == 0)
            try await rig.stop(worker)
        }
    }

    private func place(
        _ number: String, account: String = "C-10001", quantity: Int64 = 2, _ skus: [String], _ rig: Rig
    ) async throws {
        let order = try OrderMessages.order(number, account: account, quantity: quantity, skus: skus)
        try await rig.publish([OrderMessages.message(order)])
        try await rig.waitForOrders([number])
    }

    private func erpNumber(_ rig: Rig, _ number: String) async throws -> String {
        let found = try await texts(rig, "SELECT erp_number FROM store_order WHERE number = ?", number)
        return try #require(found.first)
    }

    private func shown(_ rig: Rig, _ number: String) async throws -> [String] {
        try await texts(
            rig,
            """
            SELECT state || ' ' || ifnull(reason_code, '-') || ': ' || ifnull(reason, '-')
            FROM store_order WHERE number = ? AND origin = 'online'
            """, number)
    }

    /// What was ordered, and what became of it: allocated, shipped and backordered, and what is sent instead.
    private func lines(_ rig: Rig, _ number: String) async throws -> [String] {
        try await texts(
            rig,
            """
            SELECT line_id || ' ' || sku || ' ' || status || ' ' || ordered || ' = ' || allocated || ' + ' || shipped
                || ' + ' || backordered || ' ' || ifnull(substitute_sku, '-')
            FROM store_order_line WHERE number = ? ORDER BY position
            """, number)
    }

    private func history(_ rig: Rig, _ number: String) async throws -> [String] {
        try await texts(
            rig,
            "SELECT state || ' ' || ifnull(reason_code, '-') FROM store_order_history WHERE number = ? ORDER BY revision",
            number)
    }

    private func texts(_ rig: Rig, _ query: StaticString, _ number: String) async throws -> [String] {
        try await rig.ledger { snapshot in try snapshot.query(query, .text(number)) { $0.text(0) } }
    }
}
