internal import Fleet
internal import Ledger

// What is said of dead letters: those that stop something, and those that somebody has dealt with.
extension WhyFacts {
    func dead(_ leg: WhyLeg, _ letter: DeadLetterRecord) -> WhyVerdict {
        let group = cause.map { $0.othersClause(letter) } ?? ""
        let assignee = cause?.assignee.map { "The cause is assigned to \($0)." }
        return WhyVerdict(
            "dead-letter.open", "\(message(leg, of: letter)) \(letter.openClause)\(group)",
            next: "Nothing more happens by itself.", remedy: letter.mending,
            told: [told?.text(of: letter), assignee ?? "Nobody is assigned to the cause."].compactMap(\.self)
                .joined(separator: " "))
    }

    func replayed(_ name: String, _ leg: WhyLeg, _ letter: DeadLetterRecord?, _ step: JournalEntry?) -> WhyVerdict {
        let at = step.map { " at \(WhyTime.text($0.at))" } ?? ""
        let by = step?.worker.map { " by \($0)" } ?? ""
        let deed = letter?.editedAs.map { "was corrected\(by)\(at) and sent as \($0)" } ?? "was replayed\(by)\(at)"
        let before = letter.map { " It had failed before: \($0.sentence)" } ?? ""
        return WhyVerdict(
            letter?.editedAs == nil ? "dead-letter.replayed" : "dead-letter.edited",
            "\(name) \(deed), and nothing has been seen of it since: \(queueClause(leg)).\(before)",
            next: queueNext(leg), remedy: queueRemedy(leg))
    }

    func discarded(_ leg: WhyLeg, _ letter: DeadLetterRecord) -> WhyVerdict {
        WhyVerdict(
            "dead-letter.discarded",
            "\(message(leg, of: letter)) \(letter.discardedClause)."
                + (ownAnswer == nil ? "" : " Its buyer has been answered by us, not by the ERP, that it is rejected."),
            next: "Nothing more happens with it; a newer revision is handled as any other.")
    }

    /// Who has given the order up, and why, where that is the answer that the store shows: the ERP has said nothing.
    var ownAnswer: String? {
        guard thing.isStoreOrder, let order = shown.order, order.reasonCode == Self.discardedCode else { return nil }
        let letter = legs[0].letters.first { $0.state == .discarded && $0.revision == order.answeredRevision }
        if let note = letter?.note { return "discarded by \(Self.bare(note))" }
        return "discarded by a person" + (order.reason.map { ": \(Self.bare($0))" } ?? "")
    }

    /// The code of an answer that `dead-letter discard --tell-store` has given.
    private static let discardedCode = "order.discarded"

    /// A letter has its own revision, which need not be the newest that is known.
    private func message(_ leg: WhyLeg, of letter: DeadLetterRecord) -> String {
        guard let revision = letter.revision, revision > 0 else {
            return "A message of \(name(on: leg)) whose revision cannot be read"
        }
        return message(leg, revision)
    }

    /// The changes that somebody has set aside, before the sentence about what stands without them.
    var setAside: String {
        legs.map { leg -> String in
            guard leg.isApplied, case .discarded(let letter) = leg.standing(now: now) else { return "" }
            return "\(message(leg, of: letter)) \(letter.discardedClause). "
        }.joined()
    }

    // MARK: - Besides

    /// What has to be said besides a verdict, because it stops nothing.
    func remarks(besides verdict: WhyVerdict) -> [WhyRemark] {
        conflicts + (isDelayed ? [] : omissions + untried(verdict)) + drifted + named
    }

    private var isDelayed: Bool { legs.contains { delay(on: $0) != nil } }

