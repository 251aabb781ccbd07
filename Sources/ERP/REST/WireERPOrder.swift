internal import Models

/// An order as the ERP states it. Every field that is not optional here is required of the ERP.
struct WireERPOrder: Decodable {
    var erpNumber: String
    /// Absent on an order that was keyed in the ERP.
    var storeNumber: String?
    var storeRevision: Int64?
    var version: Int64
    var state: String
    var reason: WireReason?
    var lines: [WireLineStatus]
    /// Present exactly on an order that was keyed in the ERP.
    var offline: WireOfflineOrder?

    /// Nil when a value is outside what the interface allows.
    func value() -> ERPOrder? {
        guard let storeNumber, let storeRevision, storeRevision >= 1, version >= 1, !erpNumber.isEmpty,
            let state = OrderStatus.State(rawValue: state)
        else { return nil }
        let lines = self.lines.compactMap { $0.value() }
        guard lines.count == self.lines.count else { return nil }
        return ERPOrder(
            erpNumber: erpNumber, storeNumber: storeNumber, storeRevision: storeRevision, version: version,
            state: state, reason: reason?.value, lines: lines)
    }
}

/// A stable code and a sentence.
struct WireReason: Decodable {
    var code: String
    var text: String

    var value: OrderStatus.Reason { OrderStatus.Reason(code: code, text: text) }
}

/// What the ERP says of one line.
struct WireLineStatus: Decodable {
    struct Quantities: Decodable {
        var ordered: String
        var allocated: String
        var shipped: String
        var backordered: String
    }

    var lineId: String
    var sku: String
    var status: String
    var quantities: Quantities
    var warehouse: String?
    var promisedDate: String?
    var substituteSku: String?
    var reason: WireReason?

    func value() -> LineStatus? {
        guard let status = LineStatus.Status(rawValue: status), let quantities = quantities.value() else { return nil }
        let promised = promisedDate.map { CalendarDate($0) }
        if case .some(nil) = promised { return nil }
        return LineStatus(
            lineID: lineId, sku: sku, status: status, quantities: quantities, warehouse: warehouse,
            promisedDate: promised ?? nil, substituteSKU: substituteSku, reason: reason?.value)
    }
}

extension WireLineStatus.Quantities {
    func value() -> LineStatus.Quantities? {
        guard let ordered = ExactDecimal(ordered), let allocated = ExactDecimal(allocated),
            let shipped = ExactDecimal(shipped), let backordered = ExactDecimal(backordered)
        else { return nil }
        guard ![ordered, allocated, shipped, backordered].contains(where: \.isNegative) else { return nil }
        return LineStatus.Quantities(
            ordered: ordered, allocated: allocated, shipped: shipped, backordered: backordered)
    }
}
