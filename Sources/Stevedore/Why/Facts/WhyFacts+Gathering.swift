internal import Fleet
internal import Ledger
internal import Models

extension LedgerSnapshot {
    /// All that is known of a thing. `isBrief` for one of a list: then the journal is read only where nothing else says
    /// how the thing stands, and no further back than some two million steps.
    func whyFacts(_ thing: WhyThing, _ tables: WhyTables, now: Int64, isBrief: Bool = false) throws -> WhyFacts {
        var legs = try whyRoads(of: thing, tables)
        for index in legs.indices { try addStates(to: &legs[index], tables, now: now) }
        let isDone = isBrief && legs.allSatisfy { isSettled($0, now: now) }
        let others = try isDone ? [] : addSteps(to: &legs, thing, isBrief: isBrief)
        var facts = WhyFacts(thing: thing, now: now, legs: legs, others: others)
        facts.shown = try tables.hasStore ? whyShown(thing) : WhyShown()
        if facts.awaitsShipment {
            var shipping = WhyLeg(Catalogue.shipment, subject: "")
            if tables.hasFleet { try addWaits(to: &shipping, now: now) }
            facts.shipping = shipping
        }
        facts.cause = try whyCause(of: legs, now: now)
        try addAlerts(to: &facts, tables)
        if tables.hasSettlements, thing.isStoreOrder { facts.settlements = try settlements(of: thing.subject) ?? [] }
        facts.drift = try drift(of: thing.stream, thing.subject)
        if tables.hasFeed { try addFeed(to: &facts, tables) }
        if tables.hasPosts { try addPosts(to: &facts) }
        if !isBrief, thing.isNamedByOrders { facts.naming = try whyNaming(thing.subject, except: thing) }
        return facts
    }

    private func isSettled(_ leg: WhyLeg, now: Int64) -> Bool {
        if case .applied = leg.standing(now: now) { true } else { false }
    }

    // MARK: - Roads

    private func whyRoads(of thing: WhyThing, _ tables: WhyTables) throws -> [WhyLeg] {
        var legs = thing.types.map { types -> WhyLeg in
            var leg = WhyLeg(types[0], subject: thing.subject)
            leg.types = Set(types.map(\.name))
            return leg
        }
        if case .product(let sku) = thing {
            legs += try whyStockSubjects(of: sku, tables).map { WhyLeg(Catalogue.stock, subject: $0) }
        }
        for index in legs.indices {
            let (types, subject) = (legs[index].types, SQLValue.text(legs[index].subject))
            legs[index].letters = try rows(.letters, subject, .integer(50)) { DeadLetterRecord(why: $0) }
                .filter { types.contains($0.type ?? "") }
            legs[index].outbox = try rows(.outbox, subject) { row in
                WhyLeg.Outgoing(type: row.text(0), revision: row.integer(1), at: row.integer(2))
            }.filter { types.contains($0.type) }
        }
        return legs
    }

    /// Under which subjects anything is known of a product's stock: what is applied, told of, failed or yet to publish.
    func whyStockSubjects(of sku: String, _ tables: WhyTables) throws -> [String] {
        let (start, end) = Self.stockRange(of: sku)
        var statements: [WhySQL] = [.stockApplied, .stockLetters, .stockOutbox]
        if tables.hasFleet { statements.append(.stockTold) }
        var found: [String] = []
        for statement in statements {
            found += try rows(statement, .text(start), .text(end)) { $0.text(0) }
        }
        return Set(found).sorted()
    }

    private func addStates(to leg: inout WhyLeg, _ tables: WhyTables, now: Int64) throws {
        leg.state = try subjectState(family: leg.family, subject: leg.subject)
        if leg.family == Catalogue.orderPlaced.family {
            let observer = "\(leg.family)@\(Catalogue.takenOrders)"
            leg.stated = try subjectState(family: observer, subject: leg.subject)?.revision ?? 0
        } else if leg.family == Catalogue.orderStatus.family {
            // Its revisions are our own: the ERP counts others.
            leg.stated = try rows(.counter, .text(leg.family), .text(leg.subject)) { $0.integer(0) }.first ?? 0
        } else if tables.hasFleet {
            leg.stated = try rows(.toldRevision, .text(leg.family), .text(leg.subject)) { $0.integer(0) }.first ?? 0
        }
        if tables.hasPositions {
            leg.position = try rows(.position, .text(leg.queue)) { [queue = leg.queue] row in
                FlowPosition(queue: queue, takenAt: row.integer(0), messageTime: row.integer(1))
            }.first
        }
        if tables.hasFleet { try addWaits(to: &leg, now: now) }
    }

