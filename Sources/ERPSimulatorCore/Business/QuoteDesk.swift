import Models

/// Answers questions for figures from the books: what an order would be answered, without being one.
struct QuoteDesk {
    /// The company's day, which prices hold on and receipts are counted from.
    let today: BusinessDay
    private let prices = PriceBook()

    init(today: BusinessDay) { self.today = today }

    func answer(_ question: IncomingQuestion, in page: Books.Page) throws -> Reply {
        if let problem = QuestionCheck(question: question).problem { return .problem(problem, effect: .rejected) }
        return .json(try quote(question, in: page), effect: .quoted)
    }

    /// The figures; a question that is wrong has answers that make no sense.
    func quote(_ question: IncomingQuestion, in page: Books.Page) throws -> QuoteDocument {
        let (account, bar) = try customer(question.customer, page)
        let shelves = try account.map {
            try prices.shelves(of: $0, on: today.text, in: question.currency, page)
        }
        let goods = try question.lines.map { line in
            try QuotedGoods(line, question.currency, isAccount: account != nil, shelves, page)
        }
        var quote = QuoteDocument(id: question.id, currency: question.currency)
        let asked = question.questions.filter { bar?.questions.contains($0) != true }
        for barred in question.questions where !asked.contains(barred) { bar?.apply(to: &quote, barred) }
        try answerLines(goods, asked, &quote, page)
        guard let place = question.shipTo else { return quote }
        if asked.contains(.shipping) { answerShipping(goods, to: place, question.shippingMethod, &quote) }
        if asked.contains(.tax) { answerTax(goods, at: place, &quote) }
        return quote
    }

    private func answerLines(
        _ goods: [QuotedGoods], _ asked: [IncomingQuestion.Subject], _ quote: inout QuoteDocument, _ page: Books.Page
    ) throws {
        let warehouses = asked.contains(.availability) ? try page.warehouses() : []
        for one in goods {
            var line = QuoteDocument.Line(id: one.line.id)
            if asked.contains(.price) {
                do throws(Unquoted) {
                    line.price = try one.price()
                } catch {
                    quote.refuse(.price, one.line.id, error)
                }
            }
            if asked.contains(.availability) {
                switch try one.availability(in: warehouses, today, page) {
                case .success(let found): line.availability = found
                case .failure(let why): quote.refuse(.availability, one.line.id, why)
                }
            }
            quote.lines.append(line)
        }
    }

    private func answerShipping(
        _ goods: [QuotedGoods], to place: IncomingOrder.Place, _ method: String?, _ quote: inout QuoteDocument
    ) {
        do throws(Unquoted) {
            var kilograms = ExactDecimal.zero
            for one in goods { kilograms = kilograms.adding(try one.kilograms()) ?? kilograms }
            guard quote.currency == "USD" else {
                throw Unquoted(code: "currency.unknown", text: "Freight is asked for in USD only.")
            }
            quote.shipping = try FreightTable().options(kilograms, to: place, method: method)
        } catch {
            quote.refuse(.shipping, nil, error)
        }
    }

    private func answerTax(_ goods: [QuotedGoods], at place: IncomingOrder.Place, _ quote: inout QuoteDocument) {
        do throws(Unquoted) {
            let tax = try SalesTax(at: place)
            var sum = ExactDecimal.zero
            for one in goods { sum = sum.adding(try one.tax(tax)) ?? sum }
            quote.tax = QuoteDocument.Tax(amount: sum.description)
        } catch {
            quote.refuse(.tax, nil, error)
        }
    }
}

extension QuoteDesk {
    /// Why a customer gets no answer to some questions.
    private struct Bar {
        var why: Unquoted
        var questions: Set<IncomingQuestion.Subject>

        func apply(to quote: inout QuoteDocument, _ question: IncomingQuestion.Subject) {
            quote.refuse(question, nil, why)
        }
    }

    /// The account, where there is one, and what stands against answering. Whose credit is held is told what there is and
    /// what it takes to send it, but is offered no price.
    private func customer(
        _ customer: IncomingOrder.Customer, _ page: Books.Page
    ) throws -> (CustomerDocument?, Bar?) {
        guard let number = customer.account else {
            let why = Unquoted(code: "account.unknown", text: "The customer has no account yet.")
            return (nil, Bar(why: why, questions: [.price]))
        }
        let all = Set(IncomingQuestion.Subject.allCases)
        guard let standing = try page.standing(of: number), let text = try page.object(.customers, number) else {
            let why = Unquoted(code: "account.unknown", text: "There is no account \(number).")
            return (nil, Bar(why: why, questions: all))
        }
        let account = try JSON.decode(CustomerDocument.self, text)
        switch standing {
        case .closed:
            let why = Unquoted(code: "account.closed", text: "Account \(number) is closed.")
            return (account, Bar(why: why, questions: all))
        case .creditHold:
            let why = Unquoted(code: "credit.hold", text: "The account is on credit hold.")
            return (account, Bar(why: why, questions: [.price, .tax]))
        case .good, .overLimit, .prepayOnly: return (account, nil)
        }
    }
}
