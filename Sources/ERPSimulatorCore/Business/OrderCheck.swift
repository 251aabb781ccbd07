import Models

/// Decides whether the company takes an order at all, and names everything that is wrong with it.
struct OrderCheck {
    let masterData: MasterData
    /// How its account is treated; nil when there is none.
    let standing: MasterData.Standing?
    let books: Books.Page

    /// Nil when the order is acceptable.
    func problem(_ order: IncomingOrder) throws -> Problem? {
        let faults = try customerFaults(order) + lineFaults(order)
        if let account = order.customer.account, let refusal = refusal(account, order) { return refusal }
        guard let first = faults.first else { return nil }
        let more = faults.count > 1 ? " (and \(faults.count - 1) more)" : ""
        return .rejected(first.rule, first.sentence + more, faults: faults)
    }

    /// Final answers of the business, which no correction of the order changes.
    private func refusal(_ account: String, _ order: IncomingOrder) -> Problem? {
        switch standing {
        case .closed: .declined("account.closed", "Account \(account) is closed.")
        case .prepayOnly where order.payment.method == "purchase-order":
            .declined("terms.prepay-only", "Account \(account) orders against prepayment only.")
        default: nil
        }
    }

    private func customerFaults(_ order: IncomingOrder) -> [Problem.Fault] {
        if let account = order.customer.account {
            guard standing == nil else { return [] }
            return [fault("/customer/account", "account.unknown", account, "There is no account \(account).")]
        }
        let registration = order.customer.registration ?? ""
        return [
            fault("/customer/registration", "account.unknown", registration, "The customer has no account yet.")
        ]
    }

    private func lineFaults(_ order: IncomingOrder) throws -> [Problem.Fault] {
        guard !order.lines.isEmpty else {
            return [fault("/lines", "order.empty", "", "An order needs at least one line.")]
        }
        var seen: Set<String> = []
        return try order.lines.enumerated().flatMap { index, line in
            let isFirst = seen.insert(line.id).inserted
            return try faults(in: line, at: "/lines/\(index)", isFirst: isFirst)
        }
    }

    private func faults(in line: IncomingOrder.Line, at pointer: String, isFirst: Bool) throws -> [Problem.Fault] {
        var faults: [Problem.Fault] = []
        if !isFirst {
            faults.append(fault(pointer + "/id", "line.repeated", line.id, "Two lines have the id \(line.id)."))
        }
        // Products that came later are known to the books alone.
        if try masterData.supply(of: line.sku) == nil && books.object(.products, line.sku) == nil {
            faults.append(fault(pointer + "/sku", "sku.unknown", line.sku, "There is no product \(line.sku)."))
        }
        if ExactDecimal(line.quantity).map({ $0 <= .zero }) ?? true {
            faults.append(
                fault(pointer + "/quantity", "quantity.invalid", line.quantity, "The quantity has to be above zero."))
        }
        return faults
    }

    private func fault(_ pointer: String, _ rule: String, _ value: String, _ sentence: String) -> Problem.Fault {
        Problem.Fault(pointer: pointer, rule: rule, value: String(value.prefix(200)), sentence: sentence)
    }
}
