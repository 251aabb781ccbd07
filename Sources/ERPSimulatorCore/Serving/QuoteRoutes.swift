import Hummingbird

/// `/quotes`.
struct QuoteRoutes {
    let desk: QuoteDesk
    let answer: AuditedAnswer

    func add(to router: Router<SimulatorContext>) {
        router.post("quotes") { request, context in
            let buffer = try await request.body.collect(upTo: context.maxUploadSize)
            let question: IncomingQuestion
            do {
                question = try JSON.decode(IncomingQuestion.self, buffer.readableBytesView)
            } catch {
                return try answer(request, context) { _ in
                    .problem(OrderRoutes.malformed(error), effect: .rejected)
                }
            }
            return try answer(request, context) { try desk.answer(question, in: $0) }
        }
    }
}
