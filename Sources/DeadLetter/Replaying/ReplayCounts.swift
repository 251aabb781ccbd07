internal import Fleet

/// What a run did with the letters that it met.
struct ReplayCounts: Hashable {
    /// Dealt with: sent back, or discarded.
    var replayed = 0
    /// Of these, how many are known to have been applied.
    var applied = 0
    /// Dealt with by an earlier run, only taken off the queue now.
    var removed = 0
    /// Their object has arrived without them.
    var moot = 0
    /// Looked at on the way, not meant, and left where they lie. How many that are depends on how far the run went.
    var skipped = 0
    /// Meant, and left because the broker or somebody else's deed kept the run from it.
    var unsent = 0
    /// Selected, and open in the index after a run that was asked to stop or could not send all; nil after any other.
    var remaining: Int?
    /// Meant, and left because they would fail again, by the reason.
    var left: [LetterVerdict.Kind: Int] = [:]
    /// Failed again while the run went on.
    var cameBack = 0
    /// What a patch made of them; nothing where none was given.
    var findings = RecipeFindings()

    /// Whether nothing was sent although letters that were meant wait where they lay.
    var isIdle: Bool {
        let isLeft = left.values.contains { $0 > 0 } || findings.misfitCount > 0
        return replayed == 0 && (isLeft || (unsent > 0 && (remaining ?? 0) > 0))
    }

    /// The first reason for which letters were left.
    var reasonLeft: LetterVerdict.Kind? { LetterVerdict.Kind.allCases.first { left[$0] ?? 0 > 0 } }

    /// - Parameters:
    ///   - verb: `replay` or `discard`.
    ///   - noun: what was dealt with.
    func sentence(_ verb: String, isDryRun: Bool, noun: String = "letter") -> String {
        let deed = isDryRun ? "would \(verb)" : verb + "ed"
        var parts = ["\(deed) \(Count.text(replayed, noun))"]
        if applied > 0 { parts[0] += " (\(Count.grouped(applied)) applied)" }
        if moot > 0 { parts.append("\(Count.grouped(moot)) resolved, because their objects have arrived") }
        if removed > 0 {
            parts.append("\(Count.grouped(removed)) of an earlier run taken off the queue")
        }
        for kind in LetterVerdict.Kind.allCases {
            if let count = left[kind], count > 0 { parts.append("\(Count.grouped(count)) left: \(kind.rawValue)") }
        }
        if findings.misfitCount > 0 {
            parts.append("\(Count.grouped(findings.misfitCount)) left: the patch does not fit")
        }
        if unsent > 0 { parts.append("\(Count.grouped(unsent)) left: refused, or dealt with by somebody else") }
        if skipped > 0 { parts.append("\(Count.text(skipped, "other", "others")) looked at and left") }
        if cameBack > 0 { parts.append("\(Count.grouped(cameBack)) failed again and are back") }
        if let remaining, remaining > 0 { parts.append("\(Count.grouped(remaining)) of the selected still open") }
        return parts.joined(separator: ", ")
    }

    /// - Parameter member: the name of what was dealt with.
    func json(_ member: String, isDryRun: Bool, missing: [String]) -> JSONValue {
        [
            "dryRun": .boolean(isDryRun), member: .integer(Int64(replayed)), "applied": .integer(Int64(applied)),
            "removed": .integer(Int64(removed)), "moot": .integer(Int64(moot)), "skipped": .integer(Int64(skipped)),
            "stillInvalid": .integer(Int64(left[.stillInvalid] ?? 0)),
            "dependencyMissing": .integer(Int64(left[.dependencyMissing] ?? 0)),
            "unsent": .integer(Int64(unsent)), "cameBack": .integer(Int64(cameBack)),
            "remaining": .optional(remaining.map { Int64($0) }),
            "missing": .array(missing.map { .string($0) }),
        ]
    }
}
