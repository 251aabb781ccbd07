import FleetTesting
import Models
import Testing

@testable import Stevedore

@Suite("What a person asks with stevedore quote")
struct QuoteUsageTests {
    private static func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) async throws -> (status: FleetTesting.ExitStatus, errors: String) {
        let process = try ChildProcess("stevedore", arguments: ["quote"] + arguments, environment: environment)
        let status = try await process.waitForExit()
        return (status, process.errors.joined(separator: "\n"))
    }

    private static let goods = ["--line", "FST-0001=2"]
    private static let account = ["--account", "C-10008"]

    @Test(
        "what makes no sense is a fault of usage, in a sentence",
        arguments: [
            account, goods, account + goods + ["--registration", "R-1"], account + ["--line", "FST-0001"],
            account + ["--line", "FST-0001=0"], account + ["--line", "=2"], account + goods + ["--ask", "shipping"],
            account + goods + ["--ask", "price,price"], account + goods + ["--ask", "weather"],
            account + goods + ["--ship-to", "Northwind;Tacoma;US"], account + goods + ["--deadline", "61s"],
            account + goods + ["--deadline", "2"], account + goods + ["--currency", "XXZ"],
            account + goods + ["--unit", "dozen"],
        ])
    func usage(arguments: [String]) async throws {
        let result = try await Self.run(arguments)
        #expect(result.status == .exited(64), "\(result.errors)")
        #expect(result.errors.contains("Error: "), "\(result.errors)")
    }

    @Test(
        "a deadline that is none, or too short, is answered with how it is meant",
        arguments: ["5ms", "2", "61s", "soon"])
    func deadline(text: String) async throws {
        let result = try await Self.run(Self.account + Self.goods + ["--deadline", text])
        #expect(result.status == .exited(64))
        #expect(result.errors.contains("from 10ms to 60s: 500ms, 2s, 1m"), "\(result.errors)")
    }

    @Test(
        "what is refused says why, and how it is meant",
        arguments: [
            (["--ship-to", "foo"], "this has 1: 'Northwind;1 Harbor Avenue;Tacoma;WA;98421;US'"),
            (["--ship-to", "Northwind;1 Harbor Avenue;Tacoma;WA;98421;ZZ"], "ISO 3166-1, such as US or DE, not 'ZZ'"),
            (["--line", "FST-0001"], "it has no quantity: a line is SKU=QUANTITY, such as FST-0001=20"),
            (["--line", "FST-0001=-3"], "a number above zero"), (["--line", "FST-0001=abc"], "not 'abc'"),
            (["--line", "=abc"], "it has no SKU"), (["--line", "FST-0001="], "not ''"),
            (["--ask", "freight"], "'freight' cannot be asked; give some of price, availability, shipping, tax"),
            (["--ask", "price,price"], "each is asked once"),
        ])
    func forms(arguments: [String], form: String) async throws {
        let result = try await Self.run(Self.account + Self.goods + arguments)
        #expect(result.status == .exited(64))
        #expect(result.errors.contains(form), "\(result.errors)")
    }

    @Test("a broker that is not there is one sentence, at once")
    func noBroker() async throws {
        let result = try await Self.run(
            Self.account + Self.goods, environment: ["STEVEDORE_AMQP_URLS": "amqp://127.0.0.1:1"])
        #expect(result.status == .exited(69), "\(result.errors)")
    }

    @Test("what is typed is read as it is meant")
    func reading() throws {
        let line = try #require(QuoteOrderLine(argument: "CABLE=RED=12.5"))
        #expect(line.sku == "CABLE=RED" && line.quantity == ExactDecimal("12.5"))
        let place = try #require(QuoteDestination(argument: "Northwind; 1 Harbor Avenue;Tacoma ;WA;;us")).address
        #expect(place.street == ["1 Harbor Avenue"] && place.city == "Tacoma" && place.region == "WA")
        #expect(place.postalCode == nil && place.country.code == "US")
        #expect(QuotePatience(argument: "500ms")?.duration == .milliseconds(500))
        #expect(QuotePatience(argument: "1m")?.duration == .seconds(60))
        #expect(QuotePatience(argument: "9ms") == nil && QuotePatience(argument: "-2s") == nil)
        #expect(QuoteSelection(argument: "price,tax")?.questions == [.price, .tax])
    }
}
