import ERP
import Models
import Testing

/// Newest wins, whatever the order of arrival.
@Suite struct RevisionTests {
    @Test("an amendment replaces what was ordered")
    func amend() async throws {
        try await SimulatedERP.with { simulated in
            let placed = try await simulated.erp.submit(Fixture.order())
            let amended = try await simulated.erp.amend(Fixture.order(revision: 2, quantity: "9"))
            #expect(amended.erpNumber == placed.erpNumber)
            #expect(amended.storeRevision == 2)
            #expect(amended.version > placed.version)
            #expect(amended.lines[0].quantities.ordered == Fixture.decimal("9"))
        }
    }

    @Test("an older revision changes nothing and returns what stands")
    func older() async throws {
        try await SimulatedERP.with { simulated in
            let third = try await simulated.erp.submit(Fixture.order(revision: 3, quantity: "9"))
            #expect(try await simulated.erp.submit(Fixture.order(revision: 1)) == third)
            #expect(try await simulated.erp.amend(Fixture.order(revision: 2)) == third)
            #expect(try await simulated.erp.cancel(Fixture.order(revision: 2)) == third)
            #expect(try await simulated.erp.findOrder(number: "100001") == third)
        }
    }

    @Test("an amendment that overtakes its order enters it; the order is then old")
    func amendFirst() async throws {
        try await SimulatedERP.with { simulated in
            let amended = try await simulated.erp.amend(Fixture.order(revision: 2, quantity: "9"))
            #expect(amended.storeRevision == 2)
            #expect(try await simulated.erp.submit(Fixture.order(revision: 1)) == amended)
            #expect(try await simulated.summary().creates == 1)
        }
    }

    @Test("a submission at a newer revision amends")
    func submitNewer() async throws {
        try await SimulatedERP.with { simulated in
            _ = try await simulated.erp.submit(Fixture.order())
            #expect(try await simulated.erp.submit(Fixture.order(revision: 4, quantity: "9")).storeRevision == 4)
            #expect(try await simulated.summary().creates == 1)
        }
    }

    @Test("the same revision with other content is a conflict for a person")
    func conflict() async throws {
        try await SimulatedERP.with { simulated in
            _ = try await simulated.erp.submit(Fixture.order())
            let error = await failure { () async throws(ERPError) in
                try await simulated.erp.submit(Fixture.order(quantity: "3"))
            }
            #expect(error?.code == "conflict.same-revision")
        }
    }

    @Test("a cancellation that overtakes its order leaves a cancelled one behind")
    func tombstone() async throws {
        try await SimulatedERP.with { simulated in
            let cancelled = try await simulated.erp.cancel(Fixture.order(revision: 2))
            #expect(cancelled.state == .cancelled)
            #expect(try await simulated.erp.submit(Fixture.order(revision: 1)) == cancelled)
            #expect(try await simulated.erp.findOrder(number: "100001")?.state == .cancelled)
            let books = try await simulated.summary()
            #expect(books.states == ["cancelled": 1])
            #expect(books.creates == 1)
        }
    }

    @Test("a cancellation racing its order ends cancelled, whoever comes first")
    func race() async throws {
        try await SimulatedERP.with { simulated in
            for number in 1...20 {
                async let placed = simulated.erp.submit(Fixture.order("race-\(number)"))
                async let cancelled = simulated.erp.cancel(Fixture.order("race-\(number)", revision: 2))
                _ = try await (placed, cancelled)
                #expect(try await simulated.erp.findOrder(number: "race-\(number)")?.state == .cancelled)
            }
            #expect(try await simulated.summary().duplicates.isEmpty)
        }
    }

    @Test("after shipping an amendment and a cancellation are too late")
    func tooLate() async throws {
        try await SimulatedERP.with { simulated in
            let placed = try await simulated.erp.submit(Fixture.order())
            #expect(try await simulated.move(placed.erpNumber, "ship") == 200)
            let late = Fixture.order(revision: 2, quantity: "9")
            guard
                case .tooLate(let standing, let sentence) = await failure({ () async throws(ERPError) in
                    try await simulated.erp.amend(late)
                })
            else {
                Issue.record("amended")
                return
            }
            #expect(standing.state == .shipped)
            #expect(standing.storeRevision == 1)
            let status = standing.standingStatus(
                revision: 5, answering: late, reason: .init(code: "order.too-late", text: sentence))
            #expect(status.answeredRevision == 2)
            #expect(status.lines.map(\.status) == [.tooLateToAmend])
            let error = await failure { () async throws(ERPError) in try await simulated.erp.cancel(late) }
            #expect(error?.code == "order.too-late")
        }
    }

    @Test("a declined amendment comes with the order that goes on as before")
    func declinedAmendment() async throws {
        try await SimulatedERP.with { simulated in
            let prepaid = Fixture.order(account: "C-10005", payment: .prepaid(reference: "pi_1"))
            let placed = try await simulated.erp.submit(prepaid)
            let error = await failure { () async throws(ERPError) in
                try await simulated.erp.amend(Fixture.order(revision: 2, account: "C-10005"))
            }
            guard case .declined("terms.prepay-only", _, let standing) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(standing == placed)
            #expect(try await simulated.erp.findOrder(number: "100001") == placed)
        }
    }

    @Test("an order says what it was told: purchase order number and total, at its newest revision")
    func echo() async throws {
        try await SimulatedERP.with { simulated in
            let placed = try await simulated.erp.submit(Fixture.order())
            #expect(placed.purchaseOrderNumber == "PO-100001" && placed.total == Fixture.order().totals.total)
            let newer = Fixture.order(revision: 2, quantity: "9")
            #expect(try await simulated.erp.amend(newer).total == newer.totals.total)
        }
    }

    @Test("a cancelled order stays cancelled when it is amended later")
    func amendCancelled() async throws {
        try await SimulatedERP.with { simulated in
            _ = try await simulated.erp.submit(Fixture.order())
            _ = try await simulated.erp.cancel(Fixture.order(revision: 2))
            let error = await failure { () async throws(ERPError) in
                try await simulated.erp.amend(Fixture.order(revision: 3))
            }
            #expect(error?.code == "order.too-late")
            #expect(try await simulated.erp.findOrder(number: "100001")?.state == .cancelled)
        }
    }

    @Test("a cancellation may be repeated")
    func cancelTwice() async throws {
        try await SimulatedERP.with { simulated in
            _ = try await simulated.erp.submit(Fixture.order())
            let cancelled = try await simulated.erp.cancel(Fixture.order(revision: 2))
            #expect(try await simulated.erp.cancel(Fixture.order(revision: 2)) == cancelled)
        }
    }
}
