import Models

/// What an order is charged: as the store said, but for figures that the store had estimated, which the books have better.
struct Invoice {
    let desk: QuoteDesk

    func totals(of order: IncomingOrder, in page: Books.Page) throws -> IncomingOrder.Totals {
        let estimated = Set((order.fallbacks ?? []).map(\.question)).subtracting([.availability])
        guard !estimated.isEmpty else { return order.totals }
        let asked = estimated.subtracting([.tax])
        let question = Self.question(order, asked)
        guard asked.isEmpty || QuestionCheck(question: question).problem == nil else { return order.totals }
        let quote = try desk.quote(question, in: page)
        let amounts = Self.amounts(quote, order)
        var totals = order.totals
        if asked.contains(.price), let goods = Self.sum(amounts) { totals.goods = goods.description }
        totals.shipping = quote.shipping?.first?.amount ?? totals.shipping
        if estimated.contains(.tax), let tax = try tax(of: order, on: amounts, page) { totals.tax = tax.description }
        totals.total = totals.sum ?? totals.total
        return totals
    }

    private static func question(
        _ order: IncomingOrder, _ subjects: Set<IncomingQuestion.Subject>
    ) -> IncomingQuestion {
        IncomingQuestion(
            id: order.number, customer: order.customer, currency: order.currency,
            questions: IncomingQuestion.Subject.allCases.filter(subjects.contains), shipTo: order.shipTo,
            shippingMethod: order.shippingMethod,
            lines: order.lines.map { line in
                .init(
                    id: line.id, sku: line.sku, quantity: line.quantity, unit: line.unit, unitPrice: line.unitPrice)
            })
    }

    /// What each line is charged: as it was quoted here where every line was, else as the store says.
    private static func amounts(_ quote: QuoteDocument, _ order: IncomingOrder) -> [ExactDecimal] {
        let quoted = quote.lines.compactMap { $0.price.flatMap { ExactDecimal($0.amount) } }
        return quoted.count == order.lines.count ? quoted : order.lines.compactMap { ExactDecimal($0.amount) }
    }

    private static func sum(_ amounts: [ExactDecimal]) -> ExactDecimal? {
        amounts.reduce(ExactDecimal.zero as ExactDecimal?) { $0?.adding($1) }
    }

    /// On what is charged; nil where the tax of the place is not known.
    private func tax(
        of order: IncomingOrder, on amounts: [ExactDecimal], _ page: Books.Page
    ) throws -> ExactDecimal? {
        guard let rates = try? SalesTax(at: order.shipTo), amounts.count == order.lines.count else { return nil }
        let decimals = Currency(order.currency)?.minorUnits ?? 2
        let dues = try zip(order.lines, amounts).map { line, amount -> ExactDecimal? in
            let product = try page.object(.products, line.sku).map { try JSON.decode(ProductDocument.self, $0) }
            return rates.tax(on: amount, class: product?.taxClass, decimals: decimals)
        }
        return dues.contains(nil) ? nil : Self.sum(dues.compactMap(\.self))
    }
}

extension IncomingOrder.Totals {
    /// goods − discount + shipping + tax.
    fileprivate var sum: String? {
        guard let goods = ExactDecimal(goods), let discount = ExactDecimal(discount),
            let shipping = ExactDecimal(shipping), let tax = ExactDecimal(tax)
        else { return nil }
        return goods.subtracting(discount)?.adding(shipping)?.adding(tax)?.description
    }
}
