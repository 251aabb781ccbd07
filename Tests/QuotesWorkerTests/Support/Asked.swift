import Fleet
import FleetTesting
import Ledger
import Logging
import Models
import Testing

@testable import QuotesWorker

/// Questions and answers as the tests make them.
enum Asked {
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    static func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }

    static func address(
        region: String = "WA", postalCode: String = "98421", country: String = "US"
    ) throws -> Address {
        Address(
            name: "Dock 4", street: ["1 Harbor Avenue"], city: "Tacoma", region: region, postalCode: postalCode,
            country: try #require(CountryCode(country)))
    }

    static func line(_ id: String, _ sku: String, _ quantity: String = "2", price: String? = nil) throws -> QuoteLine {
        QuoteLine(
            id: id, sku: sku, quantity: try decimal(quantity), unit: .one, unitPrice: try price.map { try decimal($0) })
    }

    static func question(
        _ questions: [QuoteFallback.Question] = QuoteFallback.Question.allCases, id: String = "Q-1",
        account: String = "C-1", lines: [QuoteLine]? = nil, method: String? = nil
    ) throws -> QuoteRequest {
        QuoteRequest(
            id: id, customer: .account(account), currency: .usd, questions: questions, shipTo: try address(),
            shippingMethod: method, lines: try lines ?? [line("a", "BOLT")])
    }

    /// What the ERP says to a question: every line costs 4.00 each, 7 pieces in EAST, freight 9.50, tax 0.52.
    static func answer(_ request: QuoteRequest, at time: Timestamp = .now()) throws -> QuoteAnswer {
        var answer = QuoteAnswer(id: request.id, currency: request.currency, answeredAt: time)
        answer.lines = try request.lines.map { line in
            let price = QuotedPrice(
                unitPrice: try decimal("4.00"),
                amount: try #require(line.quantity.multiplied(by: try decimal("4.00"), roundedTo: 2)), basis: .live)
            let stock = QuotedAvailability(warehouse: "EAST", quantity: try decimal("7"), basis: .live)
            return QuotedLine(
                id: line.id, sku: line.sku, price: request.questions.contains(.price) ? price : nil,
                availability: request.questions.contains(.availability) ? [stock] : [])
        }
        if request.questions.contains(.shipping) {
            answer.shipping = [
                QuotedShipping(method: "GROUND", title: "Ground", amount: try decimal("9.50"), basis: .live)
            ]
        }
        if request.questions.contains(.tax) {
            answer.tax = QuotedTax(amount: try decimal("0.52"), basis: .live)
        }
        return answer
    }

    /// `price a price.unknown` and so on.
    static func refusals(_ answer: QuoteAnswer) -> [String] {
        answer.refusals.map { "\($0.question.rawValue) \($0.line ?? "-") \($0.code)" }
    }

    /// What each figure rests on: `price cached` and so on, each once.
    static func bases(_ answer: QuoteAnswer) -> Set<String> {
        var bases = Set(answer.lines.compactMap { $0.price.map { "price \($0.basis.kind.rawValue)" } })
        for line in answer.lines {
            bases.formUnion(line.availability.map { "availability \($0.basis.kind.rawValue)" })
        }
        bases.formUnion(answer.shipping.map { "shipping \($0.basis.kind.rawValue)" })
        if let tax = answer.tax { bases.insert("tax \(tax.basis.kind.rawValue)") }
        return bases
    }

    /// Settings with a zone, a method and a rate of tax.
    static func settings() throws -> QuoteSettings {
        let configuration = try Configuration(
            file: nil,
            environment: [
                "STEVEDORE_QUOTES_SHIPPING_ZONES": "{near: [US/WA, US/OR/97], far: ['*']}",
                "STEVEDORE_QUOTES_SHIPPING_RATES":
                    "{GROUND: {title: Ground, currency: USD, zones: {near: {base: 7.95, per-kg: 0.22}}}}",
                "STEVEDORE_QUOTES_TAX_RATES": "{US: 0, US/WA: 6.5}", "STEVEDORE_QUOTES_DEFAULT_WEIGHT": "0.5",
            ])
        return configuration.quotes
    }
}

/// Lends a ledger with the tables that a quotes-worker has.
func withQuoteLedger<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (Ledger) async throws -> Result
) async throws -> Result {
    let directory = try TemporaryDirectory()
    let ledger = try Ledger.open(path: directory.file("ledger.db"))
    defer { withExtendedLifetime(directory) {} }
    do {
        try await DatabaseTables.prepare(ledger)
        let result = try await body(ledger)
        await ledger.close()
        return result
    } catch {
        await ledger.close()
        throw error
    }
}
