import Ledger
import Models

/// What a store asks of prices.
struct PriceQuestion: Hashable, Sendable {
    var account: String
    var sku: String
    /// In pieces.
    var quantity: Int64
    var day: String

    /// What the store's own tables answer to the documented query; `-` for nothing.
    func answer(in snapshot: LedgerSnapshot) throws -> String {
        let found = try snapshot.first(
            """
            SELECT unit_price, currency, unit, price_version, source FROM store_account_price
            WHERE account = ?1 AND sku = ?2 AND minimum_micro <= ?3 AND valid_from <= ?4 AND valid_until >= ?4
            ORDER BY rank, valid_from DESC, price_version DESC, minimum_micro DESC LIMIT 1
            """, .text(account), .text(sku), .integer(quantity * 1_000_000), .text(day)
        ) { row in
            [row.text(0), row.text(1), row.text(2), row.optionalText(3) ?? "-", row.text(4)]
        }
        return found?.joined(separator: " ") ?? "-"
    }
}

/// The ERP's prices as a clerk looks them up: an account's own, then its lists in their order, then the list price.
struct PriceBook: Sendable {
    private struct Offer: Sendable {
        var holder: String
        var version: String
        var from: String
        var until: String
        var minimum: Int64
        var currency: String
        var text: String

        func holds(_ question: PriceQuestion) -> Bool {
            minimum <= question.quantity && from <= question.day && question.day <= until
        }
    }

    /// By product.
    private var offers: [String: [Offer]] = [:]
    private var accounts: [String: JSONNode] = [:]
    /// Today, and each later one on which prices begin.
    private let days: [String]

    init(_ model: ERPModel) {
        let today = String(Timestamp.now().description.prefix(10))
        let beginnings = model.prices.compactMap { $0["validFrom"] }.filter { $0 > today }
        days = Set([today] + beginnings).sorted()
        for customer in model.customers { accounts[customer["account"] ?? ""] = customer }
        for prices in model.prices { add(prices) }
        for product in model.products { add(listPriceOf: product) }
    }

    /// For one piece and for many, of each account.
    func questions(_ skus: [String]) -> [PriceQuestion] {
        var questions: [PriceQuestion] = []
        for account in accounts.keys.sorted() {
            for (sku, day) in skus.flatMap({ sku in days.map { (sku, $0) } }) {
                questions.append(PriceQuestion(account: account, sku: sku, quantity: 1, day: day))
                questions.append(PriceQuestion(account: account, sku: sku, quantity: 250, day: day))
            }
        }
        return questions
    }

    func answer(_ question: PriceQuestion) -> String {
        guard let account = accounts[question.account], let currency = account["currency"] else { return "-" }
        let offers = (offers[question.sku] ?? []).filter { $0.currency == currency && $0.holds(question) }
        let lists = account.texts("priceLists").map { "price-list \($0)" }
        for holder in ["account \(question.account)"] + lists + ["list-price"] {
            if let best = offers.filter({ $0.holder == holder }).max(by: Self.isWeaker) { return best.text }
        }
        return "-"
    }

    /// The later beginning counts, then the greater name, then the larger quantity.
    private static func isWeaker(_ left: Offer, _ right: Offer) -> Bool {
        (left.from, left.version, left.minimum) < (right.from, right.version, right.minimum)
    }

    private mutating func add(_ prices: JSONNode) {
        let source = prices.has("account") ? "account" : "price-list"
        let holder = "\(source) \(prices["account"] ?? prices["priceList"] ?? "-")"
        let (version, currency) = (prices["priceVersion"] ?? "-", prices["currency"] ?? "-")
        for price in prices.parts("prices") {
            let offer = Offer(
                holder: holder, version: version, from: prices["validFrom"] ?? "-",
                until: prices["validUntil"] ?? "9999-12-31", minimum: price.number("fromQuantity") ?? 0,
                currency: currency,
                text: [price["price"] ?? "-", currency, price["unit"] ?? "-", version, source].joined(separator: " "))
            offers[price["sku"] ?? "-", default: []].append(offer)
        }
    }

    private mutating func add(listPriceOf product: JSONNode) {
        let price = product.part("listPrice")
        guard let amount = price["amount"], let currency = price["currency"] else { return }
        let offer = Offer(
            holder: "list-price", version: "-", from: "0001-01-01", until: "9999-12-31", minimum: 0,
            currency: currency,
            text: [amount, currency, product["unit"] ?? "-", "-", "list-price"].joined(separator: " "))
        offers[product["sku"] ?? "-", default: []].append(offer)
    }
}
