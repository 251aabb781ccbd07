internal import Fleet

/// The batches on their way, at most `limit` at once.
struct LaneGroup {
    private let lane: PublishLane?
    private let limit: Int
    private var inFlight: [Task<ProgramError?, Never>] = []

    /// Without a lane, batches go nowhere.
    init(lane: PublishLane?, limit: Int) {
        self.lane = lane
        self.limit = limit
    }

    /// Sends the batch on its way and empties it; waits while there is no room. Throws what an earlier batch met.
    mutating func submit(_ batch: inout [NumberedMessage]) async throws(ProgramError) {
        guard let lane, !batch.isEmpty else { return }
        while inFlight.count >= limit { try await settleFirst() }
        let messages = batch
        batch = []
        inFlight.append(
            Task {
                do throws(ProgramError) {
                    try await lane.deliver(messages)
                    return nil
                } catch {
                    return error
                }
            })
    }

    /// Waits for everything on its way.
    mutating func finish() async throws(ProgramError) {
        while !inFlight.isEmpty { try await settleFirst() }
    }

    /// Lets what is on its way end soon, after a failure.
    mutating func abandon() async {
        for task in inFlight { task.cancel() }
        for task in inFlight { _ = await task.value }
        inFlight = []
    }

    private mutating func settleFirst() async throws(ProgramError) {
        if let error = await inFlight.removeFirst().value { throw error }
    }
}
