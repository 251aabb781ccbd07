internal import Ledger
internal import Models

extension LedgerSnapshot {
    /// How many things one name is followed to.
    static var whyLimit: Int { 500 }

    /// What exactly this name leads to. A thing of that name comes before those that other names lead to, and a name of
    /// an account is then not followed to all its orders.
    func whyFound(_ name: String, _ tables: WhyTables) throws -> WhyFound {
        var found = try whyThings(named: name, tables)
        try addAliases(of: name, isKnown: !found.things.isEmpty, to: &found)
        if tables.hasStore { try addStoreNames(name, to: &found) }
        // Only where nothing else tells whose number it is: the ERP's rows of the store's orders have its own as well.
        if found.isEmpty { try addGaps(name, tables, isOrder: true, to: &found) }
        return found
    }

    /// What this name leads to in another case, or without blanks and hyphens.
    func whyFolded(_ name: String) throws -> WhyFound {
        var found = WhyFound()
        try addAliases(Alias.folded(name), areFolded: true, isKnown: false, to: &found)
        return found
    }

    private func addAliases(of name: String, isKnown: Bool, to found: inout WhyFound) throws {
        try addAliases(name, areFolded: false, isKnown: isKnown, to: &found)
        // An address is the same in another case, and each order may have it in its own.
        guard name.contains("@") else { return }
        let folded = Alias.folded(name)
        if folded != name { try addAliases(folded, areFolded: false, isKnown: isKnown, to: &found) }
        try addAliases(folded, areFolded: true, isKnown: isKnown, to: &found)
    }

    /// Each sort of names by itself, so that many of one do not hide another; of each those with the last numbers.
    private func addAliases(
        _ value: String, areFolded: Bool, isKnown: Bool, to found: inout WhyFound
    ) throws {
        var last = (kind: "", family: "")
        while let next = try rows(
            .aliasKinds, .text(value), .text(last.kind), .text(last.family), row: { ($0.text(0), $0.text(1)) }
        ).first {
            last = (kind: next.0, family: next.1)
            let isFolded = last.kind.hasSuffix(Alias.foldedMark)
            guard isFolded == areFolded, !isKnown || last.kind != "account" else { continue }
            let kind = isFolded ? String(last.kind.dropLast(Alias.foldedMark.count)) : last.kind
            let subjects = try rows(
                .aliases, .text(value), .text(last.kind), .text(last.family), .integer(Int64(Self.whyLimit))
            ) { $0.text(0) }
            found.isCut = found.isCut || subjects.count == Self.whyLimit
            for subject in subjects {
                found.add(
                    WhyThing(family: last.family, subject: subject), kind: last.kind == Alias.ownName ? nil : kind)
            }
        }
    }

    private func addStoreNames(_ name: String, to found: inout WhyFound) throws {
        for (origin, number) in try rows(.storeERPNumbers, .text(name), row: { ($0.text(0), $0.text(1)) }) {
            found.add(Self.order(number, origin), kind: "erp-number")
        }
        let parcels = try rows(.storeParcels, .text(name)) { $0.text(0) }
        for shipment in parcels { found.add(.shipment(shipment), kind: "tracking-number") }
        for address in Set([name, Alias.folded(name)]).sorted() where address.contains("@") {
            for account in try rows(.storeEmails, .text(address), row: { $0.text(0) }) {
                found.add(.account(account), kind: "email")
            }
        }
        for sku in try rows(.storeBarcodes, .text(name), row: { $0.text(0) }) {
            found.add(.product(sku), kind: "barcode")
        }
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
        if try !whyStockSubjects(of: name, tables).isEmpty { found.add(.product(name)) }
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
        try addGaps(name, tables, isOrder: false, to: &found)
    }

    /// What the feed cannot read, and the store may never have been told.
    private func addGaps(_ name: String, _ tables: WhyTables, isOrder: Bool, to found: inout WhyFound) throws {
        guard tables.hasFeed else { return }
        for stream in try rows(.gapStreams, .text(name), row: { $0.text(0) }) where (stream == "orders") == isOrder {
            found.add(WhyThing(stream: stream, key: name))
        }
        if !isOrder, try !whyStockGaps(name, tables).isEmpty { found.add(.product(name)) }
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
}
