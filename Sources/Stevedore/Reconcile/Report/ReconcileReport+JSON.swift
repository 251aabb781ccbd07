internal import Fleet
internal import Models
internal import Storefront

extension ReconcileReport {
    /// For programs.
    var json: JSONValue {
        [
            "startedAt": .string(startedAt.description), "endedAt": .string(endedAt.description),
            "erp": .string(erp), "ledger": .string(ledger), "compared": .string(isTold ? "told" : "shown"),
            "isComplete": .boolean(!isStopped && parts.allSatisfy(\.isComplete)), "drifted": .integer(Int64(drifted)),
            "repairable": .integer(Int64(repairable)), "new": isRemembered ? .integer(Int64(news)) : .null,
            "kinds": .array(parts.map { $0.json(isRemembered: isRemembered) }), "repair": repair?.json ?? .null,
        ]
    }
}

extension ReconcileReport.Repair {
    fileprivate var json: JSONValue {
        [
            "reason": .string(reason), "planned": .integer(Int64(planned)), "sent": .integer(Int64(sent)),
            "needless": .integer(Int64(needless)), "changedMeanwhile": .integer(Int64(changed)),
            "changedSubjects": .array(changedSubjects.map { .string($0) }),
        ]
    }
}

extension ReconcileReport.Part {
    fileprivate func json(isRemembered: Bool) -> JSONValue {
        [
            "kind": .string(stream.description), "isComplete": .boolean(isComplete), "read": .integer(Int64(read)),
            "compared": .integer(Int64(compared)),
            "counts": .object(
                Outcome.allCases.map { outcome in
                    JSONValue.Member(name: outcome.rawValue, value: .integer(Int64(counts[outcome] ?? 0)))
                }), "unreadable": .integer(Int64(unreadable)), "repairable": .integer(Int64(repairable)),
            "new": isRemembered ? .integer(Int64(news)) : .null, "samples": .array(samples.map(\.json)),
        ]
    }
}

extension Finding {
    fileprivate var json: JSONValue {
        [
            "object": .string(kind.rawValue), "subject": .string(subject), "outcome": .string(outcome.rawValue),
            "explanation": .optional(excuseText), "repair": .optional(step?.words),
            "isRepairable": .boolean(step?.isPossible ?? false), "isNew": isNew.map { .boolean($0) } ?? .null,
            "differences": .array(differences.map(\.json)),
        ]
    }
}

extension ShownDifference {
    /// Values of personal data are left out.
    fileprivate var json: JSONValue {
        guard let values else { return ["place": .string(place), "isPersonal": true] }
        return ["place": .string(place), "erp": .optional(values.expected), "store": .optional(values.shown)]
    }
}
