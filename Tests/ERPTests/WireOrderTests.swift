import FoundationEssentials
import Models
import Testing

@testable import ERP

/// What an ERP may do to its texts without costing an order its answer, and what it may not.
@Suite struct WireOrderTests {
    private func line(_ members: String = "", id: String = "1", ordered: String = "2", status: String = "accepted")
        -> String
    {
        """
        {"lineId":"\(id)","sku":"FST-1","status":"\(status)"\(members),"quantities":{"ordered":"\(ordered)",
        "allocated":"0","shipped":"0","backordered":"0"}}
        """
    }

    private func order(_ members: String = "", lines: [String]) -> String {
        """
        {"erpNumber":"SO1","storeNumber":"1","storeRevision":1,"version":1,"state":"accepted"\(members),
        "lines":[\(lines.joined(separator: ","))]}
        """
    }

    private func read(_ text: String) throws -> ERPOrder {
        try JSONDecoder().decode(WireERPOrder.self, from: Data(text.utf8)).value()
    }

    private func fault(_ text: String) -> String? {
        do {
            _ = try read(text)
            return nil
        } catch let fault as WireFault {
            return fault.description
        } catch {
            return WireFault(error).description
        }
    }

    @Test("keys lose the blanks of a fixed-width column")
    func padding() throws {
        let text = """
            {"erpNumber":"SO0001   ","storeNumber":"1  ","storeRevision":1,"version":1,"state":"held",
            "reason":{"code":"credit.hold ","text":" Over the limit. \\u0000"},"purchaseOrderNumber":" PO-1 ","account":"C-1 ",
            "lines":[{"lineId":"1 ","sku":"FST-1      ","status":"on-hold","warehouse":"EAST  ","quantities":
            {"ordered":"2.000000000","allocated":"0","shipped":"0","backordered":"0"}}]}
            """
        let order = try read(text)
        #expect(order.erpNumber == "SO0001" && order.storeNumber == "1" && order.purchaseOrderNumber == "PO-1")
        #expect(order.account == "C-1" && order.reason == .init(code: "credit.hold", text: "Over the limit."))
        #expect(order.lines.map(\.lineID) == ["1"] && order.lines.map(\.sku) == ["FST-1"])
        #expect(order.lines.map(\.warehouse) == ["EAST"])
        #expect(order.lines.map(\.quantities.ordered.scale) == [6])
        try expectReadable(order)
    }

