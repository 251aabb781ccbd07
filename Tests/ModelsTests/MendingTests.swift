import Models
import Testing

@Suite("Mending")
struct MendingTests {
    private func status() throws -> OrderStatus {
        try #require(try MessageReader().read(Array(Fixture.status.utf8)).payload as? OrderStatus)
    }

    @Test("a payload that keeps its contract has no faults and needs no mending")
    func sound() throws {
        let status = try self.status()
        #expect(status.contractFaults.isEmpty)
        #expect(status.mended() == status)
        #expect(try Fixture.order(Array(Fixture.placed.utf8)).contractFaults.isEmpty)
    }

    @Test("text that is too long, and fields that may be missing, are no reason to say nothing")
    func mendable() throws {
        var status = try self.status()
        status.reason = OrderStatus.Reason(code: " credit hold ", text: String(repeating: "é", count: 5000) + "\u{0}")
        status.erpNumber = "SO-1 "
        status.lines[0].warehouse = "TAC\n"
        status.lines[0].quantities.ordered = try #require(ExactDecimal("250.000000000"))
        status.lines[1].substituteSKU = nil
        #expect(!status.contractFaults.isEmpty)
        let mended = status.mended()
        #expect(mended.contractFaults.isEmpty)
        #expect(mended.reason?.code == "unspecified")
        #expect(mended.reason?.text == String(repeating: "é", count: 2000))
        #expect(mended.erpNumber == nil && mended.lines[0].warehouse == nil)
        #expect(mended.lines[0].quantities.ordered == ExactDecimal("250"))
        #expect(mended.lines[1].status == .acceptedWithChanges)
        #expect(mended.number == status.number && mended.lines[0].reason == status.lines[0].reason)
    }

    @Test("an order that is rejected without a reason is rejected with none that is known")
    func rejected() throws {
        var status = try self.status()
        (status.state, status.reason) = (.rejected, nil)
        #expect(status.contractFaults.map(\.pointer) == ["/data/reason"])
        #expect(status.mended().reason?.code == OrderStatus.Reason.unspecified)
        #expect(status.mended().contractFaults.isEmpty)
    }

    @Test("what says which thing is meant is never changed")
    func unmendable() throws {
        var status = try self.status()
        status.lines[0].sku = " BOLT"
        status.lines[1].quantities.shipped = try #require(ExactDecimal("0.1234567"))
        let mended = status.mended()
        #expect(mended.lines[0].sku == " BOLT")
        #expect(
            mended.contractFaults.map { "\($0.pointer) \($0.rule)" }
                == ["/data/lines/0/sku blank-edges", "/data/lines/1/quantities/shipped scale"])
    }

    @Test("free text is cut by scalars and keeps its line breaks")
    func freeText() {
        #expect(FreeText.fitting("a\u{0}b\u{1B}\u{85}c\n\td\u{7F}", in: 10) == "abc\n\td")
        #expect(FreeText.fitting("😀😀😀", in: 2) == "😀😀")
        #expect(FreeText.fitting("x", in: -1) == "")
        #expect(OrderStatus.Reason(code: "a", fitting: String(repeating: "x", count: 3000)).text.utf8.count == 2000)
    }

    @Test("a payload of no contract of ours has a fault and no body")
    func foreign() {
        struct Foreign: Payload {
            let subject = "1"
            let revision: Int64 = 1
        }
        let envelope = Envelope(id: "1", source: "x:y", type: "x.v1", subject: "1", time: .epoch, revision: 1)
        #expect(MessageWriter().write(envelope, Foreign()).isEmpty)
        #expect(Foreign().contractFaults.map(\.rule) == ["unsupported"])
        #expect(Foreign().mended() == Foreign())
    }
}
