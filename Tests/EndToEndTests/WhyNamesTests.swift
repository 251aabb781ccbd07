import Fleet
import FleetTesting
import Ledger
import Models
import Storefront
import Testing

@testable import CustomersWorker
@testable import InventoryWorker
@testable import OrdersWorker
@testable import TrackingWorker

/// The names that lead to an object are known from its first message on, whichever way it comes.
@Suite("Names that lead to an object")
struct WhyNamesTests {
    /// What a handler leaves of the catalogue's first example of a type, as `kind value family subject`.
    private func names(_ type: MessageType, _ handlers: [any ProjectionHandler], after others: [MessageType] = [])
        async throws -> [String]
    {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await DatabaseStorefront.migrate(ledger)
            try await FleetTables.migrate(ledger)
            for type in others + [type] {
                let example = try #require(Catalogue.examples(for: type).first)
                let message = try MessageReader().read(Array(example.text.utf8))
                let handler = try #require(handlers.first { $0.types.contains(message.type.name) })
                try await ledger.write { try handler.project(message, in: $0) }
            }
            let names = try await ledger.read { snapshot in
                try snapshot.query(
                    """
                    SELECT kind || ' ' || value || ' ' || family || ' ' || subject FROM alias WHERE family = ?
                    ORDER BY kind, value
                    """, .text(type.family)
                ) { $0.text(0) }
            }
            await ledger.close()
            return names
        }
    }

    private let storefront = DatabaseStorefront()

    @Test("an order is found by its purchase order, its e-mail address and its account before the ERP has answered")
    func taken() async throws {
        let found = try await names(Catalogue.orderPlaced, [TakenOrderHandler(storefront: storefront)])
        #expect(
            found == [
                "account C-2044 order W-1001", "email ana.ruiz@northwind.example order W-1001",
                "po-number PO-77120 order W-1001", "po-number~folded po77120 order W-1001",
            ])
    }

    @Test("a status alone lets the order be found by the ERP's number")
    func status() async throws {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await DatabaseStorefront.migrate(ledger)
            try await FleetTables.migrate(ledger)
            let example = try #require(Catalogue.examples(for: Catalogue.orderStatus).first)
            let message = try MessageReader().read(Array(example.text.utf8))
            let status = try #require(message.payload as? OrderStatus)
            let handler = OrderStatusHandler(storefront: storefront)
            try await ledger.write { try handler.project(message, in: $0) }
            let number = try #require(status.erpNumber)
            let found = try await ledger.read { try $0.subjects(forAlias: number) }
            await ledger.close()
            #expect(found == [Alias(kind: "erp-number", value: number, family: "order", subject: status.number)])
        }
    }

    @Test("an order keyed in the ERP is found by its account")
    func offline() async throws {
        let found = try await names(Catalogue.orderOffline, [OfflineOrderHandler(storefront: storefront)])
        #expect(found.joined(separator: ",").contains("account "))
    }

    @Test("a shipment is found by each of its tracking numbers")
    func shipment() async throws {
        let example = try #require(Catalogue.examples(for: Catalogue.shipment).first)
        let shipment = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Shipment)
        let handlers: [any ProjectionHandler] = [
            TakenOrderHandler(storefront: storefront), ShipmentHandler(storefront: storefront),
        ]
        let found = try await names(Catalogue.shipment, handlers, after: [Catalogue.orderPlaced])
        let numbers = shipment.trackingNumbers.sorted()
        let folded = numbers.filter { Alias.folded($0) != $0 }.map(Alias.folded).sorted()
        let expected =
            numbers.map { "tracking-number \($0) shipment \(shipment.id)" }
            + folded.map { "tracking-number~folded \($0) shipment \(shipment.id)" }
        #expect(!numbers.isEmpty && found == expected)
    }

    @Test("a product is found by its SKU in another case and without hyphens")
    func product() async throws {
        let example = try #require(Catalogue.examples(for: Catalogue.product).first)
        let product = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Product)
        let found = try await names(Catalogue.product, [ProductHandler(storefront: storefront)])
        #expect(found == ["name~folded \(Alias.folded(product.sku)) product \(product.sku)"])
    }

    /// The store's tables have them, and lose those of a contact that is gone.
    @Test("an account leaves no address of a contact behind")
    func customer() async throws {
        let example = try #require(Catalogue.examples(for: Catalogue.customer).first)
        let customer = try #require(try MessageReader().read(Array(example.text.utf8)).payload as? Customer)
        let found = try await names(Catalogue.customer, [CustomerHandler(storefront: storefront)])
        #expect(!customer.contacts.isEmpty)
        #expect(found == ["name~folded \(Alias.folded(customer.account)) customer \(customer.account)"])
    }
}
