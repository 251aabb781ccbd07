import Models

extension Activity {
    /// A sale at the counter, a return, or a count that found something else than the books.
    mutating func moveStock(_ page: Books.Page) throws -> Bool {
        guard var row = try anyStock(page) else { return false }
        let change = Millionths(random.draw(-40...30))
        row.onHand = max(row.onHand + change, .zero)
        try page.put(row)
        return true
    }

    /// What was on its way arrives.
    mutating func receive(_ page: Books.Page) throws -> Bool {
        guard var row = try anyStock(page) else { return false }
        guard !row.incoming.isEmpty else {
            row.onHand = row.onHand + Millionths(10 * random.draw(1...50))
            try page.put(row)
            return true
        }
        let arrived = row.incoming.removeFirst()
        row.onHand = row.onHand + Millionths(ExactDecimal(arrived.quantity) ?? .zero)
        try page.put(row)
        return true
    }

    /// More is ordered from a supplier.
    mutating func purchase(_ page: Books.Page) throws -> Bool {
        guard var row = try anyStock(page), row.incoming.count < 8 else { return false }
        let (pieces, days) = (10 * random.draw(5...100), random.draw(2...45))
        row.incoming.append(.init(quantity: String(pieces), date: today.adding(days).text))
        row.incoming.sort { ($0.date, $0.quantity) < ($1.date, $1.quantity) }
        try page.put(row)
        return true
    }

    mutating func changeListPrice(_ page: Books.Page) throws -> Bool {
        let percent = random.draw(92...110)
        return try changeProduct(page) { product in
            guard let price = product.listPrice.flatMap({ ExactDecimal($0.amount) }) else { return }
            product.listPrice?.amount = price.cents(percent: percent).description
        }
    }

    mutating func describeProduct(_ page: Books.Page) throws -> Bool {
        let colour = random.pick(["orange", "green", "grey", "silver"], or: "grey")
        return try changeProduct(page) { product in
            product.attributes.removeAll { $0.name == "colour" }
            product.attributes.insert(.init(name: "colour", value: colour), at: 0)
        }
    }

    /// With stock in the east.
    mutating func addProduct(_ page: Books.Page) throws -> Bool {
        let family = random.pick(ProductFamily.all, or: ProductFamily.all[0])
        let number = Int64(masterData.productsPerFamily) + (try page.next("product"))
        let product = ProductMaker(masterData: masterData).newcomer(family, number: number)
        try page.put(.products, product.sku, JSON.text(product))
        for warehouse in MasterData.warehouses {
            var row = StockRow(sku: product.sku, warehouse: warehouse, unit: product.unit)
            row.onHand = Millionths(warehouse == "EAST" ? random.draw(50...500) : 0)
            try page.put(row)
        }
        return true
    }

    /// One price of a part of any list.
    mutating func changeContractPrice(_ page: Books.Page) throws -> Bool {
        let maker = PriceMaker(masterData: masterData, today: today)
        guard masterData.priceLists > 0 else { return false }
        let parts = maker.parts(of: Int(random.draw(0...Int64(masterData.priceLists - 1))))
        guard let first = parts.first else { return false }
        let key = maker.document(random.pick(parts, or: first)).key
        guard let text = try page.object(.prices, key), var prices = try? JSON.decode(PricesDocument.self, text),
            !prices.prices.isEmpty
        else { return false }
        let index = Int(random.draw(0...Int64(prices.prices.count - 1)))
        let price = ExactDecimal(prices.prices[index].price) ?? .zero
        prices.prices[index].price = price.cents(percent: random.draw(94...107)).description
        try page.put(.prices, key, JSON.text(prices))
        return true
    }

    private mutating func changeProduct(_ page: Books.Page, _ change: (inout ProductDocument) -> Void) throws -> Bool {
        guard let sku = anySKU(), let text = try page.object(.products, sku),
            var product = try? JSON.decode(ProductDocument.self, text)
        else { return false }
        change(&product)
        try page.put(.products, sku, JSON.text(product))
        return true
    }
}

extension ExactDecimal {
    /// So many percent of an amount, to the cent; the amount itself where that has too many digits.
    func cents(percent: Int64) -> ExactDecimal {
        ExactDecimal(units: percent, scale: 2).flatMap { multiplied(by: $0, roundedTo: 2) } ?? self
    }
}
