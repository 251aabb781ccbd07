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
    /// Not meant, or meant and not sent: beside what was done they stay where they lie.
    var skipped = 0
    /// Meant, and left because they would fail again, by the reason.
    var left: [LetterVerdict.Kind: Int] = [:]
    /// Failed again while the run went on.
    var cameBack = 0
    /// What a patch made of them; nothing where none was given.
    var findings = RecipeFindings()

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
        if skipped > 0 {
            let state = skipped == 1 ? "it was" : "they were"
            parts.append("\(Count.text(skipped, "other", "others")) left as \(state)")
        }
        if cameBack > 0 { parts.append("\(Count.grouped(cameBack)) failed again and are back") }
        return parts.joined(separator: ", ")
    }

    /// - Parameter member: the name of what was dealt with.
    func json(_ member: String, isDryRun: Bool, missing: [String]) -> JSONValue {
        [
            "dryRun": .boolean(isDryRun), member: .integer(Int64(replayed)), "applied": .integer(Int64(applied)),
            "removed": .integer(Int64(removed)), "moot": .integer(Int64(moot)), "skipped": .integer(Int64(skipped)),
            "stillInvalid": .integer(Int64(left[.stillInvalid] ?? 0)),
            "dependencyMissing": .integer(Int64(left[.dependencyMissing] ?? 0)),
            "cameBack": .integer(Int64(cameBack)), "missing": .array(missing.map { .string($0) }),
        ]
    }
}
