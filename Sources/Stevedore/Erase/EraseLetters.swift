internal import Fleet
internal import Models
internal import RabbitMQ

/// Finds persons in the letters that lie in the broker's queues and takes them out.
///
/// A letter's body is what is sent on, so the letter itself has to change: its copy without the person is published and
/// confirmed, and only then is it taken off. Killed between the two, it is there twice, and the next run does the rest.
/// Copies lie behind the other letters, in the order among themselves that they had.
struct EraseLetters {
    let configuration: Configuration
    let order: EraseOrder
    let interruption: Interruption
    let progress: CountedProgress

    static var queues: [String] {
        FleetTopology.flows.map { FleetTopology.deadQueue($0) } + [FleetTopology.unroutedQueue]
    }

    // MARK: - Finding

    /// Learns what the letters say of them. Every letter is left as it lay.
    func learn(into knowledge: inout EraseKnowledge) async throws(ProgramError) {
        var found = knowledge
        try await eachQueue { (queue) throws(ProgramError) in
            try await each(queue) { (letters) throws(ProgramError) in
                for letter in letters { learn(letter, into: &found) }
                return []
            }
        }
        knowledge = found
    }

    private func learn(_ letter: Delivery, into knowledge: inout EraseKnowledge) {
        let body = letter.body.bytes
        guard order.mayConcern(body), let message = PersonalMessage(body, type: letter.properties.type) else { return }
        let texts = order.texts(of: message)
        if order.concerns(message, texts) { knowledge.learn(message, texts, id: letter.properties.messageID) }
    }

    /// How many messages are on their way in flow and retry queues: nobody can tell whose without taking them.
    func onTheWay() async throws(ProgramError) -> Int {
        let queues = FleetTopology.flows.flatMap { flow in
            [flow] + RetryTier.allCases.map { FleetTopology.retryQueue(flow, $0) }
        }
        return try await BrokerDesk.withAdmin(configuration, "stevedore-erase") { admin throws(BrokerError) in
            var count = 0
            for queue in queues { count += try await admin.status(ofQueue: queue)?.messageCount ?? 0 }
            return count
        }
    }

    // MARK: - Erasing

    /// Counts the letters, and takes the persons out of them when that was ordered. Returns the ids of those.
    func erase(
        _ knowledge: EraseKnowledge, _ counts: inout EraseCounts
    ) async throws(ProgramError) -> [String] {
        let publisher = try await connectedPublisher()
        var work = EraseLetterWork(eraser: BodyEraser(order, knowledge), user: user, counts: counts)
        do throws(ProgramError) {
            try await eachQueue { (queue) throws(ProgramError) in
                try await each(queue) { (letters) throws(ProgramError) in
                    let copies = work.copies(of: letters, queue.name, at: .now())
                    guard let publisher else { return [] }
                    let refused = try await Self.deliver(copies.map(\.copy), publisher)
                    work.leave(refused.count)
                    return copies.enumerated().filter { !refused.contains($0.offset) }.map(\.element.letter)
                }
                if queue.isShared { work.noteHeld(queue.name) }
            }
        } catch {
            counts = work.counts
            await publisher?.close()
            throw error
        }
        counts = work.counts
        await publisher?.close()
        return work.ids
    }

    /// Nil when nothing is to change.
    private func connectedPublisher() async throws(ProgramError) -> Publisher? {
        guard order.isApplied else { return nil }
        return try await BrokerDesk.publisher(try BrokerDesk.configuration(configuration, "stevedore-erase-publish"))
    }

    /// The user of every endpoint: the broker takes no other `user-id`.
    private var user: String? {
        (try? BrokerDesk.configuration(configuration, "stevedore-erase"))?.commonUser
    }

    /// Publishes until all are confirmed; no answer means *unknown*, and a copy that is sent again may lie there twice.
    /// Returns the places of those that the broker takes from nobody.
    private static func deliver(
        _ copies: [OutgoingMessage], _ publisher: Publisher
    ) async throws(ProgramError) -> Set<Int> {
        var waiting = Array(copies.enumerated())
        var refused: Set<Int> = []
        let deadline = ContinuousClock.now + .seconds(30)
        while !waiting.isEmpty {
            let pairs = Array(zip(waiting, await publisher.publish(waiting.map(\.element), timeout: .seconds(10))))
            for (copy, outcome) in pairs where outcome.refusal != nil { refused.insert(copy.offset) }
            let open = pairs.filter { $0.1 != .confirmed && $0.1.refusal == nil }
            guard let (_, outcome) = open.first else { return refused }
            waiting = open.map(\.0)
            if case .returned = outcome { throw .eraseStuck(outcome, exit: .configuration) }
            guard ContinuousClock.now < deadline else { throw .eraseStuck(outcome, exit: .unavailable) }
            try? await Task.sleep(for: .milliseconds(250))
        }
        return refused
    }

    // MARK: - Queues

    private func eachQueue(
        _ body: (EraseQueue) async throws(ProgramError) -> Void
    ) async throws(ProgramError) {
        for name in Self.queues where !interruption.isRequested {
            let admin = try BrokerDesk.admin(try BrokerDesk.configuration(configuration, "stevedore-erase"))
            do throws(ProgramError) {
                if let queue = try await open(name, admin) { try await body(queue) }
            } catch {
                await admin.close()
                throw error
            }
            await admin.close()
        }
    }

    private func open(_ name: String, _ admin: BrokerAdmin) async throws(ProgramError) -> EraseQueue? {
        do throws(BrokerError) { return try await EraseQueue(name, admin) } catch { throw ProgramError(error) }
    }

    /// Hands out all letters of a queue, many at a time; those that `body` returns are taken off, and all others lie in
    /// their order again at the end, however that comes.
    private func each(
        _ queue: EraseQueue, _ body: ([Delivery]) async throws(ProgramError) -> [Delivery]
    ) async throws(ProgramError) {
        do throws(ProgramError) {
            var looked = 0
            while !interruption.isRequested {
                let letters = try await next(queue)
                guard !letters.isEmpty else { break }
                try await acknowledge(try await body(letters), queue)
                looked += letters.count
                progress.show(looked, "letters looked through in \(queue.name)")
            }
        } catch {
            try? await queue.giveBack()
            throw error
        }
        do throws(BrokerError) { try await queue.giveBack() } catch { throw ProgramError(error) }
    }

    private func next(_ queue: EraseQueue) async throws(ProgramError) -> [Delivery] {
        let passed = queue.takePassed()
        guard passed.isEmpty else { return passed }
        do throws(BrokerError) { return try await queue.next() } catch { throw ProgramError(error) }
    }

    private func acknowledge(_ letters: [Delivery], _ queue: EraseQueue) async throws(ProgramError) {
        do throws(BrokerError) { try await queue.acknowledge(letters) } catch { throw ProgramError(error) }
    }
}

extension ProgramError {
    static func eraseStuck(_ outcome: PublishOutcome, exit: ProgramError.Exit) -> ProgramError {
        ProgramError(
            code: "erase.stuck", sentence: "The broker takes no copy of a letter. \(outcome.reason)",
            remedy: "Look at the broker, then run the same command again: it does the rest.", exit: exit)
    }
}
