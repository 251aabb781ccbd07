internal import Fleet

/// What a replay did.
struct ReplayCounts: Hashable {
    var replayed = 0
    /// Published by an earlier run, only taken off the queue now.
    var removed = 0
    var skipped = 0
    /// Failed again while the run went on.
    var cameBack = 0

    func sentence(isDryRun: Bool) -> String {
        var parts = ["\(isDryRun ? "would replay" : "replayed") \(Count.text(replayed, "letter"))"]
        if removed > 0 {
            parts.append("\(Count.grouped(removed)) of an earlier run taken off the queue")
        }
        if skipped > 0 { parts.append("\(Count.grouped(skipped)) left as they were") }
        if cameBack > 0 { parts.append("\(Count.grouped(cameBack)) failed again and are back") }
        return parts.joined(separator: ", ")
    }

    func json(isDryRun: Bool, missing: [String]) -> JSONValue {
        [
            "dryRun": .boolean(isDryRun), "replayed": .integer(Int64(replayed)), "removed": .integer(Int64(removed)),
            "skipped": .integer(Int64(skipped)), "cameBack": .integer(Int64(cameBack)),
            "missing": .array(missing.map { .string($0) }),
        ]
    }
}
