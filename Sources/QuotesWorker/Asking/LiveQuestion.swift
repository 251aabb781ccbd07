internal import Models

/// A question as it goes to the ERP: what others ask as well is the same question, whatever they call it and its lines.
struct LiveQuestion: Sendable {
    /// The id is the first asker's; lines are called by their places, from 1.
    let request: QuoteRequest
    /// What the goods weigh and how they are taxed, as far as that is known.
    let load: GoodsLoad
    /// Equal for equal questions, byte for byte.
    let key: [UInt8]

    /// Asks only these of the asker's questions.
    init(_ asked: QuoteRequest, only questions: [QuoteFallback.Question], _ load: GoodsLoad) {
        var request = asked
        request.questions = QuoteFallback.Question.allCases.filter { questions.contains($0) }
        for index in request.lines.indices { request.lines[index].id = Self.id(ofLine: index) }
        self.request = request
        self.load = load
        request.id = "same"
        let envelope = Envelope(
            for: request, as: Catalogue.quoteRequested, source: "urn:stevedore:same", time: .epoch, id: "same")
        key = MessageWriter().write(envelope, request)
    }

    /// What a line is called to the ERP.
    static func id(ofLine index: Int) -> String { String(index + 1) }
}
