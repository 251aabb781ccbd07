import Ledger
import Testing

@testable import Fleet
@testable import Stevedore

@Suite("Names that people type otherwise")
struct WhyFoldingTests {
    private func rows(_ write: @escaping @Sendable (LedgerTransaction) throws -> Void) async throws -> [String] {
        var found: [String] = []
        try await WhyDesk.withBareLedger { ledger in
            try await ledger.write { try write($0) }
            found = try await ledger.read { snapshot in
                try snapshot.query("SELECT kind || ' ' || value || ' ' || subject FROM alias ORDER BY kind, value") {
                    $0.text(0)
                }
            }
        }
        return found
    }

    @Test("a name that differs from its folded form has one row more, however often it is told")
    func folded() async throws {
        let found = try await rows { transaction in
            for _ in 0..<2 {
                try transaction.addAlias(kind: "po", value: "PO 77-120", family: "f", subject: "A", folding: true)
                try transaction.addFoldedName(family: "f", subject: "Bolt-M8")
            }
        }
        #expect(found == ["name~folded boltm8 Bolt-M8", "po PO 77-120 A", "po~folded po77120 A"])
    }

    @Test("a name that is its own folded form has none; an address keeps its hyphens")
    func plain() async throws {
        let found = try await rows { transaction in
            try transaction.addAlias(kind: "po", value: "po77120", family: "f", subject: "A", folding: true)
            try transaction.addAlias(kind: "email", value: "Ana-M@x.example", family: "f", subject: "A", folding: true)
            try transaction.addFoldedName(family: "f", subject: "4711")
        }
        #expect(found == ["email Ana-M@x.example A", "email~folded ana-m@x.example A", "po po77120 A"])
    }

    @Test("looking up a name in the ledger stays exact")
    func exact() async throws {
        try await WhyDesk.withBareLedger { ledger in
            try await ledger.write { transaction in
                try transaction.addAlias(kind: "po", value: "PO-1", family: "f", subject: "A", folding: true)
            }
            let exact = try await ledger.read { try $0.subjects(forAlias: "PO-1").map(\.subject) }
            let folded = try await ledger.read { try $0.subjects(forAlias: "po1") }
            #expect(exact == ["A"] && folded.isEmpty)
        }
    }

    @Test("a purchase-order number with blanks is found without them")
    func purchaseOrder() async throws {
        try await WhyDesk.with { desk in
            try await desk.note("W-1", po: "PO 77 120")
            let report = try await desk.ask("po77120")
            #expect(report.answers.map(\.thing) == [.order("W-1")] && report.kind == "po-number")
            let near = try await desk.ask("po77121")
            #expect(!near.isFound && !near.suggestions.contains("po77120"))
        }
    }

    @Test("an address is the same in any case, and leads to all orders that have it")
    func address() async throws {
        try await WhyDesk.with { desk in
            try await desk.ledger.write { transaction in
                for (address, order) in [("Bo.Li@x.example", "W-1"), ("bo.li@x.example", "W-2")] {
                    try transaction.addAlias(
                        kind: "email", value: address, family: "order", subject: order, folding: true)
                }
            }
            for typed in ["bo.li@x.example", "Bo.Li@x.example", "BO.LI@X.EXAMPLE"] {
                let report = try await desk.ask(typed)
                #expect(Set(report.answers.map(\.thing.subject)) == ["W-1", "W-2"] && report.kind == "email")
            }
        }
    }

    @Test("a SKU in mixed case is found in any; of two that are alike neither is taken")
    func sku() async throws {
        try await WhyDesk.with { desk in
            try await desk.apply("product", "Bolt-M8", 1)
            try await desk.ledger.write { try $0.addFoldedName(family: "product", subject: "Bolt-M8") }
            for typed in ["bolt-m8", "BOLTM8"] {
                let report = try await desk.ask(typed)
                #expect(report.answers.map(\.thing) == [.product("Bolt-M8")] && report.readAs == "Bolt-M8")
            }
            try await desk.apply("product", "bOLT-m8", 1)
            try await desk.ledger.write { try $0.addFoldedName(family: "product", subject: "bOLT-m8") }
            let report = try await desk.ask("boltm8")
            #expect(!report.isFound && Set(report.suggestions) == ["Bolt-M8", "bOLT-m8"])
        }
    }
}
