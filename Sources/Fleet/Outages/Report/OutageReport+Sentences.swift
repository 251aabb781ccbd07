internal import Models

// What a person is told of an outage, in whichever form: on a terminal, on a page, in a mail.
extension OutageReport {
    /// How far it is.
    package enum Standing: String, Hashable, Sendable {
        case open, trying, draining, over

        /// In words.
        package var text: String {
            switch self {
            case .open: "open"
            case .trying: "being tried"
            case .draining: "over, draining"
            case .over: "over"
            }
        }
    }

    package var standing: Standing { Self.standing(of: outage, isSettled: isSettled) }

    /// For a list and for a page: both say it of the same facts.
    /// - Parameter isSettled: What ``LedgerSnapshot/isSettled(_:at:)`` says.
    package static func standing(of outage: Outage, isSettled: Bool) -> Standing {
        switch outage.phase {
        case .open: .open
        case .halfOpen: .trying
        case .closed: isSettled ? .over : .draining
        }
    }

    /// What is away, at the beginning of a sentence.
    package static func name(of destination: String) -> String {
        switch SharedAbsence.Destination(rawValue: destination) {
        case .erpChanges?: "What changes in the ERP"
        case .storeWebhook?: "The store"
        case .mail?: "The mail server"
        case .alertWebhook?: "The receiver of alerts"
        case nil: destination == FlowBacklog.erp ? "The ERP" : InertText.line(destination)
        }
    }

    /// One sentence that says it all.
    package var headline: String {
        let (name, span) = (Self.name(of: outage.destination), Age.text(microseconds: lasted))
        return switch standing {
        case .open: "\(name) cannot be reached for \(span)\(plan)."
        case .trying: "\(name) answers again after \(span)\(plan), and is being tried."
        case .draining: "\(name) was away for \(span)\(plan); what waited is being worked off."
        case .over: "\(name) was away for \(span)\(plan)."
        }
    }

    /// Whether it was, or is, as long as somebody had said.
    private var plan: String {
        guard let number = outage.window else { return "" }
        guard let window, window.number == number, (outage.endedAt ?? now) &- window.endsAt > Self.overrun else {
            return ", as was planned"
        }
        return ", longer than was planned"
    }

    /// After the end of a window it takes that long to find out, in microseconds.
    private static let overrun: Int64 = 60_000_000

    // MARK: - Asking

    /// Who asks whether it is over, how often, and when next; nil when it is.
    package var probing: String? {
        guard outage.endedAt == nil else { return nil }
        let last = outage.probedAt.map { ", last \(Age.text(microseconds: now &- $0)) ago" } ?? ""
        let asked = outage.probes == 0 ? "Not asked yet" : "Asked \(Self.times(outage.probes))\(last)"
        return "\(asked). \(nextProbe)"
    }

    private var nextProbe: String {
        if let prober {
            guard outage.phase == .halfOpen else { return "\(InertText.line(prober)) is asking." }
            let wanted = Count.text(outage.wantedAnswers, "call")
            return "\(InertText.line(prober)) tries it alone: it is over when \(wanted) went well."
        }
        guard let nextProbeAt else { return "Nobody asks: no worker runs that would. Start one (`stevedore up`)." }
        let left = nextProbeAt &- now
        return left > 1_000_000 ? "Asked again in \(Age.text(microseconds: left))." : "Asked again at once."
    }

    /// Who asks or tries at this moment.
    package var prober: String? { outage.isHeld(at: now) ? outage.holder : nil }

    /// When it is asked next, in microseconds since 1970; nil when that is long past, so that nobody does, and after
    /// its end.
    package var nextProbeAt: Int64? {
        guard outage.endedAt == nil, now &- outage.nextProbeAt < Self.patience else { return nil }
        return outage.nextProbeAt
    }

    /// Who asks does so within this time, in microseconds.
    private static let patience: Int64 = 15_000_000

    /// `once`, `12 times`.
    private static func times(_ number: Int64) -> String {
        number == 1 ? "once" : "\(Count.grouped(Int(number))) times"
    }

    // MARK: - Waiting

    /// What the orders that wait are worth, which is the oldest, and how many wait for a person instead; none where nobody
    /// notes orders, or none waits.
    package var stakes: [String] {
        guard let orders else { return [] }
        return waiting(orders) + [Self.letters(orders)].compactMap(\.self)
    }

    private func waiting(_ orders: WaitingOrders) -> [String] {
        guard orders.count > 0 else { return [] }
        let worth = Self.worth(orders.stakes)
        var lines = ["\(Count.text(orders.count, "order waits", "orders wait")) for the ERP\(worth)."]
        if orders.uncounted > 0 {
            lines.append(
                "Of \(Count.text(orders.uncounted, "order")) among them it is not known what "
                    + "\(orders.uncounted == 1 ? "it is" : "they are") worth.")
        }
        if let oldest = orders.oldest {
            let age = Age.text(microseconds: now &- oldest.takenAt)
            lines.append("The oldest is \(InertText.line(oldest.number)), taken \(age) ago.")
        }
        return lines
    }

