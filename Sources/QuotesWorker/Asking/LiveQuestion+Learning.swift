internal import Models

extension LiveQuestion {
    /// What the ERP's answer says beyond this question: each figure under its key, and nil where it gives one no more.
    func lessons(of answer: QuoteAnswer) -> [FigureKey: Figure?] {
        let (heard, keys) = (HeardAnswer(answer), QuestionKeys(request))
        var lessons: [FigureKey: Figure?] = [:]
        for index in request.lines.indices {
            learnPrice(index, heard, keys, &lessons)
            learnStock(index, heard, keys, &lessons)
        }
        learnFreight(heard, keys, &lessons)
        learnTax(heard, keys, &lessons)
        return lessons
    }

    private func asks(_ question: QuoteFallback.Question) -> Bool { request.questions.contains(question) }

    private func learnPrice(
        _ index: Int, _ heard: HeardAnswer, _ keys: QuestionKeys, _ lessons: inout [FigureKey: Figure?]
    ) {
        guard asks(.price), let key = keys.price(of: request.lines[index]) else { return }
        if let price = heard.line(index)?.price {
            let fact = PriceFact(
                unitPrice: price.unitPrice, amount: price.amount, version: price.priceVersion,
                asOf: heard.answer.answeredAt)
            lessons.updateValue(.price(fact), forKey: .price(key))
        } else if heard.isRefused(.price, line: index) {
            lessons.updateValue(nil, forKey: .price(key))
        }
    }

    private func learnStock(
        _ index: Int, _ heard: HeardAnswer, _ keys: QuestionKeys, _ lessons: inout [FigureKey: Figure?]
    ) {
        guard asks(.availability) else { return }
        let key = keys.stock(of: request.lines[index])
        let facts = (heard.line(index)?.availability ?? []).map { one in
            StockFact(
                warehouse: one.warehouse, quantity: one.quantity, availableFrom: one.availableFrom,
                asOf: heard.answer.answeredAt)
        }
        if !facts.isEmpty {
            lessons.updateValue(.stock(facts), forKey: key)
        } else if heard.isRefused(.availability, line: index) {
            lessons.updateValue(nil, forKey: key)
        }
    }

    private func learnFreight(_ heard: HeardAnswer, _ keys: QuestionKeys, _ lessons: inout [FigureKey: Figure?]) {
        // What was asked of one method says nothing of the others: its key comes first.
        guard let key = keys.freight(load).compactMap(\.self).first?.key else { return }
        let facts = heard.answer.shipping.map { one in
            FreightFact(method: one.method, title: one.title, amount: one.amount, asOf: heard.answer.answeredAt)
        }
        if !facts.isEmpty {
            lessons.updateValue(.freight(facts), forKey: key)
        } else if heard.isRefused(.shipping) {
            lessons.updateValue(nil, forKey: key)
        }
    }

    /// A rate is only known where the worth of the goods is.
    private func learnTax(_ heard: HeardAnswer, _ keys: QuestionKeys, _ lessons: inout [FigureKey: Figure?]) {
        guard let key = keys.tax(load)?.key else { return }
        guard let tax = heard.answer.tax else {
            if heard.isRefused(.tax) { lessons.updateValue(nil, forKey: key) }
            return
        }
        var goods: ExactDecimal? = .zero
        for (index, line) in request.lines.enumerated() {
            // The ERP goes by the store's own price only where it has none.
            let isPriceless = asks(.price) && heard.isRefused(.price, line: index)
            let stated = isPriceless ? line.statedAmount(in: request.currency) : nil
            let amount = heard.line(index)?.price?.amount ?? stated
            goods = amount.flatMap { goods?.adding($0) }
        }
        guard let goods, !goods.isZero else { return }
        let fact = TaxFact(tax: tax.amount, goods: goods, asOf: heard.answer.answeredAt)
        lessons.updateValue(.tax(fact), forKey: key)
    }
}

extension QuoteLine {
    /// What the line costs by the store's own price; nil when it states none.
    func statedAmount(in currency: Currency) -> ExactDecimal? {
        unitPrice.flatMap { quantity.multiplied(by: $0, roundedTo: currency.minorUnits) }
    }
}
