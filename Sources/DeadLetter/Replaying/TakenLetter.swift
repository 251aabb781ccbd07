internal import Models

/// When letters were sent, and how their copies say it. A class, because all letters of a batch have the same.
final class SendTime: Sendable {
    let time: Timestamp
    let text: String

    init(_ time: Timestamp) {
        self.time = time
        text = time.description
    }
}

/// A letter whose turn has come, and what takes its place.
struct TakenLetter: Sendable {
    let letter: Letter
    /// Nil when the letter goes as it is, or is given up.
    var correction: CorrectedMessage?
    /// When it had failed last by the index, in microseconds since 1970.
    var failedAt: Int64 = 0
    /// When the ledger was asked for it; nil where that is to be done again.
    var askedAt: ContinuousClock.Instant?
    /// When it was sent; nil until then.
    var sentAt: SendTime?

    /// How one tells what came of it.
    var watched: WatchedLetter {
        var watched = correction.map { WatchedLetter(letter, correctedTo: $0) } ?? WatchedLetter(letter)
        watched.failedAt = max(watched.failedAt, failedAt)
        return watched
    }

    /// What it is known by if it comes back.
    var name: String { Self.name(correction?.id ?? letter.id, correction == nil ? sentAt?.text : nil) }

    /// What a letter is known by that this run has sent: its id with the time of its replay, or the id it was given.
    static func names(of letter: Letter) -> [String] {
        let plain = name(letter.id, nil)
        return letter.replayedAt.map { [name(letter.id, $0.description), plain] } ?? [plain]
    }

    private static func name(_ id: String, _ time: String?) -> String { id + "\u{1F}" + (time ?? "") }
}
