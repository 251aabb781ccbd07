import FleetTesting
import Ledger
import Models
import Testing

@testable import Storefront

/// Whatever a message of the contract says, a store can read.
@Suite struct WholeObjectTests {
    private let storefront = DatabaseStorefront()
    private static let tables = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'store_%'"

    /// Every value in any column of the store's tables, after `body` has shown something.
    private func shown(_ body: @escaping @Sendable (LedgerTransaction) throws -> Void) async throws -> Set<String> {
        try await TemporaryDirectory.with { directory in
            let ledger = try Ledger.open(path: directory.file("ledger.db"))
            try await DatabaseStorefront.migrate(ledger)
            try await ledger.write { try body($0) }
            let values = try await ledger.read { snapshot in
                var values: Set<String> = []
                for table in try snapshot.query(text: Self.tables, row: { $0.text(0) }).compactMap(\.self) {
                    let names = "SELECT name FROM pragma_table_info('\(table)')"
                    for name in try snapshot.query(text: names, row: { $0.text(0) }).compactMap(\.self) {
                        let column = "SELECT CAST(\(name) AS TEXT) FROM \(table) WHERE \(name) IS NOT NULL"
                        values.formUnion(try snapshot.query(text: column) { $0.text(0) }.compactMap(\.self))
                    }
                }
                return values
            }
            await ledger.close()
            return values
        }
    }

    /// Every value inside `value` that is no structure of its own, as the tables spell it.
    private func leaves(_ value: Any) -> [String] {
        switch value {
        case let text as String: [text]
        case let time as Timestamp: [time.sortable]
        case let number as Int64: [String(number)]
        case let flag as Bool: [flag ? "1" : "0"]
        case let choice as any RawRepresentable<String>: [choice.rawValue]
        case let value as any CustomStringConvertible where !(value is [Any]): [value.description]
        default: Mirror(reflecting: value).children.flatMap { leaves($0.value) }
        }
    }

    @Test("every value that an order keyed in the ERP can have is in a column of its own")
    func offlineOrder() async throws {
        let order = try Unlike.offlineOrder()
        let shown = try await shown { [storefront] in try storefront.show(order, at: .now(), in: $0) }
        #expect(Set(leaves(order)).subtracting(shown) == [])
        // The method of payment has no value of its own in Swift.
        #expect(shown.contains("prepaid"))
    }

    @Test("every value that the ERP's answer to an order can have is in a column of its own")
    func orderStatus() async throws {
        let status = try Unlike.orderStatus()
        let shown = try await shown { [storefront] in try storefront.show(status, at: .now(), in: $0) }
        #expect(Set(leaves(status)).subtracting(shown) == [])
    }

    @Test("every value that a product can have is in a column of its own")
    func product() async throws {
        let product = try Unlike.product()
        let shown = try await shown { [storefront] in try storefront.show(product, at: .now(), in: $0) }
        #expect(Set(leaves(product)).subtracting(shown) == [])
    }

    @Test("every value that stock can have is in a column of its own")
    func stock() async throws {
        let stock = try Unlike.stock()
        let shown = try await shown { [storefront] in try storefront.show(stock, at: .now(), in: $0) }
        #expect(Set(leaves(stock)).subtracting(shown) == [])
    }

    @Test("every value that a shipment can have is in a column of its own")
    func shipment() async throws {
        let (status, shipment) = (try Unlike.orderStatus(), try Unlike.shipment())
        let shown = try await shown { [storefront] in
            try storefront.show(status, at: .now(), in: $0)
            try storefront.show(shipment, at: .now(), in: $0)
        }
        #expect(Set(leaves(shipment)).subtracting(shown) == [])
    }

    @Test("every value that an account can have is in a column of its own")
    func customer() async throws {
        let customer = try Unlike.customer()
        let shown = try await shown { [storefront] in try storefront.show(customer, at: .now(), in: $0) }
        #expect(Set(leaves(customer)).subtracting(shown) == [])
    }

    @Test("every value that prices can have is in a column of its own")
    func prices() async throws {
        let prices = try Unlike.prices()
        let shown = try await shown { [storefront] in try storefront.show(prices, at: .now(), in: $0) }
        #expect(Set(leaves(prices)).subtracting(shown) == [])
    }
}
