/// Finds out which message made the broker close the channel. The broker takes messages in order and drops all
/// that follow the culprit, so those can be sent again; those before it may have been taken.
enum ChannelFault {
    /// The index of the culprit among the unanswered messages, oldest first; nil when the text does not tell.
    static func culprit(_ error: BrokerError, among messages: [EncodedMessage]) -> Int? {
        if messages.count == 1 { return 0 }
        switch error {
        case .notFound(let text):
            return messages.firstIndex { text.contains("exchange '\($0.exchangeName)'") }
        case .accessRefused(let text):
            return messages.firstIndex { refuses(text, $0) }
        case .preconditionFailed(let text):
            return oversized(text, messages)
        default: return nil
        }
    }

    /// "access to exchange 'E' in vhost '/' refused for user 'u'", and with permissions on routing keys
    /// "access to topic 'K' in exchange 'E' in vhost '/' refused for user 'u'"; brokers differ in a word or two.
    private static func refuses(_ text: String, _ message: EncodedMessage) -> Bool {
        guard text.contains("access to topic '") else { return text.contains("exchange '\(message.exchangeName)'") }
        return text.contains("access to topic '\(message.routingKeyText)' in exchange ")
            && text.contains("'\(message.exchangeName)' in vhost ")
    }

    /// "message size 300000000 is larger than configured max size 134217728"
    private static func oversized(_ text: String, _ messages: [EncodedMessage]) -> Int? {
        let words = text.split(separator: " ")
        guard text.hasPrefix("message size"), words.count > 2, let size = Int(words[2]) else { return nil }
        return messages.firstIndex { $0.body.count == size }
    }
}
