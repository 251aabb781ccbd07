import Models

/// What happens to an order inside the company, played by a test through `/_simulator/orders/{erpNumber}/…`.
struct Warehouse {
    /// The moves, by the last part of their path.
    enum Move: String, CaseIterable {
        case ship, hold, release, backorder, restock, cancel
    }

    let masterData: MasterData
    let now: Timestamp

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

    /// What leaves one warehouse is one shipment.
    private func ship(_ instruction: Instruction, _ order: inout StandingOrder) -> Bool {
        guard order.state != .held, order.state != .cancelled else { return false }
        var shipments: [(warehouse: String?, lines: [StandingOrder.Shipment.Line])] = []
        for index in order.lines.indices {
            guard let shipped = ship(instruction, &order.lines[index]) else { continue }
            let warehouse = order.lines[index].warehouse
            let place = shipments.firstIndex { $0.warehouse == warehouse } ?? shipments.endIndex
            if place == shipments.endIndex { shipments.append((warehouse, [])) }
            shipments[place].lines.append(shipped)
        }
        guard !shipments.isEmpty else { return false }
        for shipment in shipments { send(shipment.lines, from: shipment.warehouse, instruction, &order) }
        order.state = order.lines.allSatisfy(\.isShipped) ? .shipped : .partiallyShipped
        order.reason = nil
        return true
    }

    /// What leaves of a line; nil when nothing does.
    private func ship(_ instruction: Instruction, _ line: inout StandingLine) -> StandingOrder.Shipment.Line? {
        let allocated = line.quantities.allocated
        guard let asked = asked(line, instruction, all: allocated) else { return nil }
        let quantity = min(asked.value, allocated.value)
        guard quantity > .zero else { return nil }
        line.quantities.allocated = allocated - Quantity(value: quantity)
        line.quantities.shipped = line.quantities.shipped + Quantity(value: quantity)
        return .init(lineId: line.lineId, quantity: quantity.description)
    }

    private func send(
        _ lines: [StandingOrder.Shipment.Line], from warehouse: String?, _ instruction: Instruction,
        _ order: inout StandingOrder
    ) {
        let number = "\(order.erpNumber)-\(order.shipments.count + 1)"
        order.shipments.append(
            .init(
                number: number, warehouse: warehouse, carrier: instruction.carrier ?? "UPS",
                service: instruction.service ?? (instruction.carrier == nil ? "GROUND" : nil),
                trackingNumbers: instruction.trackingNumbers ?? ["1Z\(number)"],
                shipDate: instruction.shipDate ?? BusinessDay(now).text, lines: lines))
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
