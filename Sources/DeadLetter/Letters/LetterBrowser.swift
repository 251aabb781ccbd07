internal import Fleet
internal import RabbitMQ

/// Looks into queues of letters and leaves them as they were.
struct LetterBrowser {
    let configuration: Configuration

    /// The newest letters that are wanted, at most `limit` of each queue, in the order in which they lie.
    ///
    /// The newest lie at the end, so a queue is read to its end; only `limit` letters of it are kept in memory.
    func newest(_ sources: [LetterSource], limit: Int, where isWanted: (Letter) -> Bool) async throws(ProgramError)
        -> [Letter]
    {
        var found: [Letter] = []
        for source in sources {
            var letters: [Letter] = []
            try await read(source) { letter in
                if isWanted(letter) { letters.append(letter) }
                // Room for as many again, so that not every letter moves all others.
                if letters.count >= 2 * limit { letters.removeFirst(letters.count - limit) }
                return true
            }
            found += letters.suffix(limit)
        }
        return found
    }

    /// The first letter that is wanted.
    func first(_ sources: [LetterSource], where isWanted: (Letter) -> Bool) async throws(ProgramError) -> Letter? {
        var found: Letter?
        for source in sources where found == nil {
            try await read(source) { letter in
                if isWanted(letter) { found = letter }
                return found == nil
            }
        }
        return found
    }

    /// How many letters are in the queues.
    func count(_ sources: [LetterSource]) async throws(ProgramError) -> Int {
        try await BrokerDesk.withAdmin(configuration, "dead-letter") { admin throws(BrokerError) in
            var count = 0
            for source in sources { count += try await admin.status(ofQueue: source.queue)?.messageCount ?? 0 }
            return count
        }
    }

    /// Hands out letter by letter while `body` wants more, then gives all back.
    private func read(_ source: LetterSource, _ body: (Letter) -> Bool) async throws(ProgramError) {
        try await BrokerDesk.withAdmin(configuration, "dead-letter") { admin throws(BrokerError) in
            guard let queue = try await LetterQueue(source, admin: admin, burst: 100) else { return }
            while let letter = try await queue.next() { if !body(letter) { break } }
            try await queue.giveBack()
        }
    }
}

/// What a walk through a queue found beside its letters.
struct LetterWalk: Hashable, Sendable {
    /// How many were handed out.
    var letters = 0
    /// Somebody else held letters of the queue, or consumes from it: some may have been out of sight.
    var isShared = false
}

extension LetterBrowser {
    /// Hands out letter by letter, waiting for each, while `body` wants more; then gives all back. Nil when there is no
    /// such queue.
    ///
    /// The broker counts whoever holds messages of a quorum queue among its consumers, so that what others hold can be told
    /// from what this walk holds itself.
    func walk(
        _ source: LetterSource, _ body: (Letter) async throws(ProgramError) -> Bool
    ) async throws(ProgramError) -> LetterWalk? {
        var failure: ProgramError?
        let walk = try await BrokerDesk.withAdmin(configuration, "dead-letter") {
            (admin: BrokerAdmin) throws(BrokerError) -> LetterWalk? in
            guard let queue = try await LetterQueue(source, admin: admin, burst: 1_000) else { return nil }
            var walk = LetterWalk(isShared: try await Self.holders(of: source, admin) > 0)
            while failure == nil, let letter = try await queue.next() {
                walk.letters += 1
                do throws(ProgramError) {
                    guard try await body(letter) else { break }
                } catch {
                    failure = error
                }
            }
            if try await Self.holders(of: source, admin) != queue.readers { walk.isShared = true }
            try await queue.giveBack()
            return walk
        }
        if let failure { throw failure }
        return walk
    }

    private static func holders(of source: LetterSource, _ admin: BrokerAdmin) async throws(BrokerError) -> Int {
        try await admin.status(ofQueue: source.queue)?.consumerCount ?? 0
    }
}
