public import Models

extension RESTAdapter {
    /// Asks for all figures at once. An account that the ERP refuses as a whole is refused every question.
    public func quote(_ request: QuoteRequest) async throws(ERPError) -> QuoteAnswer {
        let answer = try await exchange.ask("/quotes", WireQuestion.body(request), as: WireQuote.self)
        switch answer {
        case .success(let wire): return try Self.answer(wire, to: request)
        case .problem(let problem): return try Self.judge(problem, request)
        }
    }

    private static func answer(_ wire: WireQuote, to request: QuoteRequest) throws(ERPError) -> QuoteAnswer {
        do throws(WireFault) {
            return try QuoteReading.answer(wire, to: request, at: .now())
        } catch {
            throw .unreadable(error.description, isWrite: false)
        }
    }

    private static func judge(_ problem: WireProblem, _ request: QuoteRequest) throws(ERPError) -> QuoteAnswer {
        switch problem.category {
        case .declined:
            var answer = QuoteAnswer(id: request.id, currency: request.currency, answeredAt: .now())
            answer.refusals = request.questions.map {
                QuoteRefusal(question: $0, code: problem.stableCode, text: problem.sentence)
            }
            return answer
        case .rejected:
            throw .rejected(code: problem.stableCode, sentence: problem.sentence, faults: problem.values())
        case .unknown, .superseded, .exists, .tooLate: throw problem.unexpected(isWrite: false)
        }
    }
}
