internal import Fleet
internal import Models
internal import RabbitMQ

/// Reads, checks and publishes everything of one input.
///
/// Several batches are on their way at once, so that the broker's round trips overlap; reading waits when the window is
/// full, so memory does not grow with the input.
struct PublishRun {
    let source: MessageSource
    let lane: PublishLane?
    let tally: PublishTally
    let user: String?
    let report: PublishReport
    let interruption: Interruption
    /// A batch is handed to the broker at this size, or at the latest when the input pauses.
    var batchLimit = 250
    var batchesInFlight = 4

    /// Returns at the end of the input, or at an interruption when everything on its way is settled.
    func run(pace: inout Pace?) async throws(ProgramError) {
        let reader = MessageReader()
        var lanes = LaneGroup(lane: lane, limit: batchesInFlight)
        var batch: [NumberedMessage] = []
        do throws(ProgramError) {
            reading: while !interruption.isRequested {
                switch try source.next() {
                case .end: break reading
                case .pause:
                    try await lanes.submit(&batch)
                    try? await Task.sleep(for: .milliseconds(10))
                case .tooLong(let line): refuse(line, Self.tooLong)
                case .message(let line, let body):
                    if let message = check(line, body, reader) { batch.append(message) }
                    if batch.count >= batchLimit { try await lanes.submit(&batch) }
                    if pace != nil { try await wait(&pace, &lanes, &batch) }
                }
                report.progress(tally)
            }
            try await lanes.submit(&batch)
            try await lanes.finish()
        } catch {
            await lanes.abandon()
            throw error
        }
        report.progress(tally)
    }

    private func check(_ line: Int, _ body: [UInt8], _ reader: MessageReader) -> NumberedMessage? {
        tally.begin(line)
        do throws(ContractError) {
            let received = try reader.read(body)
            try Self.refuseQuestions(received)
            guard lane == nil else {
                return NumberedMessage(line: line, message: OutgoingMessage(received, body: body, user: user))
            }
            tally.confirm([line])
        } catch {
            refuse(line, error)
        }
        return nil
    }

    /// They say where the answer goes, or are one, and nobody could be asked here.
    private static func refuseQuestions(_ message: Received) throws(ContractError) {
        guard message.type.isQuestion || message.type.isReply else { return }
        let sentence =
            message.type.isQuestion
            ? "A question needs somebody who waits for its answer: ask it with `stevedore quote`."
            : "An answer goes to the queue that its question names."
        throw ContractError(
            reason: .unsupportedType, sentence: sentence, faults: [], id: message.envelope.id,
            subject: message.envelope.subject, type: message.type.name)
    }

    private func refuse(_ line: Int, _ error: ContractError) {
        tally.begin(line)
        tally.refuse(line)
        let place = source.isStream ? "\(source.name):\(line)" : source.name
        report.refused(Refusal(place: place, line: source.isStream ? line : nil, error: error))
    }

    private func wait(
        _ pace: inout Pace?, _ lanes: inout LaneGroup, _ batch: inout [NumberedMessage]
    ) async throws(ProgramError) {
        pace?.advance()
        guard let due = pace?.due, due > .now else { return }
        try await lanes.submit(&batch)
        while due > .now && !interruption.isRequested {
            try? await Task.sleep(until: min(due, .now + .milliseconds(200)))
        }
    }

    private static let tooLong = ContractError(
        reason: .tooLarge, sentence: "The message has more than \(MessageReader.Limits().bytes) bytes.")
}
