internal import Fleet
internal import Models
internal import RabbitMQ

/// The questions for figures that a rehearsed store asks, and what came of each.
///
/// An answer counts by when it was given (its own `answeredAt`), because the store here looks only now and then.
actor QuoteBook {
    /// Where the answers go.
    static let answers = "rehearsal.answers"
    /// How long the rehearsed store waits for one.
    static let deadline = Duration.seconds(2)

    private let admin: BrokerAdmin
    private var asked: [String: Int64] = [:]
    private(set) var tally = QuoteTally()

    init(_ broker: RehearsalBroker) throws(ProgramError) { admin = try BrokerDesk.admin(broker.configuration) }

    /// Makes the queue of answers; says whether anybody can be asked.
    func open() async throws(ProgramError) {
        do throws(BrokerError) {
            _ = try await admin.declare(.classic(Self.answers))
        } catch {
            throw ProgramError(error)
        }
    }

    func close() async { await admin.close() }

    /// A question has been confirmed.
    func noteAsked(_ id: String, at time: Int64) {
        asked[id] = time
        tally.asked += 1
    }

    /// Reads what has been answered.
    func collect() async {
        while let batch = await take(), !batch.isEmpty {
            for delivery in batch { note(delivery) }
        }
    }

    /// What was never answered is missing now.
    func finish() { tally.missing = asked.count }

    private func take() async -> [Delivery]? {
        do throws(BrokerError) {
            let batch = try await admin.take(upTo: 500, queue: Self.answers)
            try await admin.settle(batch.map { .ack($0.tag) })
            return batch
        } catch {
            return nil
        }
    }

    private func note(_ delivery: Delivery) {
        guard let id = delivery.properties.correlationID, let time = asked.removeValue(forKey: id) else {
            tally.unexpected += 1
            return
        }
        guard let answer = (try? MessageReader().read(delivery.body.bytes))?.payload as? QuoteAnswer else {
            tally.unreadable += 1
            return
        }
        let took = answer.answeredAt.microseconds - time
        tally.note(took: Double(took) / 1e6, isLate: took > Int64(Self.deadline / .microseconds(1)))
        tally.refusals += answer.refusals.isEmpty ? 0 : 1
    }
}

/// What came of the questions, in numbers.
struct QuoteTally: Hashable, Sendable {
    var asked = 0
    var answered = 0
    var late = 0
    var missing = 0
    var unreadable = 0
    /// Answers to nothing that was asked, or for a second time.
    var unexpected = 0
    /// Answers in which at least one figure was refused rather than guessed.
    var refusals = 0
    /// In seconds.
    var slowest = 0.0

    mutating func note(took seconds: Double, isLate: Bool) {
        answered += 1
        slowest = max(slowest, seconds)
        if isLate { late += 1 }
    }

    var isGood: Bool { late + missing + unreadable + unexpected == 0 && answered == asked }
}
