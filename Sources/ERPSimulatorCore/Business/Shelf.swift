import Models

/// Lets an order have no more than there is, where the company's stock is used up; the rest waits for the next receipt.
struct Shelf {
    let page: Books.Page

    /// Cuts what the change from `old` reserves beyond what is left, from the last lines first.
    func limit(_ order: inout StandingOrder, was old: StandingOrder?) throws {
        for move in StockMove.moves(from: old, to: order) where move.reserved > .zero {
            guard let row = try page.stock(move.sku, move.warehouse) else { continue }
            let shortage = move.reserved - max(row.onHand - row.reserved, .zero)
            guard shortage > .zero else { continue }
            cut(shortage, of: row, from: &order)
        }
    }

    private func cut(_ shortage: Millionths, of row: StockRow, from order: inout StandingOrder) {
        var shortage = shortage
        for index in order.lines.indices.reversed() where order.lines[index].isServed(from: row) {
            let allocated = Millionths(order.lines[index].quantities.allocated.value)
            let missing = min(shortage, allocated)
            guard missing > .zero else { continue }
            shortage = shortage - missing
            let rest = Quantity(allocated - missing)
            let isAll = rest.value.isZero && order.lines[index].quantities.shipped.value.isZero
            order.lines[index].set(
                isAll ? .backordered : .partiallyBackordered, allocated: rest,
                backordered: order.lines[index].quantities.backordered + Quantity(missing))
            order.lines[index].promisedDate = promise(row)
        }
    }

    /// When the next goods are due, or the usual time from now.
    private func promise(_ row: StockRow) -> String {
        row.incoming.first?.date ?? BusinessDay(page.now).adding(row.leadTimeDays ?? 14).text
    }
}

extension StandingLine {
    fileprivate func isServed(from row: StockRow) -> Bool {
        warehouse == row.warehouse && (substituteSku ?? sku) == row.sku
    }
}

extension Quantity {
    fileprivate init(_ quantity: Millionths) {
        self.init(value: ExactDecimal(quantity.text) ?? .zero)
    }
}
