internal import Fleet
internal import Models

/// The reply to what is no question: a problem document (RFC 9457), with every fault at its place.
///
/// It is no `quote.answered.v1`, which takes a question that could be read; its content type tells the two apart.
struct QuestionProblem: Hashable, Sendable {
    static let contentType = "application/problem+json"

    let code: String
    private let title: String
    private let sentence: String
    private let remedy: String
    let faults: [Fault]

    /// What breaks the contract.
    init(_ error: ContractError) {
        code = error.code
        title = "The question can not be read"
        sentence = error.sentence
        remedy = error.remedy
        faults = error.faults
    }

    /// A message that keeps a contract, but not that of a question.
    init(strange type: MessageType) {
        code = "unsupported.flow"
        title = "This is no question"
        sentence = "Messages of type \(type) are not answered."
        remedy = "Ask with \(Catalogue.quoteRequested)."
        faults = []
    }

    /// The body.
    var body: [UInt8] { Array(json.compact.utf8) }

    private var json: JSONValue {
        [
            "type": .string("urn:stevedore:problem:\(code)"), "title": .string(title), "code": .string(code),
            "sentence": .string(sentence), "remedy": .string(remedy), "faults": .array(faults.map(Self.listed)),
        ]
    }

    private static func listed(_ fault: Fault) -> JSONValue {
        [
            "pointer": .string(fault.pointer), "rule": .string(fault.rule), "value": .string(fault.value),
            "sentence": .string(fault.sentence),
        ]
    }
}
