import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

/// What all revisions of an order have in common.
struct PlacedOrder: Sendable {
    var account: String
    var skus: [String]
}

extension PlayedDay {
    /// In good standing, over its limit, and on hold.
    private static let accounts = ["C-10001", "C-10003", "C-10004", "C-10006", "C-10008", "C-10010"]
    /// Out of stock, only in the west, five pieces, replaced by another, sold in tens, and plain ones.
    private static let skus = [
        "FST-0001", "FST-0008", "FST-0012", "PWR-0014", "SAF-0016", "ELC-0018", "HND-0003", "JAN-0005", "GLV-01-M",
    ]
    private static let splitAccount = "C-10002"

    /// Places some orders, and changes or cancels some of these and of earlier ones; in any order, and some twice.
    mutating func sendOrders(round: Int) async throws {
        var drafts: [OutgoingMessage] = []
        for index in 0..<8 { drafts.append(try place("D-\(round)-\(index)")) }
        let open = store.revisions.keys.filter { store.revisions[$0] == 1 }.sorted()
        for (index, number) in open.shuffled(using: &random).prefix(6).enumerated() {
            drafts.append(try change(number, isCancelled: index < 2))
        }
        for draft in drafts where Int.random(in: 0..<4, using: &random) == 0 { drafts.append(draft) }
        drafts.shuffle(using: &random)
        try await rig.publishUntilConfirmed(drafts)
        sent += drafts
    }

    private mutating func place(_ number: String) throws -> OutgoingMessage {
        let account = Self.accounts.randomElement(using: &random) ?? Self.splitAccount
        let count = Int.random(in: 1...3, using: &random)
        let skus = Array(Self.skus.shuffled(using: &random).prefix(count))
        let quantity = Int64.random(in: 1...25, using: &random)
        return try place(number, PlacedOrder(account: account, skus: skus), quantity: quantity)
    }

    private mutating func place(
        _ number: String, _ order: PlacedOrder, quantity: Int64
    ) throws -> OutgoingMessage {
        placed[number] = order
        store.revisions[number] = 1
        return OrderMessages.message(
            try OrderMessages.order(number, account: order.account, quantity: quantity, skus: order.skus))
    }

    private mutating func change(_ number: String, isCancelled: Bool) throws -> OutgoingMessage {
        guard let order = placed[number] else { throw RigError.unexpectedAnswer("no order \(number)") }
        store.revisions[number] = 2
        let quantity = Int64.random(in: 1...40, using: &random)
        let restated = try OrderMessages.order(
            number, account: order.account, revision: 2, quantity: quantity, skus: order.skus)
        return OrderMessages.message(
            restated, as: isCancelled ? Catalogue.orderCancelled : Catalogue.orderAmended)
    }

    // MARK: - Orders that are split

    /// What a day need not bring by chance: a part is sent, a part waits, its promised date changes, what waited is
    /// there again, and a cancellation comes too late. The feed is killed in between.
    mutating func splitOrders() async throws {
        try await placeSplitOrders()
        let (first, second) = (try await erpNumber("S-1"), try await erpNumber("S-2"))
        let company = rig.simulator
        try await company.move(first, "ship", #"{"lines":[{"lineId":"1","quantity":"4"}]}"#)
        try await company.move(
            first, "backorder", #"{"lines":[{"lineId":"2","quantity":"3"}],"promisedDate":"2031-01-15"}"#)
        try await company.move(second, "backorder", #"{"promisedDate":"2031-03-01"}"#)
        try await company.move(try await erpNumber("S-3"), "ship")
        try await waitForPromise("S-1", "2031-01-15")
        try await killFeed()
        try await company.move(
            first, "backorder", #"{"lines":[{"lineId":"2","quantity":"1"}],"promisedDate":"2031-02-20"}"#)
        try await company.move(second, "restock")
        try await company.move(second, "ship", #"{"lines":[{"lineId":"1","quantity":"3"}]}"#)
        let late = try change("S-3", isCancelled: true)
        try await rig.publishUntilConfirmed([late])
        sent.append(late)
    }

    /// The account may have come to be on hold or over its limit during the day.
    private mutating func placeSplitOrders() async throws {
        let sound = #"{"account":"\#(Self.splitAccount)","hold":null,"creditUsed":"0.00"}"#
        try await rig.simulator.control("changes/customers", sound)
        var drafts: [OutgoingMessage] = []
        for (number, skus) in [("S-1", ["FST-0002", "PWR-0003"]), ("S-2", ["SAF-0004"]), ("S-3", ["ELC-0005"])] {
            drafts.append(try place(number, PlacedOrder(account: Self.splitAccount, skus: skus), quantity: 10))
        }
        try await rig.publishUntilConfirmed(drafts)
        sent += drafts
        try await rig.waitForOrders(["S-1", "S-2", "S-3"], within: .seconds(120))
    }

    /// Every part of the split orders is where the moves have put it.
    func expectSplitOrders() async throws {
        let first = [
            "1 accepted 10 = 6 + 4 + 0 EAST -", "2 partially-backordered 10 = 6 + 0 + 4 EAST 2031-02-20",
        ]
        #expect(try await lines("S-1") == first)
        #expect(try await lines("S-2") == ["1 accepted 10 = 7 + 3 + 0 EAST -"])
        #expect(try await lines("S-3") == ["1 too-late-to-amend 10 = 0 + 10 + 0 EAST -"])
        #expect(try await rig.shownState("S-1") == "partially-shipped")
        #expect(try await rig.shownState("S-2") == "partially-shipped")
        #expect(try await rig.shownState("S-3") == "shipped")
        #expect(try await sentPieces() == ["S-1 1 4", "S-2 1 3", "S-3 1 10"])
    }

    private func waitForPromise(_ number: String, _ date: String) async throws {
        try await eventually(within: .seconds(60), "\(number) to be promised for \(date)") {
            try await lines(number).contains { $0.hasSuffix(date) }
        }
    }

    private func erpNumber(_ number: String) async throws -> String {
        let found = try await rig.ledger { snapshot in
            try snapshot.first("SELECT erp_number FROM store_order WHERE number = ?", .text(number)) { $0.text(0) }
        }
        return try #require(found)
    }

    /// What was ordered, and what became of it: allocated, shipped and backordered, from where and when.
    private func lines(_ number: String) async throws -> [String] {
        try await rig.ledger { snapshot in
            try snapshot.query(
                """
                SELECT line_id || ' ' || status || ' ' || ordered || ' = ' || allocated || ' + ' || shipped || ' + '
                    || backordered || ' ' || coalesce(warehouse, '-') || ' ' || coalesce(promised_date, '-')
                FROM store_order_line WHERE number = ? AND origin = 'online' ORDER BY position
                """, .text(number)
            ) { $0.text(0) }
        }
    }

    private func sentPieces() async throws -> [String] {
        try await rig.ledger { snapshot in
            try snapshot.query(
                """
                SELECT s.number || ' ' || l.line_id || ' ' || l.quantity
                FROM store_shipment AS s JOIN store_shipment_line AS l ON l.shipment = s.id
                WHERE s.number IN ('S-1', 'S-2', 'S-3') ORDER BY 1
                """
            ) { $0.text(0) }
        }
    }
}
