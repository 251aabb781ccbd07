internal import Fleet

/// What a patch makes of letters: what changes in the first few, and why it does not fit others.
struct RecipeFindings: Hashable, Sendable {
    /// A letter that the patch does not fit: it does not apply, changes nothing, or what it makes breaks the contract.
    struct Misfit: Hashable, Sendable {
        var id: String
        var subject: String
        /// A sentence.
        var reason: String
    }

    /// A letter, and what changes in it.
    struct Sample: Hashable, Sendable {
        var id: String
        var subject: String
        var changes: [JSONChange]
    }

    /// All that it does not fit.
    private(set) var misfitCount = 0
    /// The first of them.
    private(set) var misfits: [Misfit] = []
    /// The first that it fits.
    private(set) var samples: [Sample] = []

    private static let (mostMisfits, mostSamples, mostChanges) = (5, 3, 20)

    mutating func add(_ misfit: Misfit) {
        misfitCount += 1
        if misfits.count < Self.mostMisfits { misfits.append(misfit) }
    }

    mutating func add(_ sample: Sample) {
        if samples.count < Self.mostSamples { samples.append(sample) }
    }

    /// Lines for a terminal; none when it fits all.
    var misfitText: String {
        guard misfitCount > 0 else { return "" }
        let rest = misfitCount - misfits.count
        let lines = misfits.map { "  \($0.line)" } + (rest > 0 ? ["  … and \(Count.text(rest, "more letter"))"] : [])
        return "The patch does not fit \(Count.text(misfitCount, "letter")):\n" + lines.map { $0 + "\n" }.joined()
    }

    /// Lines for a terminal.
    var sampleText: String {
        samples.map { sample in
            let rest = sample.changes.count - Self.mostChanges
            let lines =
                sample.changes.prefix(Self.mostChanges).map { "  \($0.line)\n" }
                + (rest > 0 ? ["  … \(Count.text(rest, "more change"))\n"] : [])
            return "\(Self.name(sample.id, sample.subject)):\n" + lines.joined()
        }.joined()
    }

    /// For programs: `misfits` and `changes`.
    var json: JSONValue {
        [
            "misfits": [
                "letters": .integer(Int64(misfitCount)), "first": .array(misfits.map(\.json)),
            ],
            "changes": .array(samples.map(\.json)),
        ]
    }

    /// As a person finds it again.
    fileprivate static func name(_ id: String, _ subject: String) -> String {
        InertText.line(subject.isEmpty ? id : "\(id) (\(subject))")
    }
}

extension RecipeFindings.Misfit {
    init(_ letter: Letter, _ reason: String) {
        self.init(id: letter.id, subject: letter.subject ?? "", reason: reason)
    }

    /// `019ca9e6-… (SO-1001): Operation 1 (…) does not apply: …`
    var line: String { "\(RecipeFindings.name(id, subject)): \(InertText.line(reason))" }

    fileprivate var json: JSONValue {
        ["id": .string(id), "subject": .string(subject), "reason": .string(reason)]
    }
}

extension RecipeFindings.Sample {
    init(_ letter: Letter, _ changes: [JSONChange]) {
        self.init(id: letter.id, subject: letter.subject ?? "", changes: changes)
    }

    fileprivate var json: JSONValue {
        ["id": .string(id), "subject": .string(subject), "changes": .array(changes.map(\.json))]
    }
}
