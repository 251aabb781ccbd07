import Models

/// Keys orders in by hand, as a clerk does for a customer on the telephone.
struct OfflineDesk {
    /// What the clerk is told.
    struct Call: Decodable {
        struct Line: Decodable {
            var sku: String
            var quantity: String
        }

        var account: String
        var purchaseOrderNumber: String?
        var lines: [Line]
    }

    let masterData: MasterData

    func key(_ call: Call, in books: Books.Page) throws -> Reply {
        guard let account = try books.standing(of: call.account) else {
            let detail = "There is no account \(call.account)."
            return .problem(.rejected("account.unknown", detail), effect: .rejected)
        }
        let lines = call.lines.enumerated().compactMap { line($1, number: $0 + 1) }
        guard !lines.isEmpty, lines.count == call.lines.count else {
            return .problem(.rejected("line.invalid", "A line's product or quantity is not known."), effect: .rejected)
        }
        var order = order(call, lines)
        order.number = try books.nextOrderNumber()
        var standing = StandingOrder(
            erpNumber: order.number, version: 0, account: call.account, state: .received, lines: [], shipments: [],
            offline: offline(call, order, now: books.now))
        Allocation(masterData: masterData).apply(order, of: account, to: &standing)
        return .order(try books.save(standing, content: "", was: nil), status: 201, effect: .created)
    }

    private func line(_ line: Call.Line, number: Int) -> IncomingOrder.Line? {
        guard let cents = masterData.priceCents(of: line.sku), let price = ExactDecimal(units: cents, scale: 2),
            let quantity = ExactDecimal(line.quantity), quantity > .zero,
            let amount = quantity.multiplied(by: price, roundedTo: 2)
        else { return nil }
        return IncomingOrder.Line(
            id: String(number), sku: line.sku, quantity: quantity.description, unit: "C62",
            unitPrice: price.description, amount: amount.description)
    }

    private func order(_ call: Call, _ lines: [IncomingOrder.Line]) -> IncomingOrder {
        let place = IncomingOrder.Place(
            name: "Account \(call.account)", street: ["11 Main Street"], city: "Dallas", region: "TX",
            postalCode: "75201", country: "US")
        let goods = lines.compactMap { ExactDecimal($0.amount) }
            .reduce(Quantity.zero) { $0 + Quantity(value: $1) }.value.description
        return IncomingOrder(
            number: "", revision: 1, customer: .init(account: call.account),
            contact: .init(name: "Clerk", email: "clerk@example.com"),
            purchaseOrderNumber: call.purchaseOrderNumber, shipTo: place, billTo: place, shippingMethod: "ground",
            payment: .init(method: "purchase-order"), currency: "USD", lines: lines,
            totals: .init(goods: goods, discount: "0.00", shipping: "0.00", tax: "0.00", total: goods))
    }

    private func offline(_ call: Call, _ order: IncomingOrder, now: Timestamp) -> StandingOrder.Offline {
        StandingOrder.Offline(
            account: call.account, purchaseOrderNumber: call.purchaseOrderNumber,
            placedAt: now.description, shipTo: order.shipTo, currency: order.currency,
            lines: order.lines, totals: order.totals)
    }
}
