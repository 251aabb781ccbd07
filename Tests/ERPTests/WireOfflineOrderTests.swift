import FoundationEssentials
import Models
import Testing

@testable import ERP

/// Orders keyed in the ERP, as it may state them.
@Suite struct WireOfflineOrderTests {
    private static let order = """
        {"erpNumber":"SO1","version":2,"changedAt":"2026-03-02T10:00:00Z","state":"accepted",
        "reason":{"code":"credit.hold","text":"Overdue"},
        "lines":[{"lineId":"1","sku":"A","status":"accepted","warehouse":"EAST",
        "quantities":{"ordered":"2","allocated":"2","shipped":"0","backordered":"0"}}],
        "offline":{"account":"C-1","contact":{"name":"Ada","email":"ada@example.com"},"purchaseOrderNumber":"PO-1",
        "placedAt":"2026-03-02T09:00:00Z",
        "shipTo":{"name":"Dock","street":["2 Main Street"],"city":"Newark","postalCode":"07101","country":"US"},
        "billTo":{"name":"Accounts","street":["1 Main Street"],"city":"Newark","country":"CA"},
        "shippingMethod":"ground","requestedDate":"2026-03-05","preferredWarehouse":"WEST",
        "payment":{"method":"prepaid","reference":"tx-1 "},"currency":"USD",
        "lines":[{"id":"1","sku":"A","quantity":"2","unit":"C62","unitPrice":"4.00","amount":"8.00",
        "priceVersion":"7"}],
        "totals":{"goods":"8.00","discount":"0.00","shipping":"0.00","tax":"0.00","total":"8.00"}}}
        """

    private func page(_ text: String) throws -> ERPChanges {
        let text = #"{"changes":[\#(text)],"cursor":"9","hasMore":false}"#
        return try JSONDecoder().decode(WireChanges<WireERPOrder>.self, from: Data(text.utf8)).value()
    }

    private func offlineOrder(_ page: ERPChanges) -> OfflineOrder? {
        guard case .offlineOrder(let order) = page.changes.first?.what else { return nil }
        return order
    }

    @Test("an order keyed in the ERP comes with everything that it states")
    func whole() throws {
        let page = try page(Self.order)
        let order = try #require(offlineOrder(page))
        #expect(page.unreadable.isEmpty && page.incomplete.isEmpty)
        #expect(order.number == "SO1" && order.revision == 2 && order.account == "C-1")
        #expect(order.payment == .prepaid(reference: "tx-1") && order.contact?.email == "ada@example.com")
        #expect(order.billTo?.country.code == "CA" && order.lines.map(\.priceVersion) == ["7"])
        #expect(order.preferredWarehouse == "WEST" && order.lineStatuses.map(\.warehouse) == ["EAST"])
    }

    @Test(
        "an optional part of it that can not be read is left out and explained",
        arguments: [
            ("ada@example.com", "nobody", "offline/contact", "/email is no e-mail address"),
            (#""PO-1""#, "7", "offline/purchaseOrderNumber", " has the wrong type"),
            (#""07101""#, "7101", "offline/shipTo/postalCode", " has the wrong type"),
            (#""CA""#, #""Canada""#, "offline/billTo", "/country is no country"),
            ("2026-03-05", "soon", "offline/requestedDate", " is no day"),
            (#""WEST""#, "{}", "offline/preferredWarehouse", " has the wrong type"),
            ("prepaid", "barter", "offline/payment", "/method is no way of paying that the interface knows"),
            (#","reference":"tx-1 ""#, "", "offline/payment", "/reference is missing, and the order is prepaid"),
            (#""priceVersion":"7""#, #""priceVersion":7"#, "offline/lines/0/priceVersion", " has the wrong type"),
            (#""EAST""#, "7", "lines/0/warehouse", " has the wrong type"),
        ])
    func forgiving(old: String, new: String, part: String, says: String) throws {
        let text = Self.order.replacing(old, with: new)
        #expect(text != Self.order)
        let page = try page(text)
        let omission = IncompleteChange.Omission(part: "/" + part, reason: part + says)
        #expect(page.incomplete == [IncompleteChange(key: "SO1", revision: 2, omissions: [omission])])
        #expect(offlineOrder(page)?.contractFaults.isEmpty == true)
    }

    @Test(
        "a card number goes nowhere, least of all into the explanation, whichever field it is in",
        arguments: [("tx-1 ", "breaks the contract: "), ("prepaid", "/method is no way of paying")])
    func cardNumber(old: String, says: String) throws {
        let page = try page(Self.order.replacing(old, with: "4111111111111111"))
        let order = try #require(offlineOrder(page))
        #expect(order.payment == nil && order.contractFaults.isEmpty)
        let omissions = page.incomplete.flatMap(\.omissions)
        #expect(omissions.map(\.part) == ["/offline/payment"])
        #expect(omissions.allSatisfy { $0.reason.contains(says) && !$0.reason.contains("4111") })
    }

    @Test("zeros that an amount has too many of are no fault")
    func zeros() throws {
        let page = try page(Self.order.replacing(#""unitPrice":"4.00""#, with: #""unitPrice":"4.00000000""#))
        #expect(page.incomplete.isEmpty && offlineOrder(page)?.lines.first?.unitPrice == ExactDecimal("4"))
    }
}
