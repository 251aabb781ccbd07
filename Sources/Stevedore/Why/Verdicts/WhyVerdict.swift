internal import Fleet
internal import Ledger
internal import Models

/// The answer: where a thing stands, in one sentence of the business, and what comes next.
struct WhyVerdict: Hashable, Sendable {
    /// Stable and dotted, for programs.
    var code: String
    /// Where it stands.
    var sentence: String
    /// The next step that happens by itself, and when; or that none does.
    var next: String
    /// What a person can do; nil when nothing need be done.
    var remedy: String?
    /// Who knows of it; nil where nobody has to.
    var told: String?

    init(_ code: String, _ sentence: String, next: String, remedy: String? = nil, told: String? = nil) {
        self.code = code
        self.sentence = sentence
        self.next = next
        self.remedy = remedy
        self.told = told
    }
}

extension WhyFacts {
    /// Where the thing stands.
    var verdict: WhyVerdict {
        switch thing {
        case .order: orderVerdict
        case .offlineOrder: offlineVerdict
        case .product: productVerdict
        case .account: accountVerdict
        case .shipment: shipmentVerdict
        case .prices: pricesVerdict
        }
    }

    /// The thing at the beginning of a sentence.
    var title: String { thing.name.prefix(1).uppercased() + thing.name.dropFirst() }

    /// What stops or delays the newest message of a road; nil when it has been applied, or none has come.
    /// - Parameter what: The message, at the beginning of a sentence.
    func delay(on leg: WhyLeg, _ what: String) -> WhyVerdict? {
        let name = leg.newest > 0 ? "\(what) (revision \(leg.newest))" : what
        switch leg.standing(now: now) {
        case .unheard, .applied: return nil
        case .inHand(let worker, let until): return inHand(name, worker, until)
        case .waiting(let step, let tier, let until): return waiting(name, leg, step, tier, until)
        case .begun(let step):
            return WhyVerdict(
                "begun",
                "\(step.worker ?? "A worker") began with \(uncapitalised(name)) at \(WhyTime.text(step.at)) and has "
                    + "not come to an end.",
                next: "The broker hands it out again by itself, and what was done is not done twice.",
                remedy: queueRemedy(leg))
        case .letter(let letter): return dead(name, letter)
        case .replayed(let letter, let step): return replayed(name, leg, letter, step)
        case .discarded(let letter):
            return WhyVerdict(
                "dead-letter.discarded", "\(name) was set aside by a person\(letter.note.map { ": \($0)" } ?? "").",
                next: "Nothing more happens with it; a newer revision is handled as any other.")
        case .written(let row):
            return WhyVerdict(
                "outbox", "\(name) is written since \(WhyTime.text(row.at)) and waits to be published.",
                next: "Any running worker publishes it as soon as the broker takes it.")
        case .queued(let since):
            let taken = since.map { " was taken at \(WhyTime.text($0)) and" } ?? ""
            return WhyVerdict(
                "queue", "\(name)\(taken) waits in \(leg.queue) for \(article(leg.program)): \(queueClause(leg)).",
                next: queueNext(leg), remedy: queueRemedy(leg))
        }
    }

    private func inHand(_ name: String, _ worker: String, _ until: Int64) -> WhyVerdict {
        WhyVerdict(
            "in-hand", "\(name) is being handled now by \(worker).",
            next: "It ends with an answer, a retry or a dead letter; should that worker have died, another one may "
                + "take over from \(WhyTime.text(until)) on.")
    }

    private func waiting(
        _ name: String, _ leg: WhyLeg, _ step: JournalEntry, _ tier: RetryTier, _ until: Int64
    ) -> WhyVerdict {
        let attempt = step.stage == "retried" ? step.attempt + 1 : step.attempt
        if until > now {
            return WhyVerdict(
                "retry",
                "\(name) waits in the retry tier \(tier.rawValue) until \(WhyTime.text(until)) at the latest: "
                    + step.waitReason,
                next: "Then it is tried again by itself (try \(attempt)).",
                remedy: leg.pauses.isEmpty ? nil : queueRemedy(leg))
        }
        return WhyVerdict(
            "queue.again",
            "\(name) is back in \(leg.queue) since \(WhyTime.text(until)) and waits for "
                + "\(article(leg.program)) (try \(attempt)): \(queueClause(leg)). Before that: \(step.waitReason)",
            next: queueNext(leg), remedy: queueRemedy(leg))
    }

