internal import Fleet
internal import Models

/// An answer in the making: one question after the other.
struct QuoteDraft {
    private let request: QuoteRequest
    private let settings: QuoteSettings
    private let known: KnownFigures
    private let heard: HeardAnswer?
    private let silence: LiveAnswer.Silence
    private(set) var answer: QuoteAnswer

    /// `heard` is what the ERP has said; `silence` is why it has not.
    init(
        _ request: QuoteRequest, _ settings: QuoteSettings, _ known: KnownFigures, heard: HeardAnswer?,
        silence: LiveAnswer.Silence, at now: Timestamp
    ) {
        self.request = request
        self.settings = settings
        self.known = known
        self.heard = heard
        self.silence = silence
        answer = QuoteAnswer(
            id: request.id, currency: request.currency, answeredAt: now,
            lines: request.lines.map { QuotedLine(id: $0.id, sku: $0.sku) })
    }

    /// The answer without lines of which nothing is said.
    var finished: QuoteAnswer {
        var answer = answer
        answer.lines.removeAll { $0.price == nil && $0.availability.isEmpty }
        return answer
    }

    /// Answers a question by the first of these that does, or says why there is no answer.
    mutating func settle(_ question: QuoteFallback.Question, _ bases: [QuoteBasis.Kind]) {
        if bases.contains(.live) { note(question, line: nil) }
        switch question {
        case .price:
            for index in request.lines.indices {
                let price = find(.price, index, bases) { $0.price(index, $1) }
                answer.lines[index].price = price
            }
            noteHold(isHeard: bases.contains(.live) && heard != nil)
        case .availability:
            for index in request.lines.indices {
                let found = find(.availability, index, bases) { $0.availability(index, $1) }
                answer.lines[index].availability = found ?? []
            }
        case .shipping: answer.shipping = find(.shipping, nil, bases) { $0.shipping($1) } ?? []
        case .tax: answer.tax = find(.tax, nil, bases) { $0.tax($1) }
        }
    }

    private mutating func find<Value>(
        _ question: QuoteFallback.Question, _ index: Int?, _ bases: [QuoteBasis.Kind],
        _ value: (QuoteDraft, QuoteBasis.Kind) -> Value?
    ) -> Value? {
        if bases.contains(.live), index != nil { note(question, line: index) }
        // What is remembered or reckoned is not for an account that is closed; the ERP may have opened it again.
        for basis in bases where basis == .live || !isClosed {
            if let found = value(self, basis) { return found }
            // What the ERP refuses nothing else can answer: that it does so has been noted.
            if basis == .live, heard?.isRefused(question, line: index) ?? false { return nil }
        }
        refuse(question, index, isAsked: bases.contains(.live))
        return nil
    }

    /// Takes over what the ERP itself refuses of a line, or of all when that is nil.
    private mutating func note(_ question: QuoteFallback.Question, line index: Int?) {
        for refusal in heard?.refusals(of: question, line: index) ?? [] where !HeardAnswer.isUnreadable(refusal) {
            answer.refusals.append(renamed(refusal, index))
        }
    }

    private func renamed(_ refusal: QuoteRefusal, _ index: Int?) -> QuoteRefusal {
        var refusal = refusal
        refusal.line = index.map { request.lines[$0].id }
        return refusal
    }
}

// What each basis has to say.
extension QuoteDraft {
    fileprivate func price(_ index: Int, _ basis: QuoteBasis.Kind) -> QuotedPrice? {
        switch basis {
        case .live: heard?.line(index)?.price
        case .cached:
            known.prices[index].map { fact in
                QuotedPrice(
                    unitPrice: fact.unitPrice, amount: fact.amount, priceVersion: fact.version,
                    basis: .cached(fact.asOf))
            }
        case .estimated: nil
        }
    }

    fileprivate func availability(_ index: Int, _ basis: QuoteBasis.Kind) -> [QuotedAvailability]? {
        let found: [QuotedAvailability] =
            switch basis {
            case .live: heard?.line(index)?.availability ?? []
            case .cached:
                known.stock[index].map { fact in
                    QuotedAvailability(
                        warehouse: fact.warehouse, quantity: fact.quantity, availableFrom: fact.availableFrom,
                        basis: .cached(fact.asOf))
                }
            case .estimated: []
            }
        return found.isEmpty ? nil : found
    }

    fileprivate func shipping(_ basis: QuoteBasis.Kind) -> [QuotedShipping]? {
        let found: [QuotedShipping] =
            switch basis {
            case .live: heard?.answer.shipping ?? []
            case .cached:
                known.freight.filter { request.shippingMethod == nil || request.shippingMethod == $0.method }.map {
                    QuotedShipping(method: $0.method, title: $0.title, amount: $0.amount, basis: .cached($0.asOf))
                }
            case .estimated: estimatedShipping
            }
        return found.isEmpty ? nil : found
    }

    private var estimatedShipping: [QuotedShipping] {
        guard let address = request.shipTo, let kilograms = known.load.kilograms else { return [] }
        return settings.freight.options(
            for: kilograms, to: address, in: request.currency, method: request.shippingMethod
        ).map {
            QuotedShipping(
                method: $0.method, title: $0.title, amount: $0.amount, basis: QuoteBasis(kind: .estimated))
        }
    }