    private func addWaits(to leg: inout WhyLeg, now: Int64) throws {
        leg.watchedSince = try rows(.observed, .text(leg.queue), .text(leg.subject)) { $0.integer(0) }.first
        // Of a worker that is gone, or of a clock that was set back: as `stevedore status` has it.
        leg.pauses = try rows(
            .pauses, .text(leg.queue), .integer(now - 120_000_000), .integer(now + 120_000_000)
        ) { row in
            FlowPause(
                queue: row.text(0), holder: row.text(1), since: row.integer(2), code: row.text(3), reason: row.text(4),
                remedy: row.text(5))
        }
    }

    /// Reads each subject's steps once, and returns those that are of no road. A product has as many more subjects as
    /// there are warehouses, so of its stock the journal is read no further back than for one of a list.
    private func addSteps(to legs: inout [WhyLeg], _ thing: WhyThing, isBrief: Bool) throws -> [JournalEntry] {
        var others: [JournalEntry] = []
        for subject in Set(legs.map(\.subject)).sorted() {
            let chunks = isBrief || subject != thing.subject ? 256 : .max
            let steps = try journalEntries(subject: subject, chunks: chunks)
            for index in legs.indices where legs[index].subject == subject { legs[index].take(steps) }
            others += steps.filter { $0.type == thing.stream || (thing.isProduct && $0.type == "stock") }
        }
        return others
    }

    /// Who knows of what stops or delays it.
    private func addAlerts(to facts: inout WhyFacts, _ tables: WhyTables) throws {
        if tables.hasAlerts, let letter = facts.waitingLetter {
            facts.told = try whyTold(alert: "dead-letter/\(letter.fingerprint)")
        }
        guard tables.hasExpectations else { return }
        facts.expected = try whyExpectations(of: facts.legs).map { row in
            WhyFacts.Expected(
                name: row.key.name, since: row.since, missedAt: row.state == .missed ? row.missedAt : nil,
                told: row.state == .missed ? try whyTold(alert: "expectation/\(row.key.name)") : nil)
        }
    }

    /// Of the first letter that waits for a person.
    private func whyCause(of legs: [WhyLeg], now: Int64) throws -> WhyFacts.Cause? {
        for case .letter(let letter) in legs.lazy.map({ $0.standing(now: now) }) {
            var cause = WhyFacts.Cause()
            cause.count = Int(try rows(.causeCount, .text(letter.fingerprint)) { $0.integer(0) }.first ?? 0)
            cause.alike = try whyAlike(letter)
            let said = try rows(.cause, .text(letter.fingerprint)) { ($0.optionalText(0), $0.optionalText(1)) }.first
            (cause.note, cause.assignee) = said ?? (nil, nil)
            return cause
        }
        return nil
    }
}

extension WhyLeg {
    /// The road of a type's messages, of which nothing is known yet.
    init(_ type: MessageType, subject: String) {
        self.init(family: type.family, queue: type.queue, types: [type.name], subject: subject)
    }

    /// Keeps those of all steps that are of this road.
    mutating func take(_ all: [JournalEntry]) {
        let mine = all.filter { types.contains($0.type ?? "") }
        noted = mine.filter { $0.stage.hasPrefix("noted") }
        steps = mine.filter { !$0.stage.hasPrefix("noted") }
    }
}

extension WhyThing {
    var isProduct: Bool { if case .product = self { true } else { false } }
    var isStoreOrder: Bool { if case .order = self { true } else { false } }

    /// Whether messages about other things name it, and fail where it is not known.
    var isNamedByOrders: Bool {
        switch self {
        case .product, .account, .prices: true
        case .order, .offlineOrder, .shipment: false
        }
    }
}

extension WhyFacts {
    /// The first letter that waits for a person.
    fileprivate var waitingLetter: DeadLetterRecord? {
        for case .letter(let letter) in legs.lazy.map({ $0.standing(now: now) }) { return letter }
        return nil
    }

    /// The ERP's number of an order, as far as it is known.
    var erpNumber: String? {
        switch thing {
        case .order: shown.order?.erpNumber ?? legs[0].state?.reference
        case .offlineOrder(let number): number
        default: nil
        }
    }

    /// Whether a shipment is what people ask about next, and the store's tables would show one.
    var awaitsShipment: Bool {
        guard shown.isThere, shown.shipments.isEmpty, let order = shown.order else { return false }
        switch OrderStatus.State(rawValue: order.state) {
        case .accepted, .partiallyShipped, .shipped: return true
        case .received, .held, .cancelled, .rejected, nil: return false
        }
    }
}
