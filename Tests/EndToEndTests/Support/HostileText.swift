import Ledger
import Models
import RabbitMQ
import Testing

/// Texts that mean something to a database, a spreadsheet, a browser, a file system or a terminal, and two that look
/// alike. Each may be a key.
enum HostileText {
    static let all = [
        "'; DROP TABLE store_product;--", "=cmd|' /C calc'!A0", "<script>alert(1)</script>", "../../etc/passwd",
        "%2e%2e%2f", "a?b=c&d#e~1", "\u{1F6D2}\u{8A02}\u{55AE}", "\u{202E}gnp.exe", "{{7*7}}", "\\\"quoted\\",
        "caf\u{E9}", "cafe\u{301}",
    ]

    /// A message of each kind that has the text wherever any text may be.
    static func messages(_ text: String) throws -> [OutgoingMessage] {
        [
            StoreFlow.product.write(product(text)), StoreFlow.stock.write(stock(text)),
            StoreFlow.shipment.write(try shipment(text)), StoreFlow.customer.write(try customer(text)),
            StoreFlow.contractPrices.write(try prices(text)),
        ]
    }

    private static func product(_ text: String) -> Product {
        Product(
            sku: text, revision: 1, name: text, description: text,
            texts: [ProductText(language: text, name: text, description: text)],
            attributes: [ProductAttribute(name: text, value: text)], groups: [text], unit: .one, taxClass: text,
            replacementSKU: text, isActive: true)
    }

    private static func stock(_ text: String) -> Stock {
        Stock(sku: text, warehouse: text, revision: 1, unit: .one, onHand: .zero, reserved: .zero)
    }

    private static func shipment(_ text: String) throws -> Shipment {
        let quantity = try #require(ExactDecimal("1"))
        return Shipment(
            id: text, revision: 1, order: .online(text), warehouse: text, state: .packed, carrier: text,
            service: text, lines: [ShipmentLine(lineID: text, sku: text, quantity: quantity)])
    }

    private static func customer(_ text: String) throws -> Customer {
        let place = Address(
            company: text, name: text, street: [text], city: text, region: text, postalCode: beginning(of: text),
            country: try #require(CountryCode("US")))
        return Customer(
            account: text, revision: 1, name: text, taxID: text, billTo: place,
            shipTos: [ShipTo(id: text, address: place)],
            contacts: [Contact(name: text, email: "\(text)@example.com", phone: text)], currency: .usd,
            terms: PaymentTerms(code: text, text: text), isPurchaseOrderAllowed: true, creditUsed: .zero,
            hold: OrderStatus.Reason(code: text, text: text), priceLists: [text],
            assortment: Assortment(groups: [text], skus: [text]), isActive: true)
    }

    private static func prices(_ text: String) throws -> ContractPrices {
        ContractPrices(
            holder: .account(text), priceVersion: text, part: text, revision: 1, currency: .usd,
            validFrom: try #require(CalendarDate("2026-01-01")),
            prices: [ContractPrice(sku: text, unit: .one, unitPrice: .zero)])
    }

    /// As much of it as a postal code may have.
    private static func beginning(of text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(20)))
    }
}

extension HostileText {
    /// A table of the store whose every row has a text in these columns, and nothing but it.
    struct Place: Sendable {
        let table: String
        /// Or expressions, where something has been added to the text or taken from it.
        let columns: [String]

        /// What is shown; in bytes, because two texts that look alike are one to a `String`.
        func rows(_ snapshot: LedgerSnapshot) throws -> Set<[UInt8]> {
            let sql = "SELECT \(columns.joined(separator: ", ")) FROM \(table)"
            let count = columns.count
            let rows: [[UInt8]] = try snapshot.query(text: sql) { row in
                var line: [UInt8] = []
                for index in 0..<count {
                    line += Array(row.text(index).utf8)
                    line.append(0x1F)
                }
                return line
            }
            return Set(rows)
        }

        var expected: Set<[UInt8]> {
            var rows: Set<[UInt8]> = []
            for text in HostileText.all {
                let cell = Array(text.utf8) + [0x1F]
                rows.insert(Array(repeatElement(cell, count: columns.count).joined()))
            }
            return rows
        }
    }

    static let places: [Place] = [
        Place(table: "store_product", columns: ["sku", "name", "description", "tax_class", "replacement_sku"]),
        Place(table: "store_product_text", columns: ["sku", "language", "name", "description"]),
        Place(table: "store_product_attribute", columns: ["sku", "name", "value"]),
        Place(table: "store_product_group", columns: ["sku", "product_group"]),
        Place(table: "store_stock", columns: ["sku", "warehouse"]),
        Place(table: "store_shipment", columns: ["id", "number", "warehouse", "carrier", "service"]),
        Place(table: "store_shipment_line", columns: ["shipment", "line_id", "sku"]),
        Place(
            table: "store_customer",
            columns: [
                "account", "name", "tax_id", "terms_code", "terms", "hold_code", "hold_reason", "bill_to_company",
                "bill_to_name", "bill_to_street", "bill_to_city", "bill_to_region",
                "CASE WHEN bill_to_postal_code = substr(name, 1, 20) THEN name END",
            ]),
        Place(
            table: "store_customer_ship_to",
            columns: [
                "account", "id", "company", "name", "street", "city", "region",
                "CASE WHEN postal_code = substr(name, 1, 20) THEN name END",
            ]),
        Place(
            table: "store_customer_contact",
            columns: ["account", "name", "phone", "replace(email, '@example.com', '')"]),
        Place(table: "store_customer_price_list", columns: ["account", "price_list"]),
        Place(table: "store_customer_group", columns: ["account", "product_group"]),
        Place(table: "store_customer_sku", columns: ["account", "sku"]),
        Place(table: "store_price_version", columns: ["holder", "price_version", "part"]),
        Place(table: "store_price", columns: ["holder", "sku", "price_version", "part"]),
    ]
}
