internal import Fleet
internal import Logging
internal import Models
internal import RabbitMQ
internal import Synchronization

/// Takes questions from their queue and answers each within its time.
///
/// A question is acknowledged once its answer is with the broker, so that those of a worker that is killed are answered by
/// another one, if there is time. Nothing is retried: what nobody waits for any more is dropped, and counted.
final class QuoteService: CompanionService {
    /// What a service is made of.
    struct Parts: Sendable {
        let queue: String
        let configuration: BrokerConfiguration
        let settings: QuoteSettings
        let desk: AnswerDesk
        let shelf: QuoteShelf
        let standing: ERPStanding
        let pulse: ERPPulse
        let gate: LiveGate
        let metrics: QuoteMetrics
        let logger: Logger
    }

    private struct State {
        var consumer: Consumer?
        /// Questions may be in hand, which are acknowledged over the consumer's connection.
        var isServing = false
        var isStopping = false
    }

    /// A longer message is none that a contract allows; it is dropped unread.
    private static let largestBody = 2 << 20
    /// Until a queue that is not there is looked for again.
    private static let pause = Duration.seconds(2)

    private let parts: Parts
    private let intake: LinkState
    private let outlet: LinkState
    private let state = Mutex(State())

    init(_ parts: Parts) {
        self.parts = parts
        intake = LinkState(name: parts.queue, logger: parts.logger)
        outlet = LinkState(name: "answers", logger: parts.logger)
    }

    // MARK: - Running

    func run(_ tools: CompanionTools) async {
        await parts.standing.look()
        let upkeep = [Task { await watchERP() }, Task { await parts.shelf.keep() }]
        await serve()
        for task in upkeep { task.cancel() }
        for task in upkeep { await task.value }
        await parts.shelf.save()
        await parts.standing.leave()
    }

