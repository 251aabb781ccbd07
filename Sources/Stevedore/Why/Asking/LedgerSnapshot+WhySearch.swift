internal import Ledger
internal import Models

/// What a name leads to.
struct WhyFound: Sendable {
    /// Each thing once, the likeliest first.
    var things: [WhyThing] = []
    /// What sort of name it is, when it is not the thing's own: `po-number`.
    var kind: String?
    /// The message of that id.
    var message: WhyMessage?
    /// Whether there may be more than were looked for.
    var isCut = false

    var isEmpty: Bool { things.isEmpty && message == nil }

    mutating func add(_ thing: WhyThing?, kind: String? = nil) {
        guard let thing, !things.contains(thing) else { return }
        if things.isEmpty { self.kind = kind }
        things.append(thing)
    }
}

/// One message, for who asks by its id.
struct WhyMessage: Hashable, Sendable {
    var id: String
    var type: String?
    var subject: String?
    var revision: Int64?
    /// Its steps, the oldest first.
    var steps: [JournalEntry] = []
    var letter: DeadLetterRecord?
    /// When its body was kept.
    var keptAt: Int64?
}

extension LedgerSnapshot {
    /// How many things one name is followed to.
    static var whyLimit: Int { 500 }

    /// What exactly this name leads to. A thing of that name comes before those that other names lead to, and a name of
    /// an account is then not followed to all its orders.
    func whyFound(_ name: String, _ tables: WhyTables) throws -> WhyFound {
        var found = try whyThings(named: name, tables)
        let isKnown = !found.things.isEmpty
        let aliases = try rows(.aliases, .text(name), .integer(Int64(Self.whyLimit))) { row in
            Alias(kind: row.text(0), value: name, family: row.text(1), subject: row.text(2))
        }
        found.isCut = aliases.count == Self.whyLimit
        for alias in aliases where !isKnown || alias.kind != "account" {
            found.add(WhyThing(family: alias.family, subject: alias.subject), kind: alias.kind)
        }
        guard tables.hasStore else { return found }
        for (origin, number) in try rows(.storeERPNumbers, .text(name), row: { ($0.text(0), $0.text(1)) }) {
            found.add(Self.order(number, origin), kind: "erp-number")
        }
        let parcels = try rows(.storeParcels, .text(name)) { $0.text(0) }
        for shipment in parcels { found.add(.shipment(shipment), kind: "tracking-number") }
        for account in try rows(.storeEmails, .text(name), row: { $0.text(0) }) {
            found.add(.account(account), kind: "email")
        }
        for sku in try rows(.storeBarcodes, .text(name), row: { $0.text(0) }) {
            found.add(.product(sku), kind: "barcode")
        }
        return found
    }

    /// The things whose own name this is.
    private func whyThings(named name: String, _ tables: WhyTables) throws -> WhyFound {
        var found = WhyFound()
        for family in try rows(.families, .text(name), row: { $0.text(0) }) {
            found.add(WhyThing(family: family, subject: name))
        }
        var types = try rows(.letterTypes, .text(name)) { $0.text(0) }
        types += try rows(.outboxTypes, .text(name)) { $0.text(0) }
        for type in types { found.add(WhyThing(type: type, subject: name)) }
        // What is asked for as SKU and warehouse is a product's stock, under another subject.
        let (start, end) = Self.stockRange(of: name)
        if try !rows(.stockOf, .text(start), .text(end), row: { $0.text(0) }).isEmpty { found.add(.product(name)) }
        try addTold(name, tables, to: &found)
        try addShown(name, tables, to: &found)
        return found
    }

    private func addTold(_ name: String, _ tables: WhyTables, to found: inout WhyFound) throws {
        if tables.hasFleet {
            for family in try rows(.told, .text(name), row: { $0.text(0) }) {
                found.add(WhyThing(family: family, subject: name))
            }
        }
        guard tables.hasFeed else { return }
        for stream in try rows(.gapStreams, .text(name), row: { $0.text(0) }) {
            switch stream {
            case "products": found.add(.product(name))
            case "customers": found.add(.account(name))
            default: found.add(.shipment(name))
            }
        }
    }

