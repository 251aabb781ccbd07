internal import Fleet
internal import Ledger
internal import Models

/// Opens what steps of the journal say has begun, and closes what they say has happened; in the transaction that notes
/// how far the journal has been read.
struct ExpectationBook: Sendable {
    let expectations: [Expectation]
    let judge: ExpectationJudge
    let clocks: [ExpectationCondition: ExpectationClock]
    let now: Int64

    /// Stages in which a message is there, however far it has come.
    private static let begun: Set<String> = [
        "noted", "claimed", "applied", "restated", "retried", "returned", "dead-lettered", "sent-again",
    ]
    /// Stages in which it has had its effect.
    private static let applied: Set<String> = ["applied", "restated"]
    /// Stages in which a person has sent a dead letter on its way again.
    private static let resumed: Set<String> = ["replayed", "edited"]
    /// Stages in which it was worked on to its end, news or not.
    private static let handled: Set<String> = ["noted", "applied", "restated", "duplicate", "superseded"]

    /// Enters what these steps say, the oldest first.
    func enter(_ steps: [ExpectationStep], in transaction: LedgerTransaction) throws {
        for expectation in expectations {
            switch expectation.kind {
            case .answer(let types): try enterOrders(steps, types, expectation, transaction)
            case .shipments(let types, _): try enterShipments(steps, types, expectation, transaction)
            case .message(let type):
                let last = steps.last { $0.type == type && Self.handled.contains($0.stage) }
                if let last { try beat(expectation, at: last.at, in: transaction) }
            case .feed: break
            }
        }
    }

    // MARK: - Orders

    private func enterOrders(
        _ steps: [ExpectationStep], _ types: Set<String>, _ expectation: Expectation, _ transaction: LedgerTransaction
    ) throws {
        let family = Expectation.orderFamily
        var standings: [String: Standing] = [:]
        for step in steps where !step.subject.isEmpty {
            let isOpener = types.contains(step.type)
            let isAnswer = step.type == Catalogue.orderStatus.name && Self.applied.contains(step.stage)
            let begins = isOpener && Self.begun.contains(step.stage) && step.revision > 0
            let isResumed = isOpener && Self.resumed.contains(step.stage)
            guard begins || isAnswer || isResumed || (isOpener && step.stage == "discarded") else { continue }
            let standing =
                try standings[step.subject]
                ?? judge.standing(of: family, step.subject, for: expectation, transaction)
            standings[step.subject] = standing
            if isResumed { try resume(expectation, step.subject, step.revision, in: transaction) }
            guard begins, step.revision > standing.met else { continue }
            try open(expectation, family, step.subject, mark: step.revision, since: step.at, in: transaction)
        }
        for (subject, standing) in standings { try settle(expectation, family, subject, standing, in: transaction) }
    }

    /// What was a dead letter has all its time again.
    private func resume(
        _ expectation: Expectation, _ number: String, _ revision: Int64, in transaction: LedgerTransaction
    ) throws {
        guard let clock = clocks[expectation.condition] else { return }
        let rows = try transaction.openExpectations(expectation.name, Expectation.orderFamily, number)
        for row in rows where row.key.mark == revision {
            try transaction.restart(row, on: clock.condition, at: clock.reading, since: row.since)
        }
    }

    // MARK: - Shipments

    /// An order, and when it last said of itself what may be waited for.
    private struct Order: Hashable {
        var family: String
        var number: String
    }

    private func enterShipments(
        _ steps: [ExpectationStep], _ types: Set<String>, _ expectation: Expectation, _ transaction: LedgerTransaction
    ) throws {
        var touched: [Order: Int64?] = [:]
        for step in steps where Self.applied.contains(step.stage) && !step.subject.isEmpty {
            if types.contains(step.type), let type = Catalogue.type(named: step.type) {
                touched.updateValue(step.at, forKey: Order(family: type.family, number: step.subject))
            } else if step.type == Catalogue.shipment.name,
                let order = try judge.order(ofShipment: step.subject, transaction)
            {
                let key = Order(family: order.family, number: order.number)
                if touched[key] == nil { touched.updateValue(nil, forKey: key) }
            }
        }
        for (order, at) in touched where expectation.concerns(family: order.family, subject: order.number) {
            let standing = try judge.standing(of: order.family, order.number, for: expectation, transaction)
            if let at, let mark = standing.claimed {
                try open(expectation, order.family, order.number, mark: mark, since: at, in: transaction)
            }
            try settle(expectation, order.family, order.number, standing, in: transaction)
        }
    }

    // MARK: - Rows

    func open(
        _ expectation: Expectation, _ family: String, _ subject: String, mark: Int64, since: Int64,
        in transaction: LedgerTransaction
    ) throws {
        guard let clock = clocks[expectation.condition] else { return }
        try transaction.open(
            ExpectationRow(
                key: .init(name: expectation.name, family: family, subject: subject, mark: mark),
                clock: expectation.condition.rawValue, opened: clock.reading, since: since))
    }

    private func settle(
        _ expectation: Expectation, _ family: String, _ subject: String, _ standing: Standing,
        in transaction: LedgerTransaction
    ) throws {
        guard let clock = clocks[expectation.condition] else { return }
        for row in try transaction.openExpectations(expectation.name, family, subject) {
            guard let verdict = try judge.verdict(on: row, standing, transaction) else { continue }
            try transaction.close(row, verdict, on: clock, now: now)
        }
    }

    /// What comes again and again has come: its time begins anew.
    func beat(_ expectation: Expectation, at time: Int64, in transaction: LedgerTransaction) throws {
        guard let heartbeat = expectation.heartbeat, let clock = clocks[expectation.condition] else { return }
        guard let row = try transaction.openExpectations(expectation.name, "", heartbeat).first else {
            return try open(expectation, "", heartbeat, mark: 0, since: time, in: transaction)
        }
        if row.state == .missed { try transaction.keepLate(row, now: now) }
        try transaction.restart(row, on: expectation.condition, at: clock.reading, since: time)
    }

    /// What comes again and again is waited for from the moment on that somebody watches.
    func begin(_ expectation: Expectation, in transaction: LedgerTransaction) throws {
        guard let heartbeat = expectation.heartbeat,
            try transaction.openExpectations(expectation.name, "", heartbeat).isEmpty
        else { return }
        try open(expectation, "", heartbeat, mark: 0, since: now, in: transaction)
    }
}

extension LedgerTransaction {
    /// Closes it as was judged, or has its time begin anew.
    func close(
        _ row: ExpectationRow, _ verdict: ExpectationVerdict, on clock: ExpectationClock, now: Int64
    ) throws {
        switch verdict {
        case .met: try meet(row, now: now)
        case .dropped(let note): try drop(row, because: note, now: now)
        case .suspended: try restart(row, on: clock.condition, at: clock.reading, since: row.since)
        }
    }
}
