import Models

/// What happens to an order inside the company, played by a test through `/_simulator/orders/{erpNumber}/…`.
struct Warehouse {
    /// The moves, by the last part of their path.
    enum Move: String, CaseIterable {
        case ship, hold, release, backorder, restock, cancel
    }

    let masterData: MasterData

    /// False when the order's state does not allow the move.
    func make(_ move: Move, _ instruction: Instruction, on order: inout StandingOrder) -> Bool {
        switch move {
        case .ship: return ship(instruction, &order)
        case .hold:
            guard !order.isFinal, order.state != .held else { return false }
            order.hold(reason(instruction, "hold.manual", "The order is being checked."))
        case .release:
            guard order.state == .held else { return false }
            release(&order)
        case .backorder: return backorder(instruction, &order)
        case .restock: return restock(instruction, &order)
        case .cancel:
            guard !order.isFinal else { return false }
            order.cancel(reason(instruction, "cancelled.by-erp", "Cancelled by the supplier."))
        }
        return true
    }

    private func ship(_ instruction: Instruction, _ order: inout StandingOrder) -> Bool {
        guard order.state != .held, order.state != .cancelled else { return false }
        var shipped: [StandingOrder.Shipment.Line] = []
        for index in order.lines.indices {
            let allocated = order.lines[index].quantities.allocated
            guard let asked = asked(order.lines[index], instruction, all: allocated) else { continue }
            let quantity = min(asked.value, allocated.value)
            guard quantity > .zero else { continue }
            order.lines[index].quantities.allocated = allocated - Quantity(value: quantity)
            order.lines[index].quantities.shipped = order.lines[index].quantities.shipped + Quantity(value: quantity)
            shipped.append(.init(lineId: order.lines[index].lineId, quantity: quantity.description))
        }
        guard !shipped.isEmpty else { return false }
        let number = "\(order.erpNumber)-\(order.shipments.count + 1)"
        order.shipments.append(
            .init(
                number: number, carrier: instruction.carrier ?? "UPS Ground",
                trackingNumbers: instruction.trackingNumbers ?? ["1Z\(number)"], lines: shipped))
        order.state = order.lines.allSatisfy(\.isShipped) ? .shipped : .partiallyShipped
        order.reason = nil
        return true
    }

    private func release(_ order: inout StandingOrder) {
        let allocation = Allocation(masterData: masterData)
        order.state = .accepted
        order.reason = nil
        order.lines = order.lines.map { $0.status == .onHold ? allocation.reallocate($0) : $0 }
    }

    private func backorder(_ instruction: Instruction, _ order: inout StandingOrder) -> Bool {
        var hasMoved = false
        for index in order.lines.indices {
            let line = order.lines[index]
            guard let asked = asked(line, instruction, all: line.quantities.allocated) else { continue }
            let quantity = min(asked.value, line.quantities.allocated.value)
            guard quantity > .zero else { continue }
            let allocated = line.quantities.allocated - Quantity(value: quantity)
            let isAll = allocated.value.isZero && line.quantities.shipped.value.isZero
            order.lines[index].set(
                isAll ? .backordered : .partiallyBackordered, allocated: allocated,
                backordered: line.quantities.backordered + Quantity(value: quantity))
            order.lines[index].promisedDate = instruction.promisedDate
            hasMoved = true
        }
        return hasMoved
    }

    private func restock(_ instruction: Instruction, _ order: inout StandingOrder) -> Bool {
        var hasMoved = false
        for index in order.lines.indices where order.lines[index].quantities.backordered.value > .zero {
            let quantities = order.lines[index].quantities
            guard asked(order.lines[index], instruction, all: quantities.backordered) != nil else { continue }
            order.lines[index].set(.accepted, allocated: quantities.allocated + quantities.backordered)
            order.lines[index].promisedDate = nil
            hasMoved = true
        }
        return hasMoved
    }

    /// How much of a line a move is about; nil when it is not about that line.
    private func asked(_ line: StandingLine, _ instruction: Instruction, all: Quantity) -> Quantity? {
        guard let lines = instruction.lines else { return all }
        guard let named = lines.first(where: { $0.lineId == line.lineId }) else { return nil }
        guard let text = named.quantity else { return all }
        return ExactDecimal(text).map(Quantity.init(value:))
    }

    private func reason(_ instruction: Instruction, _ code: String, _ text: String) -> StandingOrder.Reason {
        StandingOrder.Reason(code: instruction.code ?? code, text: instruction.text ?? text)
    }
}

extension StandingLine {
    /// Nothing left to send.
    var isShipped: Bool {
        status == .cancelled || (quantities.allocated.value.isZero && quantities.backordered.value.isZero)
    }
}