    private func replayed(
        _ name: String, _ leg: WhyLeg, _ letter: DeadLetterRecord?, _ step: JournalEntry?
    ) -> WhyVerdict {
        let at = step.map { " at \(WhyTime.text($0.at))" } ?? ""
        let by = step?.worker.map { " by \($0)" } ?? ""
        let before = letter.map { " It had failed before: \($0.sentence)" } ?? ""
        return WhyVerdict(
            "dead-letter.replayed",
            "\(name) was replayed\(by)\(at), and nothing has been seen of it since: \(queueClause(leg)).\(before)",
            next: queueNext(leg), remedy: queueRemedy(leg))
    }

    private func dead(_ name: String, _ letter: DeadLetterRecord) -> WhyVerdict {
        let others = (cause?.count ?? 0) - 1
        let group = others > 0 ? " \(Count.text(others, "other letter has", "other letters have")) the same cause." : ""
        let assignee = cause?.assignee.map { "The cause is assigned to \($0)." }
        return WhyVerdict(
            "dead-letter.open",
            "\(name) is a dead letter since \(WhyTime.text(letter.lastFailedAt)) (\(letter.code)): "
                + "\(letter.sentence)\(group)",
            next: "Nothing more happens by itself.", remedy: Self.remedy(of: letter),
            told: assignee ?? "Nobody is assigned to the cause.")
    }

    private static func remedy(of letter: DeadLetterRecord) -> String {
        let cause =
            switch letter.category {
            case "malformed": "Have the producer correct the message and send it at a new revision"
            case "rejected": "Correct in the ERP what it refuses"
            case "poison": "Find out why it crashes workers"
            default: "Mend the cause"
            }
        return "\(cause) (`dead-letter show \(letter.id)`), then `dead-letter replay \(letter.id) --reason …`."
    }

    // MARK: - Queues

    /// What is in front of it, as far as that is known.
    func queueClause(_ leg: WhyLeg) -> String {
        var clauses: [String] = []
        if let pause = leg.pauses.first {
            clauses.append("the flow is paused since \(WhyTime.text(pause.since)): \(Self.bare(pause.reason))")
        }
        switch (broker, broker[leg.queue]) {
        case (.notAsked(let reason), _):
            clauses.append("how many are before it is not known, the broker was not asked: \(Self.bare(reason))")
        case (.asked, nil): clauses.append("its queue is missing")
        case (.asked, let queue?):
            clauses.append(
                queue.ready == 0
                    ? "its queue is empty"
                    : "at most \(Count.text(queue.ready, "message is", "messages are")) before it")
            if queue.workers == 0, leg.pauses.isEmpty { clauses.append("nobody consumes the queue") }
        }
        return clauses.joined(separator: "; ")
    }

    func queueNext(_ leg: WhyLeg) -> String {
        if !leg.pauses.isEmpty { return "The flow goes on by itself when that is over." }
        if let queue = broker[leg.queue], queue.ready == 0, let since = leg.watchedSince {
            return "Unless it is seen before, it is sent again by itself after \(WhyTime.text(since + 900_000_000))."
        }
        if broker[leg.queue]?.workers == 0 { return "Nothing, until a worker runs." }
        return "A worker takes it in its turn."
    }

    func queueRemedy(_ leg: WhyLeg) -> String? {
        if let pause = leg.pauses.first { return pause.remedy }
        if case .asked = broker, broker[leg.queue] == nil { return "Run `stevedore topology apply`." }
        guard let queue = broker[leg.queue], queue.workers == 0 else { return nil }
        return "Start \(article(leg.program)), or `stevedore up`."
    }

    private func article(_ program: String) -> String {
        (program.first.map { "aeio".contains($0) } == true ? "an " : "a ") + program
    }

    private func uncapitalised(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }

    /// A sentence that goes on.
    static func bare(_ sentence: String) -> String {
        sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    }
}
