internal import Fleet
internal import Models

/// A question and what came back for it, as `stevedore quote` shows it.
struct QuoteFinding: Sendable {
    let question: QuoteRequest
    let reply: QuoteReply
    /// From sending the question to having the answer.
    let took: Duration

    /// For programs.
    var json: JSONValue {
        let reply: JSONValue.Member =
            switch self.reply {
            case .answer(let answer): .init(name: "answer", value: JSONValue(answer))
            case .problem(let problem): .init(name: "problem", value: problem.json)
            }
        return .object([
            .init(name: "id", value: .string(question.id)), .init(name: "milliseconds", value: .integer(milliseconds)),
            reply,
        ])
    }

    /// For people: figures, each with what it rests on, and what is not answered.
    func text(_ answer: QuoteAnswer, width: Int?) -> String {
        let parts = [
            "Answered in \(milliseconds) ms, in \(answer.currency).\n", prices(answer, width), stock(answer, width),
            shipping(answer, width), tax(answer), refusals(answer, width),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// Begun milliseconds: nothing takes no time.
    private var milliseconds: Int64 {
        let exact: Double = took / .milliseconds(1)
        return Int64(max(exact.rounded(.up), 1))
    }

    private func prices(_ answer: QuoteAnswer, _ width: Int?) -> String {
        var table = TextTable([
            .text("LINE"), .text("SKU"), .number("QUANTITY"), .text("UNIT"), .number("PRICE"), .number("AMOUNT"),
            .text("VERSION"), .text("PRICE IS"),
        ])
        let priced = answer.lines.compactMap { line in line.price.map { (line: line, price: $0) } }
        for (line, price) in priced {
            let asked = question.lines.first { $0.id == line.id }
            table.add([
                line.id, line.sku, asked?.quantity.description ?? "", asked?.unit.code ?? "",
                price.unitPrice.description, price.amount.description, price.priceVersion ?? "",
                Self.text(price.basis, at: answer.answeredAt),
            ])
        }
        return priced.isEmpty ? "" : table.text(width: width)
    }

    private func stock(_ answer: QuoteAnswer, _ width: Int?) -> String {
        var table = TextTable([
            .text("LINE"), .text("SKU"), .text("WAREHOUSE"), .number("AVAILABLE"), .text("MORE FROM"),
            .text("STOCK IS"),
        ])
        let stocked = answer.lines.filter { !$0.availability.isEmpty }
        for line in stocked {
            for stock in line.availability {
                table.add([
                    line.id, line.sku, stock.warehouse, stock.quantity.description,
                    stock.availableFrom?.description ?? "", Self.text(stock.basis, at: answer.answeredAt),
                ])
            }
        }
        return stocked.isEmpty ? "" : table.text(width: width)
    }

    private func shipping(_ answer: QuoteAnswer, _ width: Int?) -> String {
        var table = TextTable([.text("METHOD"), .text("SHIPPING"), .number("AMOUNT"), .text("FREIGHT IS")])
        for way in answer.shipping {
            table.add([
                way.method, way.title, way.amount.description, Self.text(way.basis, at: answer.answeredAt),
            ])
        }
        return answer.shipping.isEmpty ? "" : table.text(width: width)
    }

    private func tax(_ answer: QuoteAnswer) -> String {
        guard let tax = answer.tax else { return "" }
        return "Tax: \(tax.amount), \(Self.text(tax.basis, at: answer.answeredAt))\n"
    }

    private func refusals(_ answer: QuoteAnswer, _ width: Int?) -> String {
        var table = TextTable([.text("NOT ANSWERED"), .text("LINE"), .text("CODE"), .text("WHY")])
        for refusal in answer.refusals {
            table.add([refusal.question.rawValue, refusal.line ?? "all", refusal.code, refusal.text])
        }
        return answer.refusals.isEmpty ? "" : table.text(width: width)
    }

    /// What a figure rests on, and how old that was when it was answered.
    private static func text(_ basis: QuoteBasis, at now: Timestamp) -> String {
        let age = basis.asOf.map { Age.text(microseconds: now.microseconds - $0.microseconds) }
        switch basis.kind {
        case .live: return "live"
        case .cached: return age.map { "cached, \($0) old" } ?? "cached"
        case .estimated: return age.map { "estimated, \($0) old" } ?? "estimated"
        }
    }
}