    func stop() {
        let (consumer, isServing) = state.withLock { state in
            state.isStopping = true
            return (state.consumer, state.isServing)
        }
        guard let consumer else { return }
        Task { if isServing { await consumer.stop() } else { await consumer.close() } }
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Knows of an outage within half a second, and costs a question nothing.
    private func watchERP() async {
        while (try? await Task.sleep(for: ERPStanding.look * Double.random(in: 0.8...1.0))) != nil {
            await parts.standing.look()
            await parts.standing.askInTheirPlace { await parts.pulse.reach() }
        }
    }

    /// A queue that is missing, or a login that is refused, a person has to mend: it is looked for again until then.
    private func serve() async {
        while !isStopping, !Task.isCancelled {
            do throws(BrokerError) {
                let publisher = try Publisher(configuration: parts.configuration, onEvent: outlet.observe)
                let consumer = try makeConsumer(beside: publisher)
                try await publisher.start()
                try await consumer.start()
                // A stop that came before there was anything to stop.
                if !begin() { await consumer.stop() }
                await answerAll(of: consumer, over: publisher)
                await consumer.close()
                await publisher.close()
            } catch {
                guard error != .stopped else { return }
                intake.set(false, error.sentence)
                parts.logger.error(
                    "questions can not be taken",
                    metadata: ["reason": "\(error.sentence)", "remedy": "\(ProgramError(error).remedy)"])
                _ = try? await Task.sleep(for: Self.pause)
            }
        }
    }

    /// Where questions come from again, answers go at once: who took one and could not answer would keep its asker waiting.
    private func makeConsumer(beside publisher: Publisher) throws(BrokerError) -> Consumer {
        let consumer = try Consumer(
            configuration: parts.configuration, queue: parts.queue,
            prefetch: UInt16(clamping: parts.settings.questionsInHand), largestBody: Self.largestBody,
            topology: TopologyPlan.questions(parts.queue).queues.map { .queue($0) },
            onEvent: { [intake] event in
                intake.observe(event)
                if case .connected = event { Task { await publisher.hurry() } }
            })
        state.withLock { $0.consumer = consumer }
        return consumer
    }

    /// False when it is to stop already.
    private func begin() -> Bool {
        let isWanted = state.withLock { state in
            state.isServing = true
            return !state.isStopping
        }
        if isWanted { parts.logger.notice("answering", metadata: ["queue": "\(parts.queue)"]) }
        return isWanted
    }

    // MARK: - Answering

    /// Returns when no more questions come, and all that came are answered.
    private func answerAll(of consumer: Consumer, over publisher: Publisher) async {
        let replies = Replies(logger: parts.logger) { message, limit in
            await publisher.publish([message], timeout: limit).first ?? .notSent(.stopped)
        }
        await withDiscardingTaskGroup { group in
            let reader = MessageReader()
            while let batch = await consumer.nextBatch() {
                let (arrivedAt, now) = (ContinuousClock.now, Timestamp.now())
                for delivery in batch.deliveries {
                    let question = Question(
                        delivery, patience: parts.settings.patience, arrivedAt: arrivedAt, at: now, reader)
                    parts.metrics.inHand.add(1, ordering: .relaxed)
                    group.addTask { [self] in
                        await settle(question, replies)
                        parts.metrics.inHand.subtract(1, ordering: .relaxed)
                        await consumer.settle([.ack(question.tag)])
                    }
                }
            }
        }
    }

    private func settle(_ question: Question, _ replies: Replies) async {
        guard question.replyTo != nil else { return drop(question, .unanswerable) }
        guard question.deadline > .now else { return drop(question, .expired) }
        switch question.content {
        case .failure(let error): await say(QuestionProblem(error), to: question, replies)
        case .success(let received):
            guard let request = received.payload as? QuoteRequest else {
                return await say(QuestionProblem(strange: received.type), to: question, replies)
            }
            await answer(request, question, replies)
        }
    }

    private func answer(_ request: QuoteRequest, _ question: Question, _ replies: Replies) async {
        let answer = await parts.desk.answer(request, until: question.deadline)
        switch await replies.send(answer, to: question) {
        case .sent: parts.metrics.answered(answer, after: .now - question.arrivedAt)
        case .late: drop(question, .late)
        case .gone: parts.metrics.ended(.askerGone)
        case .unsent: parts.metrics.ended(.unsent)
        }
    }

    private func say(_ problem: QuestionProblem, to question: Question, _ replies: Replies) async {
        switch await replies.send(problem, to: question) {
        case .sent: parts.metrics.ended(.problem)
        case .late: drop(question, .late)
        case .gone: parts.metrics.ended(.askerGone)
        case .unsent: parts.metrics.ended(.unsent)
        }
    }

    /// Without a word of what it says: that may be somebody's address.
    private func drop(_ question: Question, _ ending: QuoteMetrics.Ending) {
        parts.metrics.ended(ending)
        parts.logger.debug("question dropped", metadata: ["why": "\(ending.rawValue)", "bytes": "\(question.size)"])
    }

    // MARK: - What it says of itself

    func check() async -> HealthCheck {
        let (isUp, link) = (intake.isUp && outlet.isUp, intake.isUp ? outlet : intake)
        guard isUp, let outage = parts.standing.outage else {
            return HealthCheck(name: "questions", isUp: isUp, detail: link.detail)
        }
        return HealthCheck(
            name: "questions", isUp: true, detail: "answered without the ERP: \(outage.sentence)", state: "without-erp")
    }

    func samples() async -> [String: [String]] {
        var samples = parts.metrics.samples()
        let (gate, shelf) = (parts.gate.now, parts.shelf.counts)
        samples["stevedore_quote_calls_in_flight"] = [" \(gate.inFlight)"]
        samples["stevedore_quote_erp_doubtful"] = [" \(gate.isDoubtful ? 1 : 0)"]
        samples["stevedore_quote_erp_away"] = [" \(parts.standing.outage == nil ? 0 : 1)"]
        samples["stevedore_quote_cache_in_memory"] = [" \(shelf.inMemory)"]
        samples["stevedore_quote_cache_dropped_total"] = [" \(shelf.dropped)"]
        return samples
    }
}
