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
            guard let queue = try await LetterQueue(source, admin: admin) else { return }
            while let letter = try await queue.next() { if !body(letter) { break } }
            try await queue.giveBack()
        }
    }
}
