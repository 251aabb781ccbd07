internal import Models

/// The ids of letters: a UUIDv7, which tells when the letter was first tried; of a mail with a domain behind it.
enum AlertMessageID {
    static func next(domain: String? = nil) -> String {
        domain.map { "\(MessageID.next())@\($0)" } ?? MessageID.next()
    }

    /// When the letter was first tried, in microseconds since 1970; nil for an id of another form.
    static func time(of message: String) -> Int64? {
        let digits = message.prefix(13).split(separator: "-", omittingEmptySubsequences: false)
        guard digits.count == 2, digits[0].utf8.count == 8, digits[1].utf8.count == 4,
            let milliseconds = Int64(digits.joined(), radix: 16)
        else { return nil }
        return milliseconds * 1_000
    }
}
