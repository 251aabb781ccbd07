import Models

/// What stock does to a line. Stock is not used up here: the same order always gets the same answer, so a run with faults can
/// be compared with one without. ``Shelf`` is for companies whose stock is.
struct Allocation {
    let masterData: MasterData

    /// The state of an acceptable order of an account, and of its lines.
    func apply(_ order: IncomingOrder, of account: MasterData.Standing?, to standing: inout StandingOrder) {
        standing.lines = order.lines.map { line($0, order) }
        standing.state = .accepted
        standing.reason = nil
        guard let reason = Self.creditReason(account) else { return }
        standing.hold(reason)
    }

    /// Gives a held order back what stock had to say.
    func reallocate(_ line: StandingLine) -> StandingLine {
        var line = line
        allocate(&line, quantity: line.quantities.ordered - line.quantities.shipped)
        return line
    }

    private static func creditReason(_ account: MasterData.Standing?) -> StandingOrder.Reason? {
        switch account {
        case .creditHold: StandingOrder.Reason(code: "credit.hold", text: "The account is on credit hold.")
        case .overLimit: StandingOrder.Reason(code: "credit.exceeded", text: "The credit limit is exceeded.")
        default: nil
        }
    }

    private func line(_ line: IncomingOrder.Line, _ order: IncomingOrder) -> StandingLine {
        let ordered = Quantity(value: ExactDecimal(line.quantity) ?? .zero)
        let preferred = order.preferredWarehouse.flatMap { MasterData.warehouses.contains($0) ? $0 : nil }
        var standing = StandingLine(
            lineId: line.id, sku: line.sku, status: .accepted,
            quantities: .init(ordered: ordered, allocated: .zero, shipped: .zero, backordered: .zero),
            warehouse: preferred ?? "EAST")
        allocate(&standing, quantity: ordered)
        return standing
    }

    private func allocate(_ line: inout StandingLine, quantity: Quantity) {
        line.reason = nil
        switch masterData.supply(of: line.sku) ?? .inStock {
        case .inStock: line.set(.accepted, allocated: quantity)
        case .westOnly:
            line.warehouse = "WEST"
            line.set(.accepted, allocated: quantity)
        case .outOfStock: line.set(.backordered, backordered: quantity)
        case .replaced(let sku):
            line.substituteSku = sku
            line.set(.substituted, allocated: quantity)
        case .pieces(let pieces): allocate(&line, quantity, stock: pieces)
        case .inTens: roundUpToTens(&line, quantity)
        }
    }

    private func allocate(_ line: inout StandingLine, _ quantity: Quantity, stock: Int64) {
        guard let pieces = ExactDecimal(stock), quantity.value > pieces else {
            return line.set(.accepted, allocated: quantity)
        }
        let allocated = Quantity(value: pieces)
        line.set(.partiallyBackordered, allocated: allocated, backordered: quantity - allocated)
    }

    private func roundUpToTens(_ line: inout StandingLine, _ quantity: Quantity) {
        guard let rounded = Self.nextTen(quantity.value), rounded != quantity.value else {
            return line.set(.accepted, allocated: quantity)
        }
        line.quantities.ordered = Quantity(value: rounded)
        line.set(.acceptedWithChanges, allocated: Quantity(value: rounded))
        line.reason = StandingOrder.Reason(code: "quantity.rounded", text: "The product is sold in tens.")
    }

    private static func nextTen(_ quantity: ExactDecimal) -> ExactDecimal? {
        let one = (0..<quantity.scale).reduce(Int64(1)) { power, _ in power &* 10 }
        let ten = one.multipliedReportingOverflow(by: 10)
        guard !ten.overflow else { return nil }
        let tens = quantity.units / ten.partialValue + (quantity.units % ten.partialValue == 0 ? 0 : 1)
        return tens.multipliedReportingOverflow(by: 10).overflow ? nil : ExactDecimal(tens * 10)
    }
}

extension StandingLine {
    /// Splits what is not shipped yet.
    mutating func set(_ status: Status, allocated: Quantity = .zero, backordered: Quantity = .zero) {
        self.status = status
        quantities.allocated = allocated
        quantities.backordered = backordered
    }
}

extension StandingOrder {
    /// Nothing moves until it is released.
    mutating func hold(_ reason: Reason) {
        state = .held
        self.reason = reason
        for index in lines.indices where lines[index].status != .cancelled {
            lines[index].set(.onHold)
            lines[index].reason = reason
        }
    }

    /// Ends the order and gives its stock back.
    mutating func cancel(_ reason: Reason) {
        state = .cancelled
        self.reason = reason
        for index in lines.indices {
            lines[index].set(.cancelled)
            lines[index].reason = reason
        }
    }
}
