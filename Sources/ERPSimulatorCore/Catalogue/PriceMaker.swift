/// Makes price lists, in parts of a hundred products of one family, and prices agreed with single accounts.
struct PriceMaker {
    /// Where a part belongs.
    struct Part: Hashable {
        var list: Int
        var family: ProductFamily
        /// From 0.
        var chunk: Int
        var quarter: Quarter

        static func == (left: Part, right: Part) -> Bool { left.name == right.name }

        func hash(into hasher: inout Hasher) { hasher.combine(name) }

        var name: String { "\(list)/\(family.prefix)-\(chunk + 1)/\(quarter.name)" }
    }

    static let productsPerPart = 100

    let masterData: MasterData
    let today: BusinessDay

    /// Every part of every list: this quarter's, and of each fifth list next quarter's as well.
    func parts(of list: Int) -> [Part] {
        let families = Set([list, list + 3, list + 5].map { $0 % ProductFamily.all.count }).sorted()
        let chunks = (masterData.productsPerFamily + Self.productsPerPart - 1) / Self.productsPerPart
        let quarter = Quarter(today)
        let quarters = list.isMultiple(of: 5) ? [quarter, quarter.next] : [quarter]
        return quarters.flatMap { quarter in
            families.flatMap { family in
                (0..<chunks).map {
                    Part(list: list, family: ProductFamily.all[family], chunk: $0, quarter: quarter)
                }
            }
        }
    }

    func document(_ part: Part) -> PricesDocument {
        let first = part.chunk * Self.productsPerPart + 1
        let last = min(first + Self.productsPerPart - 1, masterData.productsPerFamily)
        let percent = 78 + Int64(part.list * 7 % 18) + (part.quarter == Quarter(today) ? 0 : 2)
        return PricesDocument(
            priceList: MasterData.priceList(at: part.list), priceVersion: part.quarter.name,
            part: "\(part.family.prefix)-\(part.chunk + 1)", currency: "USD", validFrom: part.quarter.firstDay,
            // Some lists hold until they are replaced.
            validUntil: part.list % 7 == 3 ? nil : part.quarter.lastDay,
            prices: first <= last
                ? (first...last).flatMap { lines(MasterData.sku(part.family.prefix, $0), percent, part) } : [])
    }

    /// Every tenth account has prices of its own; nil for the others.
    func document(account index: Int) -> PricesDocument? {
        let account = MasterData.account(at: index)
        guard (index + 1).isMultiple(of: 10), masterData.productCount > 0 else { return nil }
        var random = SeededRandom(seed: masterData.seed, key: "prices/\(account)")
        var skus: [String] = []
        for _ in 0..<random.draw(3...8) {
            let sku = masterData.sku(at: Int(random.draw(0...Int64(masterData.productCount - 1))))
            if !skus.contains(sku) { skus.append(sku) }
        }
        return PricesDocument(
            account: account, priceVersion: "\(today.year)-K", currency: "USD", validFrom: "\(today.year)-01-01",
            validUntil: "\(today.year)-12-31",
            prices: skus.map { sku in
                let price = (masterData.priceCents(of: sku) ?? 1_000) * random.draw(70...85) / 100
                return .init(sku: sku, unit: "C62", price: ProductMaker.money(price))
            })
    }

    private func lines(_ sku: String, _ percent: Int64, _ part: Part) -> [PricesDocument.Line] {
        var random = SeededRandom(seed: masterData.seed, key: "\(part.list)/\(sku)")
        let cents = (masterData.priceCents(of: sku) ?? 1_000) * percent / 100
        var lines = [PricesDocument.Line(sku: sku, unit: "C62", price: ProductMaker.money(cents))]
        if random.chance(60) { lines.append(Self.line(sku, from: "10", cents * 95 / 100)) }
        if random.chance(30) { lines.append(Self.line(sku, from: "100", cents * 88 / 100)) }
        return lines
    }

    private static func line(_ sku: String, from quantity: String, _ cents: Int64) -> PricesDocument.Line {
        .init(sku: sku, fromQuantity: quantity, unit: "C62", price: ProductMaker.money(cents))
    }
}
