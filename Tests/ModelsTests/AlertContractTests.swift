import Models
import Testing

@Suite("Alerts")
struct AlertContractTests {
    private static let alert = Catalogue.examples(for: Catalogue.alertRaised)[0].text
    private static let ended = Catalogue.examples(for: Catalogue.alertRaised)[1].text

    @Test("an alert is read as it was written")
    func alert() throws {
        let alert = try #require(try MessageReader().read(Array(Self.alert.utf8)).payload as? Alert)
        #expect(alert.key == "dead-letter/5f1d7a90c3b2e864" && alert.kind == .deadLetter && alert.count == 12)
        #expect(alert.atStake.map { "\($0.amount) \($0.currency)" } == ["18450.20 USD"])
        #expect(alert.contractFaults.isEmpty)
    }

    @Test("severities are ordered")
    func severities() {
        #expect(Alert.Severity.allCases.sorted() == [.info, .warning, .error, .critical])
    }

    @Test(
        "what an alert must not be is named with its place",
        arguments: [
            ("/data/key", "\"\"", "/data/key length"), ("/data/state", "\"closed\"", "/data/state enum"),
            ("/data/severity", "\"fatal\"", "/data/severity enum"), ("/data/kind", "null", "/data/kind required"),
            ("/data/sentence", "\"\"", "/data/sentence length"), ("/data/count", "-1", "/data/count range"),
            ("/data/resolvedAt", "\"2026-03-01T12:00:00Z\"", "/data/resolvedAt required"),
            ("/data/atStake/0/amount", "\"-1\"", "/data/atStake/0/amount range"),
            ("/data/links", "[\"https://a b\"]", "/data/links/0 uri"),
        ])
    func bad(pointer: String, json: String, fault: String) throws {
        #expect(marks(Fixture.refusal(try Fixture.edited(pointer, json, in: Self.alert))) == [fault])
    }

    @Test("one that is resolved says when")
    func resolved() throws {
        let body = try Fixture.edited("/data/resolvedAt", "null", in: Self.ended)
        #expect(marks(Fixture.refusal(body)) == ["/data/resolvedAt required"])
    }

    @Test("a schema judges alerts as the code does")
    func schemas() throws {
        let edits = [
            ("/data/resolvedAt", "\"2026-03-01T12:00:00Z\""), ("/data/state", "\"resolved\""), ("/data/commands", "[]"),
            ("/data/atStake", "null"), ("/data/owner", "\"\""), ("/data/code", "\" sku\""),
        ]
        let cases = try edits.compactMap { pointer, json in
            SchemaTests.judged(
                "\(pointer) \(json)", try Fixture.edited(pointer, json, in: Self.alert), as: Catalogue.alertRaised)
        }
        #expect(cases.count == edits.count)
        #expect(try IndependentValidator.judge(cases) == ["judged \(cases.count)"])
    }
}