    @Test("what the ERP charges is read, and sums that are none cost the order nothing else")
    func totals() throws {
        let sums = #""goods":"8.00","discount":"0.00","shipping":"9.10","tax":"0.72","total":"17.82""#
        let order = try read(order(",\"totals\":{\(sums)}", lines: [line()]))
        #expect(order.totals?.shipping == ExactDecimal("9.10") && order.totals?.total == ExactDecimal("17.82"))
        let odd = try read(self.order(#","totals":{"goods":"8.00","discount":"none"}"#, lines: [line()]))
        #expect(odd.totals == nil && odd.lines.count == 1)
        #expect(try read(self.order(lines: [line()])).totals == nil)
    }

    @Test("free text is cut where the contract ends, and cleaned of control characters")
    func longText() throws {
        let long = String(repeating: "é", count: 5_000)
        let order = try read(order(#","reason":{"code":"a.b","text":"\u001b[31m\#(long)"}"#, lines: [line()]))
        #expect(order.reason?.text.unicodeScalars.count == 2_000)
        #expect(order.reason?.text.hasPrefix("[31m") == true)
        try expectReadable(order)
    }

    @Test("an optional part that breaks the interface is dropped, and its order is kept")
    func optionalParts() throws {
        let bad = String(repeating: "x", count: 65)
        let parts = #","warehouse":"\#(bad)","promisedDate":"soon","substituteSku":7,"reason":{"code":1}"#
        let order = try read(order(#","reason":"none","total":12"#, lines: [line(parts)]))
        let line = try #require(order.lines.first)
        #expect(line.warehouse == nil && line.promisedDate == nil && line.substituteSKU == nil && line.reason == nil)
        #expect(order.reason == nil && order.total == nil)
        try expectReadable(order)
    }

    @Test("in a page, what of an order can not be read is explained under the ERP's own number")
    func explained() throws {
        let parts = #","warehouse":7,"promisedDate":"soon","reason":{"code":"a"}"#
        let row = order(
            #","reason":{"code":"a\u0007b","text":"x"},"total":"1,00","changedAt":"soon""#, lines: [line(parts)])
        let text = #"{"changes":[\#(row)],"cursor":"9","hasMore":false}"#
        let page = try JSONDecoder().decode(WireChanges<WireERPOrder>.self, from: Data(text.utf8)).value()
        #expect(page.changes.count == 1 && page.incomplete.map(\.key) == ["SO1"])
        #expect(
            page.incomplete.flatMap(\.omissions) == [
                IncompleteChange.Omission(part: "/reason/code", reason: "reason/code contains control characters"),
                IncompleteChange.Omission(
                    part: "/lines/0/warehouse", reason: "lines/0/warehouse has the wrong type"),
                IncompleteChange.Omission(part: "/lines/0/promisedDate", reason: "lines/0/promisedDate is no day"),
                IncompleteChange.Omission(part: "/lines/0/reason", reason: "lines/0/reason/text is missing"),
                IncompleteChange.Omission(part: "/total", reason: "total is not a decimal"),
                IncompleteChange.Omission(part: "/changedAt", reason: "changedAt is no time"),
            ])
    }

    @Test("an order whose status would be longer than workers read is unreadable in a page, and says so")
    func long() throws {
        let reason = #","reason":{"code":"a.b","text":"\#(String(repeating: "x", count: 2_000))"}"#
        let row = order(lines: (1...600).map { line(reason, id: "\($0)") })
        let text = #"{"changes":[\#(row)],"cursor":"9","hasMore":false}"#
        let page = try JSONDecoder().decode(WireChanges<WireERPOrder>.self, from: Data(text.utf8)).value()
        #expect(page.changes.isEmpty && page.unreadable.map(\.key) == ["SO1"])
        #expect(page.unreadable.first?.reason.hasPrefix("it makes a message of about ") == true)
        #expect(try read(row).lines.count == 600)
    }

    @Test("a reason whose code is none keeps its sentence")
    func reasonCode() throws {
        let order = try read(order(#","reason":{"code":"","text":"Ask Ada."}"#, lines: [line()]))
        #expect(order.reason == .init(code: "erp.unspecified", text: "Ask Ada."))
        try expectReadable(order)
    }

    @Test("a required part that breaks the interface is named, with its place")
    func requiredParts() {
        #expect(fault(order(lines: [line(), line()])) == "lines/1/lineId is used by an earlier line too")
        #expect(fault(order(lines: [line(id: "  ")])) == "lines/0/lineId is empty")
        #expect(fault(order(lines: [line(id: "a\\u0007b")])) == "lines/0/lineId contains control characters")
        #expect(
            fault(order(lines: [line(id: String(repeating: "1", count: 65))]))
                == "lines/0/lineId has more than 64 characters")
        #expect(
            fault(order(lines: [line(status: "substituted")]))
                == "lines/0/substituteSku is missing, and the line is substituted")
        #expect(
            fault(order(lines: [line(status: "lost")]))
                == "lines/0/status is \"lost\", which the interface does not know")
        #expect(
            fault(order(lines: [line(ordered: "1000000000.1")])) == "lines/0/quantities/ordered is above 1000000000")
        #expect(
            fault(order(lines: [line(ordered: "1.0000001")])) == "lines/0/quantities/ordered has more than 6 decimals")
        #expect(fault(order(lines: [line(ordered: "-1")])) == "lines/0/quantities/ordered is below 0")
        #expect(fault(order(lines: [line(ordered: "two")])) == "lines/0/quantities/ordered is not a decimal")
        #expect(fault(order(lines: [#"{"lineId":"1"}"#])) == "lines/0/sku is missing")
    }

    @Test("a page with one unreadable order still brings the others, and names the one")
    func page() throws {
        let bad = order(lines: [line(ordered: "two")]).replacingFirst("SO1", "SO2")
        let text = #"{"changes":[\#(order(lines: [line()])),\#(bad),7],"cursor":"9","hasMore":false}"#
        let page = try JSONDecoder().decode(WireChanges<WireERPOrder>.self, from: Data(text.utf8)).value()
        #expect(page.changes.count == 1 && page.cursor == "9")
        #expect(
            page.unreadable == [
                UnreadableChange(key: "SO2", reason: "lines/0/quantities/ordered is not a decimal"),
                UnreadableChange(key: nil, reason: "it has the wrong type"),
            ])
    }

    @Test("a problem's texts fit the contract, and its unreadable order does not hide its reason")
    func problem() throws {
        let long = String(repeating: "x", count: 3_000)
        let text = #"{"category":"declined","code":" \#(long)","detail":"\#(long)","order":{"erpNumber":1}}"#
        let problem = try JSONDecoder().decode(WireProblem.self, from: Data(text.utf8))
        #expect(problem.category == .declined)
        #expect(problem.stableCode == "erp.unspecified" && problem.sentence.count == 2_000)
        #expect(problem.order != nil && problem.order?.value == nil)
    }

    /// Our own consumer takes what becomes of it.
    private func expectReadable(_ order: ERPOrder) throws {
        let status = order.status(revision: 1)
        let type = Catalogue.orderStatus
        let envelope = Envelope(for: status, as: type, source: "urn:test", time: .now())
        #expect(try MessageReader().read(MessageWriter().write(envelope, status)).payload as? OrderStatus == status)
    }
}

extension String {
    fileprivate func replacingFirst(_ old: String, _ new: String) -> String {
        guard let range = firstRange(of: old) else { return self }
        return replacingCharacters(in: range, with: new)
    }

    private func replacingCharacters(in range: Range<String.Index>, with new: String) -> String {
        String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
    }
}
