import Fleet
import FleetTesting
import Ledger
import Models
import RabbitMQ
import Testing

@Suite("Products and stock on their way to the store", .needsBroker, .timeLimit(.minutes(10)))
struct InventoryTests {
    private static let queue = Catalogue.stock.queue

    private func stock(_ sku: String, _ warehouse: String, revision: Int64, onHand: Int64) throws -> Stock {
        Stock(
            sku: sku, warehouse: warehouse, revision: revision, unit: .one,
            onHand: try #require(ExactDecimal(onHand)), reserved: .zero)
    }

    private func shown(_ rig: Rig) async throws -> [String: String] {
        try await rig.ledger { snapshot in
            let rows = try snapshot.query(
                "SELECT sku || '/' || warehouse, revision || ':' || on_hand FROM store_stock"
            ) { ($0.text(0), $0.text(1)) }
            return Dictionary(uniqueKeysWithValues: rows)
        }
    }

    @Test(
        "the newest revision of each SKU in each warehouse stands, in any order, twice over and through kills",
        .reportsSeed)
    func newestWins() async throws {
        try await Rig.with { rig in
            var random = SeededRandom()
            var expected: [String: String] = [:]
            var messages: [OutgoingMessage] = []
            for (number, warehouse) in (0..<40).flatMap({ sku in ["TAC", "DAL", "EWR"].map { (sku, $0) } }) {
                let revisions = Int64(1 + number % 7)
                for revision in 1...revisions {
                    let stock = try stock("SKU-\(number)", warehouse, revision: revision, onHand: revision * 10)
                    messages.append(OrderMessages.message(of: stock, as: Catalogue.stock))
                }
                expected["SKU-\(number)/\(warehouse)"] = "\(revisions):\(revisions * 10)"
            }
            messages.shuffle(using: &random)
            let repeated = messages.prefix(150)
            for part in [messages.prefix(200), messages.dropFirst(200), repeated] {
                try await rig.publish(Array(part))
                let victim = try rig.start("inventory-worker", ["WORKER_PREFETCH": "20"])
                try await eventually("some of them to be shown") { try await !shown(rig).isEmpty }
                try await victim.kill()
            }
            let worker = try rig.start("inventory-worker")
            try await rig.waitUntilEmpty(Self.queue)
            #expect(try await shown(rig) == expected)
            let applied = try await rig.ledger { snapshot in
                try snapshot.first(
                    """
                    SELECT count(*) FROM (SELECT 1 FROM journal WHERE stage = 'applied' GROUP BY subject, revision
                        HAVING count(*) > 1)
                    """
                ) { $0.integer(0) }
            }
            #expect(applied == 0)
            #expect(try await rig.deadLetters(of: Self.queue) == 0)
            try await rig.stop(worker)
        }
    }

    @Test("a product that breaks its contract is set aside with every fault; its neighbours are shown")
    func malformed() async throws {
        try await Rig.with { rig in
            let worker = try rig.start("inventory-worker")
            let example = try #require(Catalogue.examples(for: Catalogue.product).first).text
            let broken = example.replacing("4006381333931", with: "4006381333932").replacing("\"40\"", with: "\"4,0\"")
            try await rig.publish([
                OrderMessages.raw(Array(broken.utf8), type: "product.v1"),
                OrderMessages.message(of: try stock("SKU-1", "TAC", revision: 1, onHand: -5), as: Catalogue.stock),
                OrderMessages.raw(Array(example.utf8), type: "product.v1", id: "another"),
            ])
            try await eventually("the letter") { try await rig.deadLetters(of: Self.queue) == 1 }
            try await rig.waitUntilEmpty(Self.queue)
            let letter = try #require(try await rig.letters(of: Self.queue).first)
            let faults = letter.properties.headers[MessageHeader.faults]?.text ?? ""
            #expect(faults.contains("/data/gtin") && faults.contains("/data/attributes/1/value"), "\(faults)")
            #expect(try await shown(rig) == ["SKU-1/TAC": "1:-5"])
            let products = try await rig.ledger { try $0.query("SELECT sku FROM store_product") { $0.text(0) } }
            #expect(products == ["BOLT-M8-40"])
            try await rig.stop(worker)
        }
    }
}
