internal import Fleet
internal import FoundationEssentials
internal import Models
internal import RabbitMQ

/// What came back for a question.
enum QuoteReply: Sendable {
    /// Figures, and what is not answered.
    case answer(QuoteAnswer)
    /// The question was not understood.
    case problem(QuoteProblem)

    /// - Throws: ``ProgramError`` for what is neither, or answers another question.
    init(_ delivery: Delivery, to question: QuoteRequest) throws(ProgramError) {
        let (properties, body) = (delivery.properties, delivery.body.bytes)
        guard QuoteProblem.isOne(properties.contentType) else {
            self = .answer(try Self.answer(body, properties, to: question))
            return
        }
        guard let problem = try? JSONDecoder().decode(QuoteProblem.self, from: Data(body)) else {
            throw Self.unreadable("it is said to be a problem document, and is none")
        }
        self = .problem(problem)
    }

    private static func answer(
        _ body: [UInt8], _ properties: MessageProperties, to question: QuoteRequest
    ) throws(ProgramError) -> QuoteAnswer {
        let payload: any Payload
        do throws(ContractError) {
            payload = try MessageReader().read(body, IncomingMessage(properties)).payload
        } catch {
            throw unreadable(([error.sentence] + error.faults.map(\.sentence)).joined(separator: "\n"))
        }
        guard let answer = payload as? QuoteAnswer else { throw unreadable("it is a message of another type") }
        guard answer.id == question.id else { throw unreadable("it answers another question, \"\(answer.id)\"") }
        return answer
    }

    private static func unreadable(_ reason: String) -> ProgramError {
        ProgramError(
            code: "quote.answer", sentence: "An answer came that cannot be read: \(reason)",
            remedy: "See who consumes \(Catalogue.quoteRequested.queue): it should be a quotes-worker of this release.",
            exit: .failure)
    }
}

/// Why a question was not understood, as quotes-worker says it.
struct QuoteProblem: Decodable, Hashable, Sendable {
    /// Something wrong at a place of the question.
    struct Place: Decodable, Hashable, Sendable {
        var pointer: String?
        var sentence: String?
        var value: String?
    }

    /// Stable and dotted.
    var code: String?
    var sentence: String?
    var remedy: String?
    var faults: [Place]?

    /// Whether a body of this media type, parameters and all, is a problem document.
    static func isOne(_ mediaType: String?) -> Bool {
        let name = mediaType?.prefix { $0 != ";" && $0 != " " }.lowercased()
        return name == "application/problem+json"
    }

    /// The sentence, and a line for each fault.
    var error: ProgramError {
        let lines = (faults ?? []).map { place in
            let value = place.value.flatMap { $0.isEmpty ? nil : " (it is `\($0)`)" } ?? ""
            return "  \(place.pointer ?? "/"): \(place.sentence ?? "is wrong")\(value)"
        }
        let head = sentence ?? "The question was not understood."
        return ProgramError(
            code: code ?? "quote.problem", sentence: ([head] + lines).joined(separator: "\n"), remedy: remedy ?? "",
            exit: .failure)
    }

    var json: JSONValue {
        [
            "code": .optional(code), "sentence": .optional(sentence), "remedy": .optional(remedy),
            "faults": .array(
                (faults ?? []).map { place -> JSONValue in
                    [
                        "pointer": .optional(place.pointer), "sentence": .optional(place.sentence),
                        "value": .optional(place.value),
                    ]
                }),
        ]
    }
}
