import Models
import Testing

@Suite("What became of an order's estimates")
struct SettlementContractTests {
    private static let text = Catalogue.examples(for: Catalogue.orderStatus)[2].text

    private static func status(_ settlements: [QuoteSettlement]) throws -> OrderStatus {
        var status = try #require(try MessageReader().read(Array(text.utf8)).payload as? OrderStatus)
        status.settlements = settlements
        return status
    }

    private static func settlement(_ quoted: String, _ settled: String) throws -> QuoteSettlement? {
        QuoteSettlement(
            question: .shipping, basis: .estimated, currency: .usd, quoted: try #require(ExactDecimal(quoted)),
            settled: try #require(ExactDecimal(settled)))
    }

    @Test("is read as it was written, and a status without any is as it always was")
    func reading() throws {
        let status = try #require(try MessageReader().read(Array(Self.text.utf8)).payload as? OrderStatus)
        let settlement = try #require(status.settlements?.first)
        #expect(settlement.question == .shipping && settlement.basis == .cached && settlement.currency == .usd)
        #expect(settlement.difference == ExactDecimal("-0.70"))
        let plain = Array(Catalogue.examples(for: Catalogue.orderStatus)[0].text.utf8)
        let older = try #require(try MessageReader().read(plain).payload as? OrderStatus)
        #expect(older.settlements == nil)
    }

    @Test("is reckoned to the cent, and not where there are no such cents")
    func reckoning() throws {
        #expect(try Self.settlement("12.50", "11.80")?.difference == ExactDecimal("-0.70"))
        #expect(try Self.settlement("12.50", "12.50")?.difference.isZero == true)
        #expect(try Self.settlement("12.50", "11.805") == nil)
    }

    @Test(
        "what it must not be is named with its place",
        arguments: [
            ("question", "\"availability\"", "/data/settlements/0/question choice"),
            ("difference", "\"0.70\"", "/data/settlements/0/difference reconcile"),
            ("settled", "\"11.800\"", "/data/settlements/0/settled scale"),
            ("currency", "\"usd\"", "/data/settlements/0/currency currency"),
            ("quoted", "\"-1.00\"", "/data/settlements/0/quoted range"),
        ])
    func faults(member: String, value: String, mark: String) throws {
        let edited = try Fixture.edited("/data/settlements/0/\(member)", value, in: Self.text)
        #expect(marks(Fixture.refusal(edited)) == [mark])
    }

    @Test("no figure is settled twice, and what is wrong is left out when a status is mended")
    func mending() throws {
        var wrong = try #require(try Self.settlement("12.50", "11.80"))
        let twice = try Self.status([wrong, wrong])
        #expect(twice.contractFaults.map(\.pointer) == ["/data/settlements/1/question"])
        wrong.difference = .zero
        let odd = try Self.status([wrong])
        #expect(odd.contractFaults.map(\.pointer) == ["/data/settlements/0/difference"])
        #expect(odd.mended().settlements == nil && odd.mended().contractFaults.isEmpty)
    }
}
