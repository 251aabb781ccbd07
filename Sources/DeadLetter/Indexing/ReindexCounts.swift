internal import Fleet
internal import Ledger

/// What a walk through the queues and the index brought to light.
struct ReindexCounts: Hashable, Sendable {
    /// Added to the index.
    var indexed = 0
    /// In the index as they lie in their queues.
    var known = 0
    /// In their queues, while the index tells of a newer failure of the same message.
    var newer = 0
    /// In their queues, while the index says that they were dealt with.
    var ended: [DeadLetterState: Int] = [:]
    /// Open in the index, and in no queue.
    var missing = 0
    /// Some of these.
    var examples: [String] = []
    /// Open in the index, and never in a queue: the ledger alone has them.
    var keptAlone = 0
    /// Missing, and discarded now.
    var closed = 0

    mutating func add(_ standing: IndexStanding) {
        switch standing {
        case .absent: indexed += 1
        case .open: known += 1
        case .newer: newer += 1
        case .ended(let state): ended[state, default: 0] += 1
        }
    }

    mutating func addMissing(_ id: String) {
        missing += 1
        if examples.count < 10 { examples.append(id) }
    }

    func sentence(isDryRun: Bool) -> String {
        "\(isDryRun ? "Would index" : "Indexed") \(Count.text(indexed, "letter")), \(Count.grouped(known)) known"
            + (closed > 0 ? ", \(Count.grouped(closed)) in no queue closed" : "") + "."
    }

    /// What a person should know beside the counts.
    var remarks: [String] {
        var remarks: [String] = []
        for state in DeadLetterState.allCases {
            guard let count = ended[state], count > 0 else { continue }
            let (place, them) = count == 1 ? ("its queue", "it") : ("their queues", "them")
            remarks.append(
                "\(Count.text(count, "letter")) already \(state.rawValue), still in \(place): `dead-letter replay` "
                    + "takes \(them) off")
        }
        if newer > 0 {
            remarks.append(
                "\(Count.text(newer, "letter")) left: the index tells of a newer failure of the same message")
        }
        if missing > closed {
            let names = examples.map(InertText.line).joined(separator: ", ")
            remarks.append(
                "\(Count.text(missing, "letter")) open in the index, but in no queue: \(names)"
                    + (missing > examples.count ? " …" : "")
                    + "; `dead-letter export --kept --output letters.ndjson` and then `dead-letter import "
                    + "letters.ndjson --reason …` put back those whose bodies are kept")
        }
        if keptAlone > 0 {
            remarks.append("\(Count.text(keptAlone, "letter")) no queue has ever taken: the ledger alone has them")
        }
        return remarks
    }

    func json(isDryRun: Bool) -> JSONValue {
        [
            "dryRun": .boolean(isDryRun), "indexed": .integer(Int64(indexed)), "known": .integer(Int64(known)),
            "newer": .integer(Int64(newer)),
            "dealtWith": .object(
                DeadLetterState.allCases.filter { $0 != .open }.map {
                    JSONValue.Member(name: $0.rawValue, value: .integer(Int64(ended[$0] ?? 0)))
                }),
            "missing": .integer(Int64(missing)), "closed": .integer(Int64(closed)),
            "keptAlone": .integer(Int64(keptAlone)), "examples": .array(examples.map { .string($0) }),
        ]
    }
}
