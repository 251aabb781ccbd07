internal import Fleet

/// What would come of letters if they were replayed, before anything moves.
struct ReplayPlan: Hashable, Sendable {
    /// Letters of one flow of which the same would come.
    struct Part: Hashable, Sendable {
        var count = 0
        /// The subject of the first.
        var example: String
        /// Why, of the first.
        var reason: String
    }

    private struct Key: Hashable {
        var flow: String
        /// Nil where only the queue has the body: it is judged when its turn comes.
        var kind: LetterVerdict.Kind?
        /// The patch does not fit.
        var isMisfit = false
    }

    private var parts: [Key: Part] = [:]
    /// Of the letters that the patch does not fit.
    private(set) var findings = RecipeFindings()
    /// At most so many a second.
    private let rate: Double?
    /// Whether each is corrected first.
    private let isCorrecting: Bool
    /// Whether those that the patch does not fit are left; else nothing moves.
    private let isPartial: Bool
    /// Whether what would fail again is sent as well.
    private let isForced: Bool

    init(rate: Double? = nil, recipe: AppliedRecipe? = nil, isForced: Bool = false) {
        self.rate = rate
        self.isForced = isForced
        isCorrecting = recipe != nil
        isPartial = recipe?.isPartial ?? false
    }

    var isEmpty: Bool { parts.isEmpty }
    /// All letters that are meant.
    var total: Int { parts.values.reduce(0) { $0 + $1.count } }

    /// - Parameter verdict: nil where the body is not at hand.
    mutating func add(flow: String, subject: String, _ verdict: LetterVerdict?) {
        let key = Key(flow: flow, kind: verdict?.kind)
        parts[key, default: Part(example: subject, reason: verdict?.reason ?? "")].count += 1
    }

    /// One that the patch does not fit.
    mutating func add(flow: String, _ misfit: RecipeFindings.Misfit) {
        let key = Key(flow: flow, isMisfit: true)
        parts[key, default: Part(example: misfit.subject, reason: misfit.reason)].count += 1
        findings.add(misfit)
    }

    /// How many of that kind there are.
    func count(_ kind: LetterVerdict.Kind) -> Int {
        parts.reduce(0) { $0 + ($1.key.kind == kind ? $1.value.count : 0) }
    }

    private var sorted: [(key: Key, part: Part)] {
        parts.map { ($0.key, $0.value) }.sorted { ($0.0.flow, place(of: $0.0)) < ($1.0.flow, place(of: $1.0)) }
    }

    private func place(of key: Key) -> Int {
        let order = LetterVerdict.Kind.allCases
        return key.kind.flatMap { order.firstIndex(of: $0) } ?? order.count + (key.isMisfit ? 0 : 1)
    }

    func text(width: Int?) -> String {
        var table = TextTable([
            .text("FLOW"), .text("PLAN"), .number("LETTERS"), .text("THEN"), .text("EXAMPLE"), .text("WHY"),
        ])
        for (key, part) in sorted {
            table.add([
                key.flow, name(of: key) ?? (isCorrecting ? "tried in its turn" : "judged in its turn"),
                Count.grouped(part.count), deed(key), part.example.isEmpty ? "-" : part.example, part.reason,
            ])
        }
        return table.text(width: width) + findings.misfitText + duration
    }

    private func name(of key: Key) -> String? { key.isMisfit ? "does not fit" : key.kind?.rawValue }

    private func deed(_ key: Key) -> String {
        if key.isMisfit { return isPartial ? "left" : "nothing moves, unless --partial" }
        if isCorrecting && key.kind == .willApply { return "corrected, sent to the flow" }
        if isForced && key.kind?.isLeft == true { return isCorrecting ? "corrected, sent (--force)" : "sent (--force)" }
        return key.kind?.deed ?? ""
    }

    private var duration: String {
        guard let rate, total > 0, rate > 1e-6 else { return "" }
        let kinds = LetterVerdict.Kind.allCases.filter { $0 == .willApply || (isForced && $0.isLeft) }
        let sent = kinds.reduce(0) { $0 + count($1) }
        return "At \(rate.formatted) a second that takes \(Age.text(microseconds: Int64(Double(sent) / rate * 1e6))).\n"
    }

    var json: JSONValue {
        .array(
            sorted.map { key, part in
                [
                    "flow": .string(key.flow), "verdict": .optional(name(of: key)),
                    "letters": .integer(Int64(part.count)), "example": .string(part.example),
                    "reason": .string(part.reason),
                ]
            })
    }
}

extension Double {
    /// Without a fraction where it has none.
    fileprivate var formatted: String { self == rounded() && self < 1e9 ? String(Int64(self)) : String(self) }
}

extension JSONValue {
    /// The object with one more member.
    func adding(_ name: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let members) = self else { return self }
        return .object(members + [Member(name: name, value: value)])
    }
}
