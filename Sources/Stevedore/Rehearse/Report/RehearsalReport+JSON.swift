internal import Fleet
internal import Models

extension RehearsalReport {
    /// For programs. Numbers are whole, in the unit that their names say: rates by the hour, and speeds in thousandths.
    var json: JSONValue {
        [
            "title": .string(title), "isGood": .boolean(verdict.isGood),
            "startedAt": .string(record.startedAt.description), "endedAt": .string(record.endedAt.description),
            "plan": plan.json, "projection": projection.json, "measured": measuredJSON, "verdict": verdict.json,
            "alerts": .array(record.alerts.map(\.json)),
            "conclusions": .array(conclusions.map { .string($0) }),
            "samples": .array(series.thinned(to: 600).map(\.json)),
            "keptIn": .optional(record.keptIn),
        ]
    }

    private var measuredJSON: JSONValue {
        let workerPeak = series.samples.map(\.workerMemory).max()
        return [
            "fleetCallsPerHour": .perHour(record.fleetCallsPerSecond), "orders": .count(record.orders),
            "messages": .count(record.messages), "backlog": .count(record.backlog),
            "backlogBytes": .rounded(record.backlogBytes), "bytesOfMessage": .rounded(record.bytesOfMessage),
            "oldestSeconds": .rounded(series.oldest), "outageSpeedThousandths": .thousandths(record.outageSpeed),
            "isSlowed": .boolean(record.isSlowed), "drainSpeedThousandths": .thousandths(record.drainSpeed),
            "drainSeconds": .rounded(record.drainSeconds),
            "drainCallsPerHour": .perHour(record.drainCallsPerSecond),
            "noticedAfterMilliseconds": .rounded(record.noticedAfter * 1_000),
            "brokerDiskBytes": .count(record.brokerDisk),
            "brokerMemoryBytes": .count(series.brokerPeak),
            "workerMemoryBytes": .count(workerPeak),
            "workerMemoryGrowthBytes": .count(series.workerGrowth),
            "kills": .count(record.kills), "brokerRestarts": .count(record.restarts),
            "sentAgain": .count(record.repeats), "realSeconds": .rounded(record.realSeconds),
        ]
    }
}

extension RehearsalPlan {
    /// What was asked for.
    var json: JSONValue {
        [
            "outageSeconds": .rounded(outage), "ordersPerHour": .rounded(ordersPerHour),
            "orders": .count(orders), "messages": .count(messages),
            "speedThousandths": .thousandths(speed), "stockPerHour": .rounded(stockPerHour),
            "quotesPerHour": .rounded(quotesPerHour), "erpCallsPerHour": .perHour(erp.rate),
            "erpLatencyMilliseconds": .rounded(erp.latency * 1_000), "erpAtOnce": .count(erp.atOnce),
            "workers": .count(workers), "seed": .optional(Int64(exactly: seed)),
        ]
    }

    /// What `--dry-run --json` prints.
    var arithmeticJSON: JSONValue {
        [
            "plan": json, "projection": projection.json, "neededDiskBytes": .rounded(neededBytes),
            "conclusion": .string(conclusion),
        ]
    }
}

extension DrainProjection {
    fileprivate var json: JSONValue {
        [
            "backlog": .rounded(backlog), "callsPerHour": .perHour(callsPerSecond),
            "arrivalsPerHour": .perHour(arrivalsPerSecond),
            "drainSeconds": .rounded(seconds), "formula": .string(formula),
        ]
    }
}

extension RehearsalVerdict {
    fileprivate var json: JSONValue {
        [
            "isGood": .boolean(isGood), "isDrained": .boolean(isDrained), "right": .count(right),
            "calledOff": .count(calledOff), "lost": lost.json, "doubled": doubled.json, "stale": stale.json,
            "aliveThoughCalledOff": alive.json, "neverSent": strange.json, "wronglyShown": wronglyShown.json,
            "deadLetters": .count(deadLetters), "unrouted": .count(unrouted),
            "attemptsSpent": .count(spentAttempts), "staleStock": .count(staleStock),
            "mostReturns": .count(mostReturns), "quotes": .orNull(quotes?.json),
        ]
    }
}

extension RehearsalVerdict.Wrong {
    fileprivate var json: JSONValue {
        ["count": .count(count), "some": .array(some.map { .string($0) })]
    }
}

extension QuoteTally {
    fileprivate var json: JSONValue {
        [
            "asked": .count(asked), "answered": .count(answered), "late": .count(late),
            "missing": .count(missing), "unreadable": .count(unreadable),
            "unexpected": .count(unexpected), "refusals": .count(refusals),
            "slowestMilliseconds": .rounded(slowest * 1_000),
        ]
    }
}

extension RehearsedAlert {
    fileprivate var json: JSONValue {
        [
            "key": .string(key), "severity": .string(severity), "sentence": .string(sentence),
            "isOver": .boolean(isOver), "told": .array(told.map { .string($0) }),
        ]
    }
}

extension RehearsalSample {
    fileprivate var json: JSONValue {
        [
            "seconds": .rounded(time), "backlog": .count(backlog), "sent": .count(sent),
            "oldestSeconds": .rounded(oldest), "brokerMemoryBytes": .count(brokerMemory),
            "workerMemoryBytes": .count(workerMemory),
        ]
    }
}

extension JSONValue {
    /// The nearest whole number, or null.
    fileprivate static func rounded(_ number: Double?) -> JSONValue {
        .optional(number.map { Int64(max(-1e15, min($0.rounded(), 1e15))) })
    }

    /// What is so much a second.
    fileprivate static func perHour(_ perSecond: Double) -> JSONValue { .rounded(perSecond * 3_600) }

    /// 1,440 times faster than a real clock is 1440000, and half as fast as one 500.
    fileprivate static func thousandths(_ number: Double) -> JSONValue { .rounded(number * 1_000) }

    /// The number, or null.
    fileprivate static func count(_ number: Int?) -> JSONValue { .optional(number.map { Int64($0) }) }

    fileprivate static func orNull(_ value: JSONValue?) -> JSONValue { value ?? .null }
}