    /// Of those that the ERP's return does not help.
    private static func letters(_ orders: WaitingOrders) -> String? {
        guard orders.deadLetters > 0 else { return nil }
        let isOne = orders.deadLetters == 1
        let (waits, are) = isOne ? ("waits", "it is a dead letter") : ("wait", "they are dead letters")
        return "\(Count.text(orders.deadLetters, "order")) beside \(waits) for a person, and not for the ERP"
            + "\(worth(orders.deadLetterStakes)): \(are) (`dead-letter groups`)."
    }

    private static func worth(_ stakes: [AlertStake]) -> String {
        let sums = stakes.map { "\($0.amount) \($0.currency.code)" }.joined(separator: ", ")
        return sums.isEmpty ? "" : ", worth \(sums)"
    }

    /// When what waits will be worked off.
    package var drainSentence: String {
        switch projection {
        case .unknown(let reason): return "When it is worked off cannot be said. \(reason)"
        case .drained:
            guard isCurrent || outage.drainedAt != nil else { return "When it was worked off was not written down." }
            guard let draining else {
                guard standing == .draining else { return "Nothing waits." }
                return isWatched
                    ? "Nothing waits any more; that all was worked off is not written down yet."
                    : "Nothing waits any more. When that was nobody wrote down: no alerts-worker runs, which does."
            }
            return "All that had waited was worked off \(Age.text(microseconds: draining)) after the end."
        case .left(let microseconds, let pace):
            let (time, rate) = (Age.text(microseconds: microseconds), "\(pace.text), \(pace.source)")
            guard outage.endedAt == nil else { return "Worked off in \(time), if it goes on like that (\(rate))." }
            return "If it came back now: worked off in \(time) (\(rate))."
        }
    }

    /// Whether somebody notes how much waits. Who has just been started does so in a moment.
    private var isWatched: Bool {
        let since = max(readings.last?.at ?? 0, outage.endedAt ?? now)
        return now &- since < DrainPace.freshness
    }

    /// What came of it so far: the report, once it is over.
    package var results: [String] {
        var lines: [String] = []
        if !flows.isEmpty {
            let least = tally.isWhole ? "" : " at least"
            lines.append(
                "\(Count.text(tally.cameIn, "message"))\(least) came in since it began, and "
                    + "\(Count.grouped(tally.answered)) \(tally.answered == 1 ? "was" : "were") answered.")
            if tally.spared > 0 {
                let noun = Count.text(tally.spared, "message")
                lines.append("\(noun) did not have to be sent: a newer one went in place, or called it off.")
            }
            lines.append(letterSentence)
        }
        if let most, most.waiting > 0 {
            lines.append("At most \(Count.grouped(most.waiting)) waited at once, at \(Self.time(most.at)).")
        }
        if outage.relapses > 0 {
            lines.append("It seemed to be back \(Self.times(outage.relapses)), and was not.")
        }
        return lines
    }

    private var letterSentence: String {
        let (count, open) = letters.reduce(into: (0, 0)) { $0 = ($0.0 + $1.count, $0.1 + $1.open) }
        guard count > 0 else { return "Nothing became a dead letter meanwhile." }
        let causes = letters.prefix(5).map { "\(Count.grouped($0.count)) \(InertText.line($0.code))" }
        let more = letters.count > 5 ? " …" : ""
        let rest =
            open > 0
            ? "; \(Count.grouped(open)) still \(open == 1 ? "waits" : "wait") for a person (`dead-letter groups`)" : ""
        return "\(Count.text(count, "message")) became \(count == 1 ? "a dead letter" : "dead letters") meanwhile: "
            + "\(causes.joined(separator: ", "))\(more)\(rest)."
    }

    /// A time to the second.
    package static func time(_ microseconds: Int64) -> String {
        let second = microseconds &- ((microseconds % 1_000_000) + 1_000_000) % 1_000_000
        return Timestamp(microseconds: second)?.description ?? "an unknown time"
    }

    /// All of it for whoever is told once, as by a mail: the headline, why, what waits or what came of it.
    package var sentences: [String] {
        let why = outage.endedAt == nil ? "Why: " : "Why it began or went on: "
        var lines = [headline, "\(why)\(InertText.line(outage.reason)) (\(InertText.line(outage.code)))"]
        if outage.endedAt == nil { lines.append("What to do: \(InertText.line(outage.remedy))") }
        lines += [probing].compactMap(\.self) + stakes + [drainSentence]
        return lines + (outage.endedAt == nil ? [] : results)
    }
}
