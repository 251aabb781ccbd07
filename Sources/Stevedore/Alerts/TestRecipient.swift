internal import Fleet
internal import MailClient

/// Whom a test goes to.
enum TestRecipient: Hashable, Sendable {
    case mail(MailAddress)
    case webhook

    /// As tables name it.
    var text: String {
        switch self {
        case .mail(let address): address.text
        case .webhook: "the webhook"
        }
    }

    /// Nil when the text is no mail address.
    init?(mail text: String) {
        guard let address = MailAddress(text) else { return nil }
        self = .mail(address)
    }

    /// The mail address; nil for the webhook.
    var address: MailAddress? {
        guard case .mail(let address) = self else { return nil }
        return address
    }

    /// Everybody whom the rules may write to, each once.
    static func all(of rules: [AlertRule]) -> [TestRecipient] {
        var recipients: [TestRecipient] = []
        var known: Set<String> = []
        for address in rules.flatMap(\.addresses).compactMap({ MailAddress($0) })
        where known.insert(address.text.lowercased()).inserted {
            recipients.append(.mail(address))
        }
        return rules.contains(where: \.webhook) ? recipients + [.webhook] : recipients
    }
}

/// What came of a test.
struct TestAnswer: Hashable, Sendable {
    var recipient: TestRecipient
    /// Whether the other side has taken it.
    var isTaken: Bool
    /// Stable and dotted; `ok` when it was taken.
    var code: String
    /// What the other side said, or why it did not come to that.
    var sentence: String
    var remedy: String

    static func taken(_ recipient: TestRecipient, _ sentence: String) -> TestAnswer {
        TestAnswer(recipient: recipient, isTaken: true, code: "ok", sentence: sentence, remedy: "")
    }

    static func failed(
        _ recipient: TestRecipient, _ code: String, _ sentence: String, _ remedy: String
    ) -> TestAnswer {
        TestAnswer(recipient: recipient, isTaken: false, code: code, sentence: sentence, remedy: remedy)
    }

    var json: JSONValue {
        [
            "recipient": .string(recipient.text), "taken": .boolean(isTaken), "code": .string(code),
            "answer": .string(sentence), "remedy": .string(remedy),
        ]
    }
}