    /// Changes that were sent under a revision that was applied with another content: nothing overtakes them.
    private var conflicts: [WhyRemark] {
        legs.compactMap { leg -> WhyRemark? in
            guard case .applied = leg.standing(now: now), let revision = leg.state?.revision else { return nil }
            let letter = leg.letters.first {
                $0.state == .open && $0.revision == revision && $0.isContradiction
            }
            return letter.map { letter in
                let at = WhyTime.text(letter.lastFailedAt)
                return WhyRemark(
                    "But a change of \(name(on: leg)) sent at the same revision \(revision) is a dead letter since "
                        + "\(at).", remedy: letter.mending)
            }
        }
    }

    /// What other things wait for because of it, or waited for when it was not known yet.
    private var named: [WhyRemark] { naming.map { [WhyRemark($0.sentence(thing.name), remedy: $0.remedy)] } ?? [] }

    private var omissions: [WhyRemark] {
        gaps.filter { $0.kind == .incomplete }.prefix(1).map { WhyRemark(sentence(on: $0), remedy: Self.correction) }
    }

    /// What has not been tried is on its way, and no obstacle; but the store does not have it.
    private func untried(_ verdict: WhyVerdict) -> [WhyRemark] {
        guard postPause == nil, verdict.code != Self.toBePosted else { return [] }
        return posts.filter { $0.failingSince == nil }.prefix(1).map { WhyRemark("\(waiting($0)).") }
    }
}

/// A sentence that follows a verdict, and what to do about it.
struct WhyRemark: Hashable, Sendable {
    var sentence: String
    var remedy: String?

    init(_ sentence: String, remedy: String? = nil) {
        self.sentence = sentence
        self.remedy = remedy
    }
}

extension DeadLetterRecord {
    /// `is a dead letter since … (sku.unknown): The ERP knows no product FST-1.`
    var openClause: String { "is a dead letter since \(WhyTime.text(lastFailedAt)) (\(code)): \(sentence)" }

    var discardedClause: String { "was set aside by a person" + (note.map { ": \($0)" } ?? "") }

    /// What a person can do about it.
    var mending: String {
        // Behind what people have said of it before, where there is such a note.
        if note?.contains(EraseLedger.note) == true {
            return "It is not what was sent any more: discard it (`dead-letter discard \(id) --reason …`), or have the "
                + "producer state the object at a new revision."
        }
        if isContradiction || category == "malformed" { return "\(correction) (`dead-letter show \(id)`). \(settling)" }
        let cause =
            switch category {
            case "rejected": "Correct in the ERP what it refuses"
            case "poison": "Find out why it crashes workers"
            default: "Mend the cause"
            }
        return "\(cause) (`dead-letter show \(id)`), then `dead-letter replay \(id) --reason …`."
    }

    /// Whether a newer revision of its object settles it: else nobody can tell what it was about.
    private var canBeOvertaken: Bool { subject?.isEmpty == false && revision ?? 0 > 0 }

    private var correction: String {
        "Have the producer correct the message and send it"
            + (canBeOvertaken ? " at a new revision, which settles it" : "")
    }

    /// As it is it is refused again, so replaying it does not help.
    private var settling: String {
        let edit =
            isContradiction || !canBeOvertaken
            ? "" : "Or correct it here: `dead-letter edit \(id) --reason …`. "
        return edit + "What nobody needs any more goes with `dead-letter discard \(id) --reason …`."
    }
}

extension WhyFacts.Cause {
    /// How many letters are in one group with this one. They differ in numbers and names, and so may what is to be
    /// mended.
    fileprivate func othersClause(_ letter: DeadLetterRecord) -> String {
        let (others, looked) = (count - 1, min(count, Self.looked))
        guard others > 0 else { return "" }
        guard alike < looked else {
            return " \(Count.text(others, "other letter has", "other letters have")) the same cause."
        }
        let same = max(0, alike - 1)
        let of = looked < count ? " of the newest \(Count.grouped(looked))" : ""
        return " \(Count.text(others, "other letter is", "other letters are")) in its group \(letter.fingerprint); "
            + (same == 0 ? "none\(of) says the same." : "\(Count.text(same, "says", "say"))\(of) the same.")
    }

    /// How many of a group are compared.
    static let looked = 500
}