    private func addShown(_ name: String, _ tables: WhyTables, to found: inout WhyFound) throws {
        guard tables.hasStore else { return }
        for origin in try rows(.storeOrders, .text(name), row: { $0.text(0) }) {
            found.add(Self.order(name, origin))
        }
        for sku in try rows(.storeProducts, .text(name), row: { $0.text(0) }) { found.add(.product(sku)) }
        for sku in try rows(.storeStocks, .text(name), row: { $0.text(0) }) { found.add(.product(sku)) }
        for account in try rows(.storeAccounts, .text(name), row: { $0.text(0) }) { found.add(.account(account)) }
        for shipment in try rows(.storeShipments, .text(name), row: { $0.text(0) }) { found.add(.shipment(shipment)) }
    }

    private static func order(_ number: String, _ origin: String) -> WhyThing {
        origin == "offline" ? .offlineOrder(number) : .order(number)
    }

    /// Where the stock of a product lies among the subjects of stock: from the first to before the second.
    static func stockRange(of sku: String) -> (String, String) {
        let start = SubjectKey.joined(sku, "")
        return (start, String(start.dropLast()) + "0")
    }

    // MARK: - Messages

    /// The message of that id; nil when none was seen. Looks into each chunk of the journal's index.
    func whyMessage(_ id: String) throws -> WhyMessage? {
        let letter = try rows(.letterByID, .text(id)) { DeadLetterRecord(why: $0) }.first
        let keptAt = try rows(.payload, .text(id)) { $0.integer(0) }.first
        let steps = try journalEntries(messageID: id)
        guard letter != nil || keptAt != nil || !steps.isEmpty else { return nil }
        return WhyMessage(
            id: id, type: letter?.type ?? steps.last?.type, subject: letter?.subject ?? steps.last?.subject,
            revision: letter?.revision ?? steps.last?.revision, steps: steps, letter: letter, keptAt: keptAt)
    }

    /// The things of which the journal has steps under this name: for what was never applied.
    func whyJournalled(_ name: String) throws -> [WhyThing] {
        var found = WhyFound()
        for step in try journalEntries(subject: name, limit: 20) {
            found.add(step.type.flatMap { WhyThing(type: $0, subject: name) })
        }
        return found.things
    }

    // MARK: - Suggestions

    /// Names that the typed one may have meant, the likeliest first: of a bounded number beside it in the order of
    /// names, and of those that one slip leads to. No e-mail address is suggested.
    func whySuggestions(_ question: WhyQuestion, _ tables: WhyTables, limit: Int = 5) throws -> [String] {
        var names = try question.slips.filter { try !whyFound($0, tables).things.isEmpty }
        for spelling in [question.typed, question.typed.uppercased()] { names += try neighbours(of: spelling) }
        var seen: Set<String> = [question.typed]
        let ranked = names.filter { !$0.contains("@") && seen.insert($0).inserted }.compactMap { name in
            (question.distance(to: name) ?? (question.begins(name) ? 3 : nil)).map { (name: name, distance: $0) }
        }
        return ranked.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(limit).map(\.name)
    }

    private func neighbours(of name: String) throws -> [String] {
        let families = ["order", "order@orders.taken", "order.offline", "product", "customer", "shipment"]
        let count = SQLValue.integer(20)
        var names: [String] = []
        for family in families {
            names += try rows(.subjectsAfter, .text(family), .text(name), count) { $0.text(0) }
            names += try rows(.subjectsBefore, .text(family), .text(name), count) { $0.text(0) }
        }
        names += try rows(.aliasesAfter, .text(name), count) { $0.text(1) == "email" ? "@" : $0.text(0) }
        names += try rows(.aliasesBefore, .text(name), count) { $0.text(1) == "email" ? "@" : $0.text(0) }
        return names
    }
}

extension DeadLetterRecord {
    /// A row of ``WhySQL/letters``.
    init(why row: borrowing SQLRow) {
        self.init(
            id: row.text(0), queue: row.text(1), flow: row.text(2), type: row.optionalText(3),
            subject: row.optionalText(4), revision: row.optionalInteger(5), code: row.text(6), category: row.text(7),
            sentence: row.text(8), fingerprint: row.text(9), attempts: Int(row.integer(10)),
            firstFailedAt: row.integer(11), lastFailedAt: row.integer(12),
            state: DeadLetterState(rawValue: row.text(13)) ?? .open, note: row.optionalText(14))
    }
}
