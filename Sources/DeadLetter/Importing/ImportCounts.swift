internal import Fleet

/// What an import did.
struct ImportCounts: Hashable {
    /// Put back into their queues.
    var imported = 0
    /// In their queues already, and only put into the index.
    var indexed = 0
    /// In their queues, or held by somebody, and known to the index.
    var there = 0
    /// Put back by an earlier import.
    var importedBefore = 0
    /// Replayed, resolved or discarded since.
    var ended = 0
    /// Lines that could not be used.
    var faults = 0
    /// Letters that the broker takes from nobody.
    var refused = 0

    func sentence(isDryRun: Bool) -> String {
        var parts = ["\(isDryRun ? "Would import" : "Imported") \(Count.text(imported, "letter"))"]
        let others = [
            (indexed, isDryRun ? "would only be indexed" : "only indexed"), (there, "there already"),
            (importedBefore, "imported before"), (ended, "dealt with since"), (refused, "refused by the broker"),
        ]
        for (count, what) in others where count > 0 { parts.append("\(Count.grouped(count)) \(what)") }
        if faults > 0 { parts.append("\(Count.text(faults, "fault")) in the file") }
        return parts.joined(separator: ", ") + "."
    }

    func json(isDryRun: Bool) -> JSONValue {
        [
            "dryRun": .boolean(isDryRun), "imported": .integer(Int64(imported)), "indexed": .integer(Int64(indexed)),
            "thereAlready": .integer(Int64(there)), "importedBefore": .integer(Int64(importedBefore)),
            "dealtWithSince": .integer(Int64(ended)), "refused": .integer(Int64(refused)),
            "faults": .integer(Int64(faults)),
        ]
    }
}
