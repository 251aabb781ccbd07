import Models

/// A line of a question, with what the books have of its product.
struct QuotedGoods {
    let line: IncomingQuestion.Line
    private let quantity: ExactDecimal
    private let decimals: Int
    private let product: ProductDocument?
    private let found: PriceBook.Found?

    /// Prices of no account are the store's own, where it says them.
    init(
        _ line: IncomingQuestion.Line, _ currency: String, isAccount: Bool, _ shelves: PriceBook.Shelves?,
        _ page: Books.Page
    ) throws {
        self.line = line
        quantity = ExactDecimal(line.quantity) ?? .zero
        decimals = Currency(currency)?.minorUnits ?? 2
        product = try page.object(.products, line.sku).map { try JSON.decode(ProductDocument.self, $0) }
        let agreed = shelves?.price(of: line.sku, unit: line.unit, quantity: quantity)
        found = agreed ?? (isAccount ? Self.listed(product, line, currency) : nil)
    }

    /// What anybody with an account pays who has agreed on nothing else.
    private static func listed(
        _ product: ProductDocument?, _ line: IncomingQuestion.Line, _ currency: String
    ) -> PriceBook.Found? {
        guard let product, product.unit == line.unit, let price = product.listPrice, price.currency == currency else {
            return nil
        }
        return ExactDecimal(price.amount).map { PriceBook.Found(unitPrice: $0, version: nil) }
    }

    func price() throws(Unquoted) -> QuoteDocument.Price {
        _ = try known()
        guard let found, let amount = quantity.multiplied(by: found.unitPrice, roundedTo: decimals) else {
            throw .price(line.sku)
        }
        return .init(
            unitPrice: found.unitPrice.description, amount: amount.description, priceVersion: found.version)
    }

    /// What each warehouse has that no order has.
    func availability(
        in warehouses: [String], _ today: BusinessDay, _ page: Books.Page
    ) throws -> Result<[QuoteDocument.Availability], Unquoted> {
        guard product != nil else { return .failure(.sku(line.sku)) }
        var found: [QuoteDocument.Availability] = []
        for warehouse in warehouses {
            guard let row = try page.stock(line.sku, warehouse) else { continue }
            guard row.unit == line.unit else { return .failure(.unit(line)) }
            let more = row.incoming.map(\.date).min() ?? row.leadTimeDays.map { today.adding($0).text }
            let free = max(row.onHand - row.reserved, .zero)
            found.append(.init(warehouse: warehouse, quantity: free.text, availableFrom: more))
        }
        guard !found.isEmpty else {
            return .failure(Unquoted(code: "stock.unknown", text: "No warehouse keeps \(line.sku)."))
        }
        return .success(found)
    }

    func kilograms() throws(Unquoted) -> ExactDecimal {
        let product = try known()
        guard product.unit == line.unit else { throw .unit(line) }
        guard let weight = product.weight, let each = ExactDecimal(weight.quantity),
            let factor = Self.kilograms(in: weight.unit), let kilograms = each.multiplied(by: factor, roundedTo: 6),
            let all = quantity.multiplied(by: kilograms, roundedTo: 3)
        else { throw Unquoted(code: "weight.unknown", text: "The weight of \(line.sku) is not known.") }
        return all
    }

    private static func kilograms(in unit: String) -> ExactDecimal? {
        switch unit {
        case "KGM": ExactDecimal(1)
        case "GRM": ExactDecimal(units: 1, scale: 3)
        default: nil
        }
    }

    /// On what the line costs here, or in the store when it has no price here.
    func tax(_ tax: SalesTax) throws(Unquoted) -> ExactDecimal {
        let product = try known()
        let price = found?.unitPrice ?? line.unitPrice.flatMap { ExactDecimal($0) }
        guard let price, let amount = quantity.multiplied(by: price, roundedTo: decimals),
            let due = tax.tax(on: amount, class: product.taxClass, decimals: decimals)
        else { throw .price(line.sku) }
        return due
    }

    private func known() throws(Unquoted) -> ProductDocument {
        guard let product else { throw .sku(line.sku) }
        return product
    }
}
