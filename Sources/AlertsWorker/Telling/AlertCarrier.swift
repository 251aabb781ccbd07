internal import Fleet

/// Brings letters to people or programs, on one channel.
protocol AlertCarrier: Sendable {
    /// Where all letters go, whatever place their notices were written for; nil where each goes to its recipient.
    var address: String? { get }
    /// What is away for all processes when it is; nil where nobody else can know.
    var destination: SharedAbsence.Destination? { get }
    /// A new id for a letter, of the form that the channel has.
    func newMessage() -> String
    /// Tries once, and says what came of it; soon when cancelled.
    func carry(_ letter: AlertLetter) async -> AlertDelivery
}

extension AlertCarrier {
    var address: String? { nil }
    var destination: SharedAbsence.Destination? { nil }
}

/// What came of one try. `mayBeThere` says that the other side may have it all the same.
enum AlertDelivery: Hashable, Sendable {
    /// The other side has it.
    case sent
    /// The other side will never take this letter, or anything for this recipient.
    case refused(AlertTrouble)
    /// Nobody can take it, and nobody was asked.
    case unfit(AlertTrouble)
    /// The other side has answered: not now. Nothing is said of other letters.
    case later(AlertTrouble, mayBeThere: Bool = false)
    /// The other side, if there is one, takes nothing from us now, and is not away: the channel rests, at least for so
    /// long when the other side asks for it.
    case slow(AlertTrouble, rest: Duration? = nil)
    /// The other side is away: nothing goes out on this channel, at least for so long when the other side asks for it.
    case down(AlertTrouble, rest: Duration? = nil, mayBeThere: Bool = false)
    /// The other side has all of it and did not say whether it keeps it. It cannot tell copies apart, so it gets
    /// ``AlertLetter/mostCopies`` at most; the channel rests.
    case unanswered(AlertTrouble)
    /// Not tried, or given up before the other side had all of it, because the program ends.
    case untried
    /// Given up because the program ends: whether the other side has it is not known.
    case none
}

/// Why a try was in vain.
struct AlertTrouble: Hashable, Sendable {
    /// Stable and dotted.
    var code: String
    /// What has happened.
    var sentence: String
    /// What to do about it.
    var remedy: String

    /// As a notice keeps it: on one line, and not longer than anybody reads.
    var reason: String {
        // What a server answers has seldom an end.
        let end = sentence.last.map { ".!?…".contains($0) } ?? true ? "" : "."
        let text = remedy.isEmpty ? sentence : "\(sentence)\(end) \(remedy)"
        return String(InertText.line(text.split(whereSeparator: \.isWhitespace).joined(separator: " ")).prefix(1_000))
    }
}

/// A channel that rules name and the configuration does not have: what is due for it waits.
struct MissingCarrier: AlertCarrier {
    let channel: AlertNotice.Channel

    func newMessage() -> String { AlertMessageID.next() }

    func carry(_: AlertLetter) async -> AlertDelivery {
        switch channel {
        case .mail:
            .slow(
                AlertTrouble(
                    code: "alerts.mail.missing", sentence: "No mail server is configured for alerts.",
                    remedy: "Set `alerts.mail`, and start the alerts-worker anew."))
        case .webhook:
            .slow(
                AlertTrouble(
                    code: "alerts.webhook.missing", sentence: "No webhook is configured for alerts.",
                    remedy: "Set `alerts.webhook`, and start the alerts-worker anew."))
        }
    }
}
