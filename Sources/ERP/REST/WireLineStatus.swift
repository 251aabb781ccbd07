internal import Models

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
    var warehouse: Part<String>?
    var promisedDate: Part<String>?
    var substituteSku: Part<String>?
    var reason: Part<WireReason>?

    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> LineStatus {
        guard let status = LineStatus.Status(rawValue: status) else {
            throw WireFault("\(path)/status", "is \"\(status.prefix(64))\", which the interface does not know")
        }
        let substitute = gaps.text(substituteSku, "\(path)/substituteSku", WireText.key)
        guard status != .substituted || substitute != nil else {
            throw WireFault("\(path)/substituteSku", "is missing, and the line is substituted")
        }
        return LineStatus(
            lineID: try WireText.key(lineId, "\(path)/lineId"),
            sku: try WireText.key(sku, "\(path)/sku"),
            status: status,
            quantities: try quantities.value("\(path)/quantities"),
            warehouse: gaps.text(warehouse, "\(path)/warehouse", WireText.key),
            promisedDate: gaps.text(promisedDate, "\(path)/promisedDate", WireForm.day),
            substituteSKU: substitute,
            reason: gaps.read(reason, "\(path)/reason"))
    }
}

extension WireLineStatus.Quantities {
    func value(_ path: String) throws(WireFault) -> LineStatus.Quantities {
        LineStatus.Quantities(
            ordered: try WireQuantity.read(ordered, "\(path)/ordered"),
            allocated: try WireQuantity.read(allocated, "\(path)/allocated"),
            shipped: try WireQuantity.read(shipped, "\(path)/shipped"),
            backordered: try WireQuantity.read(backordered, "\(path)/backordered"))
    }
}

/// Decimals within the contract's bounds.
enum WireQuantity {
    private static let largest: Int64 = 1_000_000_000
    private static let decimals = 6

    /// Zero or more, at most a milliard, up to six decimals that mean something.
    static func read(_ text: String, _ path: String) throws(WireFault) -> ExactDecimal {
        let value = try decimal(text, path)
        guard let largest = ExactDecimal(largest), value <= largest else {
            throw WireFault(path, "is above \(largest)")
        }
        return value
    }

    /// The same without zero.
    static func positive(_ text: String, _ path: String) throws(WireFault) -> ExactDecimal {
        let value = try read(text, path)
        guard !value.isZero else { throw WireFault(path, "is 0") }
        return value
    }

    /// Zero or more, of any size, up to six decimals that mean something.
    static func decimal(_ text: String, _ path: String) throws(WireFault) -> ExactDecimal {
        let value = try signed(text, path)
        guard !value.isNegative else { throw WireFault(path, "is below 0") }
        return value
    }

    /// The same, or below zero.
    static func signed(_ text: String, _ path: String) throws(WireFault) -> ExactDecimal {
        let value = try exact(text, path)
        guard value.scale > decimals else { return value }
        guard value.significantScale <= decimals, let short = value.rounded(to: decimals) else {
            throw WireFault(path, "has more than \(decimals) decimals")
        }
        return short
    }

    /// With all its decimals.
    static func exact(_ text: String, _ path: String) throws(WireFault) -> ExactDecimal {
        guard let value = ExactDecimal(text) else { throw WireFault(path, "is not a decimal") }
        return value
    }
}
