internal import Fleet
internal import RabbitMQ

/// Looks into dead-letter queues and leaves them as they were.
struct LetterBrowser {
    let configuration: Configuration

    /// The letters that are wanted, at most `limit`, oldest first within their flow.
    func letters(
        flows: [String], limit: Int, where isWanted: (Letter) -> Bool
    ) async throws(ProgramError) -> [Letter] {
        var found: [Letter] = []
        for flow in flows where found.count < limit {
            let rest = limit - found.count
            found += try await BrokerDesk.withAdmin(configuration, "dead-letter") { admin throws(BrokerError) in
                guard let queue = try await LetterQueue(flow: flow, admin: admin) else { return [] }
                var letters: [Letter] = []
                while letters.count < rest, let letter = try await queue.next() {
                    if isWanted(letter) { letters.append(letter) }
                }
                try await queue.giveBack()
                return letters
            }
        }
        return found
    }

    /// How many letters are in the queues.
    func count(flows: [String]) async throws(ProgramError) -> Int {
        try await BrokerDesk.withAdmin(configuration, "dead-letter") { admin throws(BrokerError) in
            var count = 0
            for flow in flows {
                count += try await admin.status(ofQueue: FleetTopology.deadQueue(flow))?.messageCount ?? 0
            }
            return count
        }
    }
}
