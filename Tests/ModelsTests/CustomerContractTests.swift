import Models
import Testing

@Suite("Accounts and prices")
struct CustomerContractTests {
    private static let customer = Catalogue.examples(for: Catalogue.customer)[0].text
    private static let prices = Catalogue.examples(for: Catalogue.contractPrices)[0].text
    private static let list = Catalogue.examples(for: Catalogue.contractPrices)[1].text

    @Test("an account is read as it was written, credit, hold and assortment and all")
    func customer() throws {
        let customer = try #require(try MessageReader().read(Array(Self.customer.utf8)).payload as? Customer)
        #expect(customer.account == "C-2044" && customer.isPurchaseOrderAllowed && customer.isActive)
        #expect(customer.creditLeft == ExactDecimal("689.45") && customer.hold?.code == "credit.overdue")
        #expect(customer.assortment?.excludedSKUs == ["BOLT-M8-40-SALE"] && customer.terms?.netDays == 30)
        #expect(customer.contractFaults.isEmpty)
    }

    @Test("an account that has paid ahead owes less than nothing, and one without a limit has no end")
    func credit() throws {
        let ahead = try Fixture.edited("/data/creditUsed", "\"-10.00\"", in: Self.customer)
        let customer = try #require(try MessageReader().read(ahead).payload as? Customer)
        #expect(customer.creditLeft == ExactDecimal("25010"))
        let unlimited = try Fixture.edited("/data/creditLimit", nil, in: Self.customer)
        #expect((try MessageReader().read(unlimited).payload as? Customer)?.creditLeft == nil)
    }

    @Test(
        "what an account must not be is named with its place",
        arguments: [
            ("/data/account", "\" C-1\"", "/data/account blank-edges"), ("/subject", "\"c-2044\"", "/subject matches"),
            ("/data/currency", "\"usd\"", "/data/currency currency"),
            ("/data/creditLimit", "\"-1\"", "/data/creditLimit range"),
            ("/data/creditLimit", "\"1.005\"", "/data/creditLimit scale"),
            ("/data/creditUsed", "\"1,5\"", "/data/creditUsed decimal"),
            ("/data/creditUsed", "\"-0.00\"", "/data/creditUsed decimal"),
            ("/data/creditUsed", "\"-1.005\"", "/data/creditUsed scale"),
            ("/data/creditUsed", "\"-999999999999999999\"", "/data/creditUsed range"),
            ("/data/creditUsed", "null", "/data/creditUsed required"),
            ("/data/hold", "{\"text\":\"x\"}", "/data/hold/code required"),
            ("/data/terms/netDays", "36501", "/data/terms/netDays range"),
            ("/data/shipTos", "[{\"id\":\"A\"}]", "/data/shipTos/0/address required"),
            ("/data/contacts/0/email", "\"nobody\"", "/data/contacts/0/email email"),
            ("/data/assortment/groups", "[\"a\",\"b \"]", "/data/assortment/groups/1 blank-edges"),
            ("/data/purchaseOrderAllowed", "\"yes\"", "/data/purchaseOrderAllowed type"),
        ])
    func badCustomer(pointer: String, json: String, fault: String) throws {
        #expect(marks(Fixture.refusal(try Fixture.edited(pointer, json, in: Self.customer))) == [fault])
    }

    @Test("prices of an account and of a list are read as they were written, under a subject of all their keys")
    func prices() throws {
        let message = try MessageReader().read(Array(Self.prices.utf8))
        let prices = try #require(message.payload as? ContractPrices)
        #expect(message.envelope.subject == "account/C-2044/2026-Q1" && prices.holder == .account("C-2044"))
        #expect(prices.prices.map { $0.minimumQuantity?.description ?? "any" } == ["any", "250"])
        let list = try MessageReader().read(Array(Self.list.utf8))
        #expect(list.envelope.subject == "price-list/WEST-COAST/2026-A/CABLE-NYM-3X1.5")
        #expect((list.payload as? ContractPrices)?.holder == .priceList("WEST-COAST"))
    }

    @Test(
        "what prices must not be is named with its place",
        arguments: [
            ("/data/account", "null", "/data/account one-of"), ("/data/priceList", "\"L\"", "/data/account one-of"),
            ("/data/priceVersion", "\"2026-Q2\"", "/subject matches"), ("/data/part", "\"1\"", "/subject matches"),
            ("/data/validUntil", "\"2025-12-31\"", "/data/validUntil range"),
            ("/data/validFrom", "\"2026-02-30\"", "/data/validFrom date"),
            ("/data/validFrom", "null", "/data/validFrom required"),
            ("/data/prices/0/unitPrice", "\"-1\"", "/data/prices/0/unitPrice range"),
            ("/data/prices/0/unitPrice", "\"1e3\"", "/data/prices/0/unitPrice decimal"),
            ("/data/prices/0/minimumQuantity", "\"0\"", "/data/prices/0/minimumQuantity range"),
            ("/data/prices/0/minimumQuantity", "\"250.00\"", "/data/prices/1/sku unique"),
            ("/data/prices/0/unit", "\"piece\"", "/data/prices/0/unit unit"),
        ])
    func badPrices(pointer: String, json: String, fault: String) throws {
        #expect(marks(Fixture.refusal(try Fixture.edited(pointer, json, in: Self.prices))) == [fault])
    }

    @Test("a subject of prices says in its fault what it is made of")
    func subjectFault() throws {
        let error = Fixture.refusal(try Fixture.edited("/subject", "\"C-2044\"", in: Self.prices))
        #expect(
            error?.faults.first?.sentence
                == "subject must equal account or price-list, its key, data.priceVersion and data.part, joined by /, account/C-2044/2026-Q1"
        )
    }

    @Test("a schema judges accounts and prices as the code does, where a schema can")
    func schemas() throws {
        let edits: [(MessageType, String, String)] = [
            (Catalogue.customer, "/data/creditUsed", "\"-0\""), (Catalogue.customer, "/data/creditUsed", "\"-12.5\""),
            (Catalogue.customer, "/data/creditUsed", "\"-12.505\""), (Catalogue.customer, "/data/currency", "\"JPY\""),
            (Catalogue.customer, "/data/currency", "\"KWD\""), (Catalogue.customer, "/data/creditLimit", "null"),
            (Catalogue.customer, "/data/creditUsed", "\"1000000000000000000\""),
            (Catalogue.customer, "/data/creditUsed", "\"12345678901234567.12\""),
            (Catalogue.customer, "/data/creditUsed", "\"-1234567890123456.12\""),
            (Catalogue.customer, "/data/assortment", "{}"), (Catalogue.customer, "/data/assortment", "null"),
            (Catalogue.contractPrices, "/data/validUntil", "null"), (Catalogue.contractPrices, "/data/prices", "[]"),
            (Catalogue.contractPrices, "/data/priceList", "\"L\""),
            (Catalogue.contractPrices, "/data/prices/0/unitPrice", "\"0\""),
        ]
        let cases = try edits.compactMap { type, pointer, json in
            let text = type == Catalogue.customer ? Self.customer : Self.prices
            return SchemaTests.judged("\(pointer) \(json)", try Fixture.edited(pointer, json, in: text), as: type)
        }
        #expect(cases.count == edits.count)
        #expect(try IndependentValidator.judge(cases) == ["judged \(cases.count)"])
    }
}
