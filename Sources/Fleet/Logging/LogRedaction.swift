internal import Models
internal import RabbitMQ

/// Keeps what messages say of persons out of log lines. The dead letter, the journal and the ledger keep the sentence as it
/// is: an operator who has to mend the message needs it, and they can be erased (`stevedore erase`), which a log cannot.
enum LogRedaction {
    /// Stands for an e-mail address, or for another text that says something of a person.
    static let mark = "(hidden)"
    /// Names of processes, which look like addresses where the machine has a full name.
    private static let exempt: Set<String> = ["connection", "worker", "holder"]
    private static let addresses = PersonalWords(takingAddresses: true, mark: mark)

    /// A value of a log line.
    static func value(_ text: String, of key: String) -> String {
        exempt.contains(key) ? text : withoutAddresses(text)
    }

    /// The text without e-mail addresses, whosoever they are.
    static func withoutAddresses(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "@")) else { return text }
        return addresses.erased(from: text) ?? text
    }

    /// No longer body is looked through for a line of the log: that must not hold up the messages behind it.
    private static let longestBody = 64 << 10
    private static let unsaid = "not shown here, because the message is too long to be looked through for persons"

    /// A sentence about a message without what the message says of persons: an ERP that refuses an order may quote whoever
    /// ordered.
    static func sentence(_ text: String, about body: [UInt8], type: String?) -> String {
        guard body.count <= longestBody else { return unsaid }
        guard let message = PersonalMessage(body, type: type) else { return withoutAddresses(text) }
        let words = message.texts.flatMap { said in said.texts.compactMap { PersonalWord(said.kind, $0) } }
        return PersonalWords(words, takingAddresses: true, mark: mark).erased(from: text) ?? text
    }
}

extension Intake {
    /// What a log line may say of a failure of this message.
    func loggable(_ sentence: String) -> String {
        LogRedaction.sentence(sentence, about: delivery.body.bytes, type: properties.type)
    }
}
