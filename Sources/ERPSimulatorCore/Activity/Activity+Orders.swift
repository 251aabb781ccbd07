import Models

extension Activity {
    /// Of the oldest so many, any may be next.
    private static let reach: Int64 = 20

    mutating func ship(_ page: Books.Page) throws -> Bool {
        try moveOpenOrder(page, .ship, Warehouse.Instruction()) { order in
            order.lines.contains { $0.quantities.allocated.value > .zero }
        }
    }

    /// What is still to be sent is promised for another day.
    mutating func promise(_ page: Books.Page) throws -> Bool {
        let date = today.adding(random.draw(3...30)).text
        guard let entry = try openOrder(page, where: { $0.lines.contains(where: \.isOpen) }) else {
            return false
        }
        var order = entry.order
        for index in order.lines.indices where order.lines[index].isOpen {
            order.lines[index].promisedDate = date
        }
        _ = try page.save(order, content: entry.content, was: entry.order)
        return true
    }

    /// A parcel arrives; one in twenty comes back, and its goods with it.
    mutating func deliver(_ page: Books.Page) throws -> Bool {
        let keys = try page.openObjects(.shipments, limit: Self.reach)
        let (isReturned, place) = (random.chance(5), random.draw(0...Self.reach - 1))
        guard !keys.isEmpty, let key = Optional(keys[Int(place) % keys.count]),
            let text = try page.object(.shipments, key), var shipment = try? JSON.decode(ShipmentDocument.self, text)
        else { return false }
        shipment.state = isReturned ? "returned" : "delivered"
        try page.put(.shipments, key, JSON.text(shipment))
        for line in isReturned ? shipment.lines : [] {
            guard var row = try page.stock(line.sku, shipment.warehouse) else { continue }
            row.onHand = row.onHand + Millionths(ExactDecimal(line.quantity) ?? .zero)
            try page.put(row)
        }
        return true
    }

    /// By telephone.
    mutating func keyOrder(_ page: Books.Page) throws -> Bool {
        var lines: [OfflineDesk.Call.Line] = []
        for _ in 0..<random.draw(1...4) {
            guard let sku = anySKU() else { return false }
            lines.append(.init(sku: sku, quantity: String(10 * random.draw(1...5))))
        }
        guard let index = anyAccount() else { return false }
        let call = OfflineDesk.Call(
            account: MasterData.account(at: index), purchaseOrderNumber: "TEL-\(random.draw(1_000...9_999))",
            lines: lines)
        return try OfflineDesk(masterData: masterData).key(call, in: page).effect == .created
    }

    private mutating func moveOpenOrder(
        _ page: Books.Page, _ move: Warehouse.Move, _ instruction: Warehouse.Instruction,
        where isMeant: (StandingOrder) -> Bool
    ) throws -> Bool {
        guard let entry = try openOrder(page, where: isMeant) else { return false }
        var order = entry.order
        guard Warehouse(masterData: masterData, now: page.now).make(move, instruction, on: &order) else { return false }
        _ = try page.save(order, content: entry.content, was: entry.order)
        return true
    }

    private mutating func openOrder(
        _ page: Books.Page, where isMeant: (StandingOrder) -> Bool
    ) throws -> Books.Entry? {
        let place = Int(random.draw(0...Self.reach - 1))
        let entries = try page.openOrders(limit: Self.reach).filter { isMeant($0.order) }
        return entries.isEmpty ? nil : entries[place % entries.count]
    }
}

extension StandingLine {
    fileprivate var isOpen: Bool { !isShipped }
}
