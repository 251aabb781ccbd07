import ERP
import Fleet
import FleetTesting
import Ledger
import Models
import Testing

@testable import QuotesWorker

@Suite("Quotes for accounts that are closed, unknown or on hold", .timeLimit(.minutes(2)))
struct AccountTests {
    private static let away = ScriptedERP { (_) throws(ERPError) in throw .unavailable("It is away.") }
    private static let all: Set<String> = [
        "price - account.closed", "availability - account.closed", "shipping - account.closed", "tax - account.closed",
    ]

    /// The account C-1 with a price of 3.10, and a product that there is something of.
    private static func fill(_ ledger: Ledger, _ customer: Customer) async throws {
        try await ledger.write { transaction in
            try DatabaseTables.show(DatabaseTables.prices("3.10", version: "A"), customer: customer, in: transaction)
            try DatabaseTables.show(
                DatabaseTables.product(listPrice: "9.00"), DatabaseTables.stock("12"), in: transaction)
        }
    }

    private static var closed: Customer {
        var customer = DatabaseTables.customer()
        customer.isActive = false
        return customer
    }

    private static var held: Customer {
        DatabaseTables.customer(hold: OrderStatus.Reason(code: "credit.hold", text: "Please call us."))
    }

    @Test("one that is closed is told nothing from memory and no estimate, once for each question")
    func closedAway() async throws {
        try await withQuoteLedger { ledger in
            try await Self.fill(ledger, Self.closed)
            let desk = Desk(ledger, erp: Self.away, settings: try Asked.settings())
            let lines = try [Asked.line("a", "BOLT"), Asked.line("b", "NUT")]
            let answer = await desk.answer(try Asked.question(lines: lines))
            #expect(Asked.bases(answer).isEmpty)
            #expect(Set(Asked.refusals(answer)) == Self.all && answer.refusals.count == 4)
            #expect(answer.contractFaults.isEmpty)
            let stock = await desk.answer(try Asked.question([.availability]))
            #expect(Asked.refusals(stock) == ["availability - account.closed"])
        }
    }

    @Test("the ERP may have opened it again: it is asked, also where memory comes first, and what it says counts")
    func reopened() async throws {
        try await withQuoteLedger { ledger in
            try await Self.fill(ledger, Self.closed)
            var settings = QuoteSettings()
            settings.policy[.availability] = [.cached, .live]
            let answer = await Desk(ledger, erp: ScriptedERP(), settings: settings).answer(
                try Asked.question([.price, .availability]))
            #expect(Asked.bases(answer) == ["price live", "availability live"] && answer.refusals.isEmpty)
        }
    }

    @Test("one that nobody knows is told stock, and no price")
    func unknown() async throws {
        try await withQuoteLedger { ledger in
            try await Self.fill(ledger, DatabaseTables.customer())
            let question = try Asked.question([.price, .availability], account: "C-404")
            let answer = await Desk(ledger, erp: Self.away).answer(question)
            #expect(Asked.bases(answer) == ["availability cached"])
            #expect(Asked.refusals(answer) == ["price a price.unknown"])
        }
    }

    @Test("a hold is a notice wherever the ERP has not spoken of prices itself, also where no price is known")
    func hold() async throws {
        try await withQuoteLedger { ledger in
            try await Self.fill(ledger, Self.held)
            let desk = Desk(ledger, erp: Self.away)
            let known = await desk.answer(try Asked.question([.price, .availability]))
            #expect(Asked.bases(known) == ["price cached", "availability cached"])
            #expect(Asked.refusals(known) == ["price - credit.hold"])
            let other = await desk.answer(try Asked.question([.price], lines: [Asked.line("a", "NUT")]))
            #expect(Set(Asked.refusals(other)) == ["price a price.unknown", "price - credit.hold"])
            let live = await Desk(ledger, erp: ScriptedERP()).answer(try Asked.question([.price]))
            #expect(Asked.bases(live) == ["price live"] && live.refusals.isEmpty)
        }
    }
}
