internal import Fleet
internal import Models

extension ExpectationReport {
    /// For programs. What is not known is null.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init(name: "time", value: time(now)), .init(name: "hasLedger", value: .boolean(missingLedger == nil)),
            .init(name: "clocks", value: .array(ExpectationCondition.allCases.map(clock))),
            .init(name: "expectations", value: .array(declared.map(declaration))),
            .init(name: "missedCount", value: .integer(Int64(missedCount))),
            .init(name: "missed", value: .array(missed.map(row))),
        ]
        if let ended { members.append(.init(name: "ended", value: .array(ended.map(row)))) }
        return .object(members)
    }

    private func clock(_ condition: ExpectationCondition) -> JSONValue {
        let clock = clocks[condition]
        return [
            "while": .string(condition.rawValue), "watched": .boolean(clock?.isWatched(at: now) ?? false),
            "lookedAt": time(clock?.seenAt), "stoppedSince": time(clock?.stop?.since),
            "reason": .optional(clock?.stop?.reason),
        ]
    }

    private func declaration(_ one: Expectation) -> JSONValue {
        [
            "name": .string(one.name), "expects": .string(one.text), "seconds": .integer(one.patience / 1_000_000),
            "while": .string(one.condition.rawValue), "severity": .string(one.severity.rawValue),
            "waiting": .integer(Int64(count(one.name, .waiting))),
            "waitingAsDeadLetter": .integer(Int64(suspended[one.name] ?? 0)),
            "missed": .integer(Int64(count(one.name, .missed))),
            "late": .integer(Int64(count(one.name, .late))), "dropped": .integer(Int64(count(one.name, .dropped))),
        ]
    }

    private func row(_ row: ExpectationRow) -> JSONValue {
        [
            "name": .string(row.key.name), "family": .string(row.key.family), "subject": .string(row.key.subject),
            "goal": .string(goal(row)), "mark": .integer(row.key.mark), "state": .string(row.state.rawValue),
            "since": time(row.since), "missedAt": time(row.missedAt), "endedAt": time(row.endedAt),
            "note": .optional(row.note),
        ]
    }

    private func time(_ microseconds: Int64?) -> JSONValue {
        .optional(microseconds.flatMap { Timestamp(microseconds: $0)?.description })
    }
}
