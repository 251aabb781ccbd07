internal import Models

/// A letter whose turn has come, and what takes its place.
struct TakenLetter: Sendable {
    let letter: Letter
    /// Nil when the letter goes as it is, or is given up.
    var correction: CorrectedMessage?
    /// When it had failed last by the index, in microseconds since 1970.
    var failedAt: Int64 = 0
    /// When it was sent; nil until then.
    var sentAt: Timestamp?

    /// How one tells what came of it.
    var watched: WatchedLetter {
        var watched = correction.map { WatchedLetter(letter, correctedTo: $0) } ?? WatchedLetter(letter)
        watched.failedAt = max(watched.failedAt, failedAt)
        return watched
    }

    /// What it is known by if it comes back.
    var name: String { Self.name(correction?.id ?? letter.id, correction == nil ? sentAt?.description : nil) }

    /// What a letter is known by that this run has sent: its id with the time of its replay, or the id it was given.
    static func names(of letter: Letter) -> [String] {
        [name(letter.id, letter.replayedAt?.description), name(letter.id, nil)]
    }

    private static func name(_ id: String, _ time: String?) -> String { id + "\u{1F}" + (time ?? "") }
}
