internal import Fleet

/// A batch's place among those that are sent: they go to the broker one right behind the other, and are confirmed in any order.
struct SendTurn: Sendable {
    /// Lets the next batch follow: whatever it sends goes behind this one.
    let handOver: @Sendable () -> Void
    /// Waits until all batches before this one are with the broker. True when something of them was sent once more, and so
    /// came behind what this one has sent already. Throws what ended one of them.
    let isOvertaking: @Sendable () async throws(ProgramError) -> Bool

    /// With nothing before and nothing behind it.
    static let alone = SendTurn(handOver: {}, isOvertaking: { () throws(ProgramError) in false })
}

/// A batch that has been sent.
struct SentBatch: Sendable {
    /// Those with which to go on.
    var letters: [TakenLetter]
    /// Whether something of it was sent once more.
    var isRepeated = false
}
