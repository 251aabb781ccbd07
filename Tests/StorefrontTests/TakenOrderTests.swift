import Ledger
import Models
import Storefront
import Testing

/// What an order of the store's own shows and owes before the ERP has answered it.
@Suite struct TakenOrderTests {
    private func customer(
        _ account: String = "C-1", at seconds: Int64, revision: Int64, used: String, _ desk: StoreDesk
    ) async throws {
        let customer = Customer(
            account: account, revision: revision, name: "Northwind", currency: try Unlike.order().currency,
            isPurchaseOrderAllowed: true, creditLimit: ExactDecimal("1000000"),
            creditUsed: try #require(ExactDecimal(used)), isActive: true)
        let time = try desk.second(seconds)
        try await desk.store.show { try $0.show(customer, at: time, in: $1) }
    }

    private func left(_ desk: StoreDesk) async throws -> [String] {
        try await desk.store.rows(
            "SELECT CASE WHEN owed_micro > 0 THEN 'owed' ELSE 'all' END FROM store_purchase_order WHERE account = 'C-1'"
        )
    }

    @Test("an order on account lowers the credit until the ERP has answered it and stated the account anew")
    func credit() async throws {
        try await StoreDesk.with { desk in
            try await customer(at: 1, revision: 1, used: "0", desk)
            #expect(try await left(desk) == ["all"])
            try await desk.order("W-1", "1")
            #expect(try await left(desk) == ["owed"])
            try await desk.status("W-1", allocated: "1", at: 5)
            #expect(try await left(desk) == ["owed"])
            try await customer(at: 4, revision: 2, used: "0", desk)
            #expect(try await left(desk) == ["owed"])
            try await customer(at: 5, revision: 3, used: "100", desk)
            #expect(try await left(desk) == ["all"])
            try await desk.order("W-2", "1")
            try await desk.status("W-2", state: .rejected, at: 9)
            #expect(try await left(desk) == ["all"])
        }
    }

    @Test("an account of before an order does not have what it owes for it, though the ERP's clock was set back since")
    func clockSetBack() async throws {
        try await StoreDesk.with { desk in
            try await customer(at: 3_600, revision: 1, used: "0", desk)
            try await desk.order("W-1", "1", placed: .now())
            try await desk.status("W-1", allocated: "1", at: 5)
            #expect(try await left(desk) == ["owed"])
            try await customer(at: 8, revision: 2, used: "100", desk)
            #expect(try await left(desk) == ["all"])
        }
    }

    @Test("what was answered is owed for a week at most, once another account is stated; what was not is owed on")
    func neverStatedAgain() async throws {
        try await StoreDesk.with { desk in
            try await customer(at: 1, revision: 1, used: "0", desk)
            try await desk.order("W-1", "1")
            try await desk.status("W-1", allocated: "1", at: 5)
            try await customer("C-2", at: 604_804, revision: 1, used: "0", desk)
            #expect(try await left(desk) == ["owed"])
            try await customer("C-2", at: 604_805, revision: 2, used: "0", desk)
            #expect(try await left(desk) == ["all"])
            try await desk.order("W-2", "1")
            try await desk.status("W-2", allocated: "1", at: 6)
            try await desk.order("W-2", "1", revision: 2)
            try await customer("C-2", at: 604_900, revision: 3, used: "0", desk)
            #expect(try await left(desk) == ["owed"], "the ERP has not answered its second revision")
        }
    }

    @Test("a message from the future ends nothing before its time")
    func future() async throws {
        try await StoreDesk.with { desk in
            let (soon, year) = (Timestamp.now().microseconds / 1_000_000 - 1_770_000_000, Int64(31_536_000))
            try await customer(at: 1, revision: 1, used: "0", desk)
            try await desk.stock("10", at: 1)
            try await desk.order("W-1", "4")
            try await desk.status("W-1", allocated: "4", at: soon)
            try await customer("C-2", at: soon + year, revision: 1, used: "0", desk)
            try await desk.stock("7", of: "S-2", at: soon + year)
            #expect(try await left(desk) == ["owed"])
            try await desk.expect("EAST 6")
        }
    }

    @Test("a cancelled order is owed until the ERP agrees, which may say that it is too late")
    func cancelled() async throws {
        try await StoreDesk.with { desk in
            try await customer(at: 1, revision: 1, used: "0", desk)
            try await desk.order("W-1", "1")
            try await desk.status("W-1", shipped: "1", at: 5)
            try await desk.order("W-1", "1", revision: 2, isCancelled: true)
            #expect(try await left(desk) == ["owed"])
            try await desk.status("W-1", shipped: "1", revision: 2, answered: 2, at: 6)
            #expect(try await left(desk) == ["owed"], "it was too late")
            try await customer(at: 7, revision: 2, used: "100", desk)
            #expect(try await left(desk) == ["all"])
            try await desk.order("W-2", "1")
            try await desk.order("W-2", "1", revision: 2, isCancelled: true)
            try await desk.status("W-2", state: .cancelled, answered: 2, at: 9)
            #expect(try await left(desk) == ["all"], "it was not")
        }
    }

    @Test("an order is shown as received, with what the store knows of it, before the ERP has answered")
    func received() async throws {
        try await StoreDesk.with { desk in
            try await desk.order("W-1", "1")
            let shown = "SELECT state || ' ' || account || ' ' || revision FROM store_order WHERE number = 'W-1'"
            #expect(try await desk.store.rows(shown) == ["received C-1 0"])
            try await desk.status("W-1", allocated: "1", at: 5)
            #expect(try await desk.store.rows(shown) == ["accepted C-1 1"])
        }
    }
}
