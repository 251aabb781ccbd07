internal import Fleet
internal import Models

extension OutageReport {
    /// For programs. What is not known is null.
    /// - Parameter notes: What else stands, in whole sentences.
    func json(notes: [String] = []) -> JSONValue {
        let said = JSONValue.Member(name: "notes", value: .array(notes.map { .string($0) }))
        return .object(outage.jsonMembers(standing: standing.rawValue) + asked + waits + came + [said])
    }

    private var asked: [JSONValue.Member] {
        [
            .init(name: "time", value: Self.jsonTime(now)),
            .init(name: "lastedSeconds", value: .integer(lasted / 1_000_000)),
            .init(name: "window", value: window?.json ?? .null), .init(name: "prober", value: .optional(prober)),
            .init(name: "nextProbeAt", value: Self.jsonTime(nextProbeAt)),
        ]
    }

    private var waits: [JSONValue.Member] {
        [
            .init(name: "waiting", value: .optional(waiting.map { Int64($0) })),
            .init(name: "backlog", value: backlog.map { .array($0.map(Self.flow)) } ?? .null),
            .init(name: "brokerTrouble", value: .optional(brokerTrouble)),
            .init(name: "posts", value: posts.map(post) ?? .null),
            .init(name: "orders", value: orders.map(waitingOrders) ?? .null), .init(name: "drain", value: drain),
        ]
    }

    private var came: [JSONValue.Member] {
        [
            .init(name: "most", value: most.map(Self.reading) ?? .null),
            .init(name: "cameIn", value: .integer(Int64(tally.cameIn))),
            .init(name: "answered", value: .integer(Int64(tally.answered))),
            .init(name: "spared", value: .integer(Int64(tally.spared))),
            .init(name: "isCountedWhole", value: .boolean(tally.isWhole)),
            .init(name: "deadLetters", value: .array(letters.map(Self.letter))),
        ]
    }

    private var drain: JSONValue {
        var (seconds, pace, reason): (Int64?, DrainPace?, String?) = (nil, nil, nil)
        switch projection {
        case .drained: seconds = isCurrent ? 0 : nil
        case .left(let microseconds, let known): (seconds, pace) = (microseconds / 1_000_000, known)
        case .unknown(let why): reason = why
        }
        return [
            "isDrained": .boolean(isDrained), "seconds": .optional(seconds),
            "tookSeconds": .optional(draining.map { $0 / 1_000_000 }),
            "perHour": .optional(pace.flatMap { Int64(exactly: ($0.perSecond * 3_600).rounded()) }),
            "basis": .optional(pace?.basis.word), "unknownBecause": .optional(reason),
        ]
    }

    private static func flow(_ flow: FlowBacklog) -> JSONValue {
        [
            "flow": .string(flow.flow), "ready": .optional(flow.ready.map { Int64($0) }),
            "inHand": .integer(Int64(flow.inHand)), "retrying": .integer(Int64(flow.retrying)),
            "deadLetters": .integer(Int64(flow.deadLetters)), "workers": .integer(Int64(flow.workers)),
            "pausedWorkers": .integer(Int64(flow.paused)),
        ]
    }

    private func post(_ posts: PostBacklog) -> JSONValue {
        ["waiting": .integer(Int64(posts.waiting)), "oldestSeconds": seconds(since: posts.oldest)]
    }

    private func waitingOrders(_ orders: WaitingOrders) -> JSONValue {
        [
            "count": .integer(Int64(orders.count)), "atStake": Self.sums(orders.stakes),
            "uncounted": .integer(Int64(orders.uncounted)), "oldest": .optional(orders.oldest?.number),
            "oldestSeconds": seconds(since: orders.oldest?.takenAt),
            "deadLetters": .integer(Int64(orders.deadLetters)),
            "deadLettersAtStake": Self.sums(orders.deadLetterStakes),
        ]
    }

    /// Money is a decimal text, as in the contracts.
    private static func sums(_ stakes: [AlertStake]) -> JSONValue {
        .array(
            stakes.map { stake -> JSONValue in
                ["amount": .string(stake.amount.description), "currency": .string(stake.currency.code)]
            })
    }

    private static func reading(_ reading: BacklogReading) -> JSONValue {
        ["at": jsonTime(reading.at), "waiting": .integer(Int64(reading.waiting))]
    }

    private static func letter(_ letter: LetterCount) -> JSONValue {
        [
            "flow": .string(letter.flow), "code": .string(letter.code), "count": .integer(Int64(letter.count)),
            "open": .integer(Int64(letter.open)),
        ]
    }

    private func seconds(since time: Int64?) -> JSONValue { .optional(time.map { max(0, now &- $0) / 1_000_000 }) }

    static func jsonTime(_ microseconds: Int64?) -> JSONValue {
        .optional(microseconds.flatMap { Timestamp(microseconds: $0)?.description })
    }
}

extension Outage {
    /// What a list and a page say alike.
    func jsonMembers(standing: String) -> [JSONValue.Member] {
        [
            .init(name: "number", value: .integer(number)), .init(name: "destination", value: .string(destination)),
            .init(name: "state", value: .string(standing)), .init(name: "code", value: .string(code)),
            .init(name: "reason", value: .string(reason)), .init(name: "remedy", value: .string(remedy)),
            .init(name: "beganAt", value: OutageReport.jsonTime(beganAt)),
            .init(name: "endedAt", value: OutageReport.jsonTime(endedAt)),
            .init(name: "drainedAt", value: OutageReport.jsonTime(drainedAt)),
            .init(name: "probes", value: .integer(probes)),
            .init(name: "probedAt", value: OutageReport.jsonTime(probedAt)),
            .init(name: "relapses", value: .integer(relapses)), .init(name: "closedBy", value: .optional(closedBy)),
        ]
    }
}

extension MaintenanceWindow {
    /// For programs.
    var json: JSONValue {
        [
            "number": .integer(number), "destination": .string(destination),
            "startsAt": OutageReport.jsonTime(startsAt), "endsAt": OutageReport.jsonTime(endsAt),
            "reason": .string(reason), "plannedBy": .string(plannedBy), "plannedAt": OutageReport.jsonTime(plannedAt),
            "cancelledAt": OutageReport.jsonTime(cancelledAt),
        ]
    }
}

extension DrainPace.Basis {
    /// For programs.
    fileprivate var word: String {
        switch self {
        case .samples: "samples"
        case .looks: "looks"
        case .outage(let number): "outage-\(number)"
        case .journal: "journal"
        }
    }
}
