internal import Models

/// Makes an answer of what the ERP says to a question: nothing that was not asked, and for everything that was a figure or
/// the reason why there is none.
struct QuoteReading {
    private let request: QuoteRequest
    /// The lines that were asked of, by their ids.
    private let asked: [String: QuoteLine]
    /// What is answered of them.
    private var found: [String: QuotedLine] = [:]
    private var answer: QuoteAnswer
    /// The code of a figure that the ERP states, but in a way that the interface does not allow.
    private static let unreadable = "answer.unreadable"

    private init(_ request: QuoteRequest, at moment: Timestamp) {
        self.request = request
        asked = Dictionary(request.lines.map { ($0.id, $0) }) { first, _ in first }
        answer = QuoteAnswer(id: request.id, currency: request.currency, answeredAt: moment)
    }

    /// Fails when it is no answer to this question.
    static func answer(
        _ wire: WireQuote, to request: QuoteRequest, at moment: Timestamp
    ) throws(WireFault) -> QuoteAnswer {
        var reading = QuoteReading(request, at: moment)
        try reading.read(wire)
        return try WireContract.kept(reading.answer)
    }

    private mutating func read(_ wire: WireQuote) throws(WireFault) {
        guard try WireText.key(wire.id, "id") == request.id else {
            throw WireFault("id", "is of another question")
        }
        guard try WireForm.currency(wire.currency, "currency") == request.currency else {
            throw WireFault("currency", "is not the question's")
        }
        try readLines(wire.lines)
        try readRefusals(wire.refusals)
        if asks(.shipping) { readShipping(wire.shipping) }
        if asks(.tax) { readTax(wire.tax) }
        refuseTheRest()
    }

    private func asks(_ question: QuoteFallback.Question) -> Bool { request.questions.contains(question) }

    private mutating func refuse(_ question: QuoteFallback.Question, _ line: String?, _ fault: WireFault) {
        let text = WireText.free("The ERP's figure can not be read: \(fault).")
        answer.refusals.append(QuoteRefusal(question: question, line: line, code: Self.unreadable, text: text))
    }
}

extension QuoteReading {
    private mutating func readLines(_ lines: [WireQuote.Line]) throws(WireFault) {
        for (index, wire) in lines.enumerated() {
            let id = try WireText.key(wire.id, "lines/\(index)/id")
            guard let line = asked[id], found[id] == nil else {
                throw WireFault("lines/\(index)/id", "is no line of the question, or there twice")
            }
            var quoted = QuotedLine(id: line.id, sku: line.sku)
            if asks(.price) { quoted.price = price(wire.price, "lines/\(index)/price", line) }
            if asks(.availability) {
                quoted.availability = availability(wire.availability, "lines/\(index)/availability", line)
            }
            found[id] = quoted
        }
        answer.lines = request.lines.compactMap { found[$0.id] }
    }

    private mutating func price(
        _ part: Part<WireQuote.Price>?, _ path: String, _ line: QuoteLine
    ) -> QuotedPrice? {
        do throws(WireFault) {
            return try part?.result.get().value(path, line, request.currency)
        } catch {
            refuse(.price, line.id, error)
            return nil
        }
    }

    /// All warehouses or none: a store that is told of some only would send the buyer away.
    private mutating func availability(
        _ part: Part<[WireQuote.Availability]>?, _ path: String, _ line: QuoteLine
    ) -> [QuotedAvailability] {
        do throws(WireFault) {
            var values: [QuotedAvailability] = []
            for (index, one) in (try part?.result.get() ?? []).enumerated() {
                let value = try one.value("\(path)/\(index)")
                guard !values.contains(where: { $0.warehouse == value.warehouse }) else {
                    throw WireFault("\(path)/\(index)/warehouse", "is there twice")
                }
                values.append(value)
            }
            return values
        } catch {
            refuse(.availability, line.id, error)
            return []
        }
    }
}

extension QuoteReading {
    private mutating func readShipping(_ part: Part<[WireQuote.Shipping]>?) {
        do throws(WireFault) {
            for (index, one) in (try part?.result.get() ?? []).enumerated() {
                let value = try one.value("shipping/\(index)", request.currency)
                guard request.shippingMethod == nil || request.shippingMethod == value.method else { continue }
                guard !answer.shipping.contains(where: { $0.method == value.method }) else {
                    throw WireFault("shipping/\(index)/method", "is there twice")
                }
                answer.shipping.append(value)
            }
        } catch {
            answer.shipping = []
            refuse(.shipping, nil, error)
        }
    }

    private mutating func readTax(_ part: Part<WireQuote.Tax>?) {
        do throws(WireFault) {
            guard let tax = try part?.result.get() else { return }
            answer.tax = QuotedTax(
                amount: try WireQuantity.money(tax.amount, "tax/amount", request.currency), basis: .live)
        } catch {
            refuse(.tax, nil, error)
        }
    }

    /// A refusal of a question that nobody asked says nothing.
    private mutating func readRefusals(_ refusals: [WireQuote.Refusal]) throws(WireFault) {
        for (index, wire) in refusals.enumerated() {
            guard let question = QuoteFallback.Question(rawValue: wire.question) else {
                throw WireFault("refusals/\(index)/question", "is none that the interface knows")
            }
            var line: String?
            if let id = wire.line { line = try WireText.key(id, "refusals/\(index)/line") }
            guard asks(question), line.map({ asked[$0] != nil }) ?? true else { continue }
            answer.refusals.append(
                QuoteRefusal(
                    question: question, line: line, code: WireReason.code(wire.code), text: WireText.free(wire.text)))
        }
    }
}

extension QuoteReading {
    /// A question, of a line or of all.
    private struct Place: Hashable {
        var question: QuoteFallback.Question
        var line: String?
    }

    /// What was asked and is neither answered nor refused by the ERP itself.
    private mutating func refuseTheRest() {
        let refused = Set(answer.refusals.map { Place(question: $0.question, line: $0.line) })
        for line in request.lines {
            let answered = found[line.id]
            if asks(.price), answered?.price == nil { refuse(.price, line, unless: refused) }
            if asks(.availability), answered?.availability.isEmpty ?? true {
                refuse(.availability, line, unless: refused)
            }
        }
        if asks(.shipping), answer.shipping.isEmpty { refuse(.shipping, nil, unless: refused) }
        if asks(.tax), answer.tax == nil { refuse(.tax, nil, unless: refused) }
    }

    private mutating func refuse(_ question: QuoteFallback.Question, _ line: QuoteLine?, unless refused: Set<Place>) {
        let places = [Place(question: question), Place(question: question, line: line?.id)]
        guard refused.isDisjoint(with: places) else { return }
        let whose = line.map { " of \($0.sku)" } ?? ""
        answer.refusals.append(
            QuoteRefusal(
                question: question, line: line?.id, code: "\(question.rawValue).unknown",
                text: "The ERP does not say the \(question.rawValue)\(whose)."))
    }
}
