import Models

/// What an order is charged: as the store said, but for figures that the store had estimated, which the books have better.
struct Invoice {
    let desk: QuoteDesk

    func totals(of order: IncomingOrder, in page: Books.Page) throws -> IncomingOrder.Totals {
        let estimated = Set((order.fallbacks ?? []).map(\.question)).subtracting([.availability])
        guard !estimated.isEmpty else { return order.totals }
        let question = Self.question(order, estimated)
        guard QuestionCheck(question: question).problem == nil else { return order.totals }
        let quote = try desk.quote(question, in: page)
        var totals = order.totals
        totals.goods = Self.goods(quote, order) ?? totals.goods
        totals.shipping = quote.shipping?.first?.amount ?? totals.shipping
        totals.tax = quote.tax?.amount ?? totals.tax
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

    /// Nil unless every line has a price: a sum of some of them is nobody's.
    private static func goods(_ quote: QuoteDocument, _ order: IncomingOrder) -> String? {
        let amounts = quote.lines.compactMap { $0.price.flatMap { ExactDecimal($0.amount) } }
        guard amounts.count == order.lines.count else { return nil }
        var sum = ExactDecimal.zero
        for amount in amounts {
            guard let more = sum.adding(amount) else { return nil }
            sum = more
        }
        return sum.description
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
