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
    /// Where the thing stands, with all that has to be said besides.
    var verdict: WhyVerdict {
        var verdict =
            switch thing {
            case .order: orderVerdict
            case .offlineOrder: offlineVerdict
            case .product: productVerdict
            case .account: accountVerdict
            case .shipment: shipmentVerdict
            case .prices: pricesVerdict
            }
        expect(in: &verdict)
        for remark in remarks(besides: verdict) {
            verdict.sentence += " \(remark.sentence)"
            verdict.remedy = verdict.remedy ?? remark.remedy
        }
        verdict.sentence = setAside + verdict.sentence
        return verdict
    }

    /// The thing at the beginning of a sentence.
    var title: String { Self.capitalised(thing.name) }

    // MARK: - Names

    /// What a road's messages tell of, in a sentence.
    func name(on leg: WhyLeg) -> String {
        leg.family == Catalogue.stock.family ? WhyThing.stockName(leg.subject) : thing.name
    }

    /// A message of a road, at the beginning of a sentence; without its revision where that is not known.
    func message(_ leg: WhyLeg, _ revision: Int64?) -> String {
        let what =
            switch leg.family {
            case Catalogue.stock.family: Self.capitalised(name(on: leg))
            case Catalogue.orderStatus.family: "The answer to \(thing.name)"
            case Catalogue.orderOffline.family: "\(title), keyed in the ERP,"
            case Catalogue.product.family, Catalogue.customer.family: "The newest state of \(thing.name)"
            default: title
            }
        guard let revision, revision > 0 else { return what }
        return "\(what) (revision \(revision))"
    }

    // MARK: - Delays

    /// What stops or delays the newest message of a road; nil when it has been applied, or none has come.
    func delay(on leg: WhyLeg) -> WhyVerdict? {
        let name = message(leg, leg.newest)
        switch leg.standing(now: now) {
        case .unheard, .applied: return nil
        case .inHand(let worker, let until): return inHand(leg, worker, until)
        case .waiting(let step, let tier, let until): return waiting(name, leg, step, tier, until)
        case .begun(let step): return begun(name, leg, step)
        case .letter(let letter): return dead(leg, letter)
        case .replayed(let letter, let step): return replayed(name, leg, letter, step)
        // What it would have changed stands as it was before.
        case .discarded(let letter): return leg.isApplied ? nil : discarded(leg, letter)
        case .written(let row):
            return WhyVerdict(
                "outbox", "\(name) is written since \(WhyTime.text(row.at)) and waits to be published.",
                next: "Any running worker publishes it as soon as the broker takes it.")
        case .queued(let since):
            return inQueue(leg, name, since.map { " was taken at \(WhyTime.text($0)) and" } ?? "")
        case .resent(let step): return inQueue(leg, name, " was sent again at \(WhyTime.text(step.at)) and")
        case .lost(let step): return lost(name, leg, step)
        case .stated: return stated(leg, name)
        }
    }

    /// The same, but that what is held back is told of as if it had been sent.
    func stop(on leg: WhyLeg) -> WhyVerdict? {
        if case .stated = leg.standing(now: now), let parked = parkedVerdict(on: leg) { return parked }
        return delay(on: leg)
    }

    /// A newer revision may be known than the one that the worker took.
    private func inHand(_ leg: WhyLeg, _ worker: String, _ until: Int64) -> WhyVerdict {
        WhyVerdict(
            "in-hand", "\(message(leg, leg.claimed(by: worker))) is being handled now by \(worker).",
            next: "It ends with an answer, a retry or a dead letter; should that worker have died, another one may "
                + "take over from \(WhyTime.text(until)) on.")
    }

    private func begun(_ name: String, _ leg: WhyLeg, _ step: JournalEntry) -> WhyVerdict {
        WhyVerdict(
            "begun",
            "\(step.worker ?? "A worker") began with \(Self.uncapitalised(name)) at \(WhyTime.text(step.at)) and has "
                + "not come to an end.",
            next: "The broker hands it out again by itself, and what was done is not done twice.",
            remedy: queueRemedy(leg))
    }

    private func lost(_ name: String, _ leg: WhyLeg, _ step: JournalEntry) -> WhyVerdict {
        WhyVerdict(
            "message.lost",
            "\(name) is not in \(leg.queue), which never had it or has lost it; its body is not kept any more, so it "
                + "was given up at \(WhyTime.text(step.at)).",
            next: "Nothing more happens by itself.", remedy: "Have the store publish it anew.")
    }

    // MARK: - Sentences

    static func uncapitalised(_ text: String) -> String { text.prefix(1).lowercased() + text.dropFirst() }
    static func capitalised(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    /// A sentence that goes on.
    static func bare(_ sentence: String) -> String {
        sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    }
}
