import Models
import Synchronization

/// Finds the price that holds for an account: its own before those of its lists, the newest version first, and in that
/// the largest quantity that is reached. Parts of prices are read once for each version of them.
final class PriceBook: Sendable {
    /// A price, and which version says so.
    struct Found: Hashable {
        var unitPrice: ExactDecimal
        var version: String?
    }

    /// A part of a holder's prices, ready to be looked through.
    fileprivate struct Part: Sendable {
        var version: Int64
        var document: PricesDocument
        var lines: [String: [PricesDocument.Line]]
    }

    /// The parts that hold on a day, one list of them for each holder.
    struct Shelves {
        fileprivate var holders: [[Part]] = []

        /// Nil when there is none for the product in that unit.
        func price(of sku: String, unit: String, quantity: ExactDecimal) -> Found? {
            for parts in holders {
                for part in parts {
                    let lines = (part.lines[sku] ?? []).filter { $0.unit == unit }
                    if let price = Self.price(lines, quantity) {
                        return Found(unitPrice: price, version: part.document.priceVersion)
                    }
                }
            }
            return nil
        }

        private static func price(_ lines: [PricesDocument.Line], _ quantity: ExactDecimal) -> ExactDecimal? {
            let reached = lines.compactMap { line -> (from: ExactDecimal, price: ExactDecimal)? in
                guard let price = ExactDecimal(line.price), let from = ExactDecimal(line.fromQuantity ?? "0"),
                    from <= quantity
                else { return nil }
                return (from, price)
            }
            return reached.max { $0.from < $1.from }?.price
        }
    }

    private let parts = Mutex<[String: Part]>([:])

    /// What holds for an account on a day, in a currency.
    func shelves(
        of account: CustomerDocument, on day: String, in currency: String, _ page: Books.Page
    ) throws -> Shelves {
        let holders = ["account/\(account.account)"] + account.priceLists.map { "price-list/\($0)" }
        return Shelves(
            holders: try holders.map { holder in
                try page.priceParts(of: holder).map { try part($0.key, $0.version, page) }
                    .filter { Self.holds($0.document, day) && $0.document.currency == currency }
                    .sorted { $0.document.age > $1.document.age }
            })
    }

    private static func holds(_ prices: PricesDocument, _ day: String) -> Bool {
        prices.validFrom <= day && (prices.validUntil.map { day <= $0 } ?? true)
    }

    private func part(_ key: String, _ version: Int64, _ page: Books.Page) throws -> Part {
        if let known = parts.withLock({ $0[key] }), known.version == version { return known }
        let document = try JSON.decode(PricesDocument.self, try page.object(.prices, key) ?? "")
        let part = Part(version: version, document: document, lines: Dictionary(grouping: document.prices, by: \.sku))
        parts.withLock { $0[key] = part }
        return part
    }
}

extension PricesDocument {
    /// The newer one is greater.
    fileprivate var age: String { "\(validFrom)/\(priceVersion)" }
}

extension Books.Page {
    /// The keys of a holder's prices, and the version of the books in which each was written.
    fileprivate func priceParts(of holder: String) throws -> [(key: String, version: Int64)] {
        // `0` is what comes behind `/`.
        let sql = "SELECT key, version FROM objects WHERE kind = 'prices' AND key > ? AND key < ?"
        return try connection.run(sql, [.text(holder + "/"), .text(holder + "0")]).compactMap { row in
            guard let key = row[0].text, let version = row[1].integer else { return nil }
            return (key, version)
        }
    }
}
