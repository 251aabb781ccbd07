internal import Fleet
internal import Ledger

extension WhyReport {
    /// For programs. What is not known is null.
    var json: JSONValue {
        [
            "question": .string(question.typed), "time": .string(WhyTime.text(now)), "found": .boolean(isFound),
            "readAs": .optional(readAs), "nameKind": .optional(kind), "message": message?.json ?? .null,
            "verdict": verdict.json, "answers": .array(answers.map { $0.json(isAlone: answers.count + more == 1) }),
            "more": .integer(Int64(more)), "isCut": .boolean(isCut),
            "letters": letters?.json ?? .null,
            "suggestions": .array(suggestions.map { .string($0) }), "broker": broker.json,
        ]
    }
}

extension WhyVerdict {
    fileprivate var json: JSONValue {
        [
            "code": .string(code), "sentence": .string(sentence), "next": .string(next), "remedy": .optional(remedy),
            "told": .optional(told),
        ]
    }
}

extension WhyFacts {
    fileprivate func json(isAlone: Bool) -> JSONValue {
        [
            "kind": .string(thing.kind), "subject": .string(thing.subject), "verdict": verdict.json,
            "namedBy": naming?.json ?? .null,
            "sides": .object(sides.map { JSONValue.Member(name: $0.side, value: .string($0.says)) }),
            "timeline": isAlone ? .array(timeline().map(Self.event)) : .null,
            "isTimelineCut": isAlone ? .boolean(isTimelineCut) : .null,
        ]
    }

    private static func event(_ event: WhyEvent) -> JSONValue {
        ["at": .string(WhyTime.text(event.at)), "what": .string(event.what), "from": .string(event.source)]
    }
}

extension WhyMessage {
    fileprivate var json: JSONValue {
        let kept: String? = keptAt.map { WhyTime.text($0) }
        return [
            "id": .string(id), "type": .optional(type), "subject": .optional(subject), "revision": .optional(revision),
            "keptAt": .optional(kept), "letter": letter.map(Self.letterEntry) ?? .null,
            "steps": .array(steps.map(Self.stepEntry)),
        ]
    }

    private static func stepEntry(_ step: JournalEntry) -> JSONValue {
        [
            "at": .string(WhyTime.text(step.at)), "stage": .string(step.stage), "code": .string(step.code),
            "detail": .optional(step.detail), "worker": .optional(step.worker),
        ]
    }

    private static func letterEntry(_ letter: DeadLetterRecord) -> JSONValue {
        [
            "state": .string(letter.state.rawValue), "code": .string(letter.code),
            "category": .string(letter.category), "sentence": .string(letter.sentence),
            "failedAt": .string(WhyTime.text(letter.lastFailedAt)), "note": .optional(letter.note),
            "editedAs": .optional(letter.editedAs),
        ]
    }
}

extension WhyLetters {
    fileprivate var json: JSONValue {
        switch self {
        case .naming(let naming): naming.json
        case .group(let group): group.json
        }
    }
}

extension WhyNaming {
    fileprivate var json: JSONValue {
        [
            "group": .null, "letters": .integer(Int64(count)), "isAll": .boolean(isAll), "newest": .string(newest.id),
            "state": .string(newest.state.rawValue), "fingerprints": .array(fingerprints.map { .string($0) }),
        ]
    }
}

extension WhyGroup {
    fileprivate var json: JSONValue {
        [
            "group": .string(fingerprint), "letters": .integer(Int64(count)), "isAll": .boolean(true),
            "newest": .string(latest.id), "state": .string(latest.state.rawValue),
            "fingerprints": .array([.string(fingerprint)]),
        ]
    }
}

extension WhyBroker {
    fileprivate var json: JSONValue {
        switch self {
        case .notAsked(let reason): ["asked": false, "reason": .string(reason), "queues": .null]
        case .asked(let queues):
            [
                "asked": true, "reason": .null,
                "queues": .array(
                    queues.sorted { $0.key < $1.key }.map { name, queue in
                        [
                            "queue": .string(name), "ready": .integer(Int64(queue.ready)),
                            "workers": .integer(Int64(queue.workers)),
                        ]
                    }),
            ]
        }
    }
}