    fileprivate func tax(_ basis: QuoteBasis.Kind) -> QuotedTax? {
        if basis == .live { return heard?.answer.tax }
        guard let goods = worth else { return nil }
        switch basis {
        case .live: return nil
        case .cached:
            guard let fact = known.tax, fact.goods == goods.amount else { return nil }
            return QuotedTax(amount: fact.tax, basis: .cached(min(fact.asOf, goods.asOf ?? fact.asOf)))
        case .estimated: return estimatedTax(goods.amount, goods.asOf)
        }
    }

    /// By what the ERP has taxed such goods with before, else by the settings.
    private func estimatedTax(_ goods: ExactDecimal, _ asOf: Timestamp?) -> QuotedTax? {
        if let fact = known.tax, let amount = TaxReckoning.amount(on: goods, like: fact, in: request.currency) {
            return QuotedTax(
                amount: amount, basis: QuoteBasis(kind: .estimated, asOf: min(fact.asOf, asOf ?? fact.asOf)))
        }
        guard let rate = request.shipTo.flatMap({ settings.taxRates[$0] }) else { return nil }
        return TaxReckoning.amount(on: goods, percent: rate, in: request.currency).map {
            QuotedTax(amount: $0, basis: QuoteBasis(kind: .estimated, asOf: asOf))
        }
    }

    /// What all goods cost, and the age of the oldest price in it; nil where one has no price at all.
    private var worth: (amount: ExactDecimal, asOf: Timestamp?)? {
        var sum = ExactDecimal.zero
        var oldest: Timestamp?
        for (index, line) in request.lines.enumerated() {
            let quoted = answer.lines[index].price
            let fact = quoted == nil ? known.prices[index] : nil
            guard let amount = quoted?.amount ?? fact?.amount ?? line.statedAmount(in: request.currency),
                let next = sum.adding(amount)
            else { return nil }
            sum = next
            if let asOf = quoted?.basis.asOf ?? fact?.asOf { oldest = min(oldest ?? asOf, asOf) }
        }
        return (sum, oldest)
    }
}

// Why there is no figure.
extension QuoteDraft {
    fileprivate mutating func refuse(_ question: QuoteFallback.Question, _ index: Int?, isAsked: Bool) {
        if isAsked, let refusal = heard?.refusals(of: question, line: index).first(where: HeardAnswer.isUnreadable) {
            return answer.refusals.append(renamed(refusal, index))
        }
        let silence = isAsked ? silence.clause : ""
        if isClosed { return refuseClosed(question, silence) }
        let (code, text) = reason(question, index.map { request.lines[$0] })
        answer.refusals.append(
            QuoteRefusal(
                question: question, line: index.map { request.lines[$0].id }, code: code, text: "\(text)\(silence)."))
    }

    private func reason(_ question: QuoteFallback.Question, _ line: QuoteLine?) -> (code: String, text: String) {
        let sku = line?.sku ?? ""
        switch question {
        case .price:
            guard let account = request.customer.account else {
                return ("account.unknown", "The customer has no account yet, and so no prices")
            }
            return ("price.unknown", "No price of \(sku) is known for \(account) that holds today")
        case .availability: return ("stock.unknown", "What is there of \(sku) is not known")
        case .shipping:
            let isEstimated = settings.policy[.shipping].contains(.estimated) && !settings.freight.isEmpty
            if isEstimated, let sku = known.load.unweighed {
                return ("weight.unknown", "The weight of \(sku) is not known, so that no freight can be estimated")
            }
            return ("shipping.unknown", "What it costs to send the goods there is not known")
        case .tax: return ("tax.unknown", "What tax the goods have there is not known")
        }
    }

    /// Whether the store was told that the account is closed.
    private var isClosed: Bool { known.account.map { !$0.isActive } ?? false }

    /// Once, of all lines.
    private mutating func refuseClosed(_ question: QuoteFallback.Question, _ silence: String) {
        let code = "account.closed"
        guard !answer.refusals.contains(where: { $0.question == question && $0.code == code }) else { return }
        answer.refusals.append(
            QuoteRefusal(question: question, code: code, text: "The account is closed\(silence)."))
    }

    /// Prices that the ERP has not said to this question do not say that it holds the account; an ERP that was asked for
    /// prices has had its say.
    fileprivate mutating func noteHold(isHeard: Bool) {
        guard !isHeard, !isClosed, let account = known.account, let code = account.holdCode else { return }
        answer.refusals.append(
            QuoteRefusal(question: .price, code: code, text: account.holdText ?? "The account is on hold."))
    }
}

extension QuoteBasis {
    fileprivate static func cached(_ asOf: Timestamp) -> QuoteBasis { QuoteBasis(kind: .cached, asOf: asOf) }
}

extension LiveAnswer.Silence {
    /// The end of a sentence that says why there is no figure.
    fileprivate var clause: String {
        switch self {
        case .unasked: ""
        case .outage: ", and the ERP is away"
        case .late: ", and the ERP has not answered in time"
        case .busy: ", and the ERP has too much to do to be asked"
        case .failed: ", and the ERP could not be asked"
        }
    }
}
