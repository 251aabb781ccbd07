internal import Models

/// A part of a version of a list's or an account's prices, as the ERP states it. Nothing of it may be dropped: a price
/// without its quantity or its end would hold where it must not.
struct WirePrices: Decodable {
    struct Line: Decodable {
        var sku: String
        var fromQuantity: String?
        var unit: String
        var price: String

        func value(_ path: String) throws(WireFault) -> ContractPrice {
            var from: ExactDecimal?
            if let fromQuantity { from = try WireQuantity.read(fromQuantity, "\(path)/fromQuantity") }
            return ContractPrice(
                sku: try WireText.key(sku, "\(path)/sku"), minimumQuantity: from,
                unit: try WireForm.unit(unit, "\(path)/unit"),
                unitPrice: try WireQuantity.decimal(price, "\(path)/price"))
        }
    }

    var account: String?
    var priceList: String?
    var priceVersion: String
    var part: String?
    var version: Int64
    var currency: String
    var validFrom: String
    var validUntil: String?
    var prices: [Line]
}

extension WirePrices: WireObject {
    struct Key: WireKey {
        var account: String?
        var priceList: String?
        var priceVersion: String
        var part: String?

        var text: String? {
            guard let holder = try? WirePrices.holder(account, priceList),
                let version = try? WireText.key(priceVersion, "")
            else { return nil }
            guard let part else { return SubjectKey.joined(holder.kind, holder.key, version) }
            return (try? WireText.key(part, "")).map { SubjectKey.joined(holder.kind, holder.key, version, $0) }
        }
    }

    func change(_ gaps: inout WireGaps) throws(WireFault) -> ERPChange { .prices(try WireContract.kept(value())) }

    private func value() throws(WireFault) -> ContractPrices {
        var end: CalendarDate?
        if let validUntil { end = try WireForm.day(validUntil, "validUntil") }
        return ContractPrices(
            holder: try Self.holder(account, priceList),
            priceVersion: try WireText.key(priceVersion, "priceVersion"),
            part: try partValue(),
            revision: try WireERPOrder.counter(version, "version"),
            currency: try WireForm.currency(currency, "currency"),
            validFrom: try WireForm.day(validFrom, "validFrom"),
            validUntil: end,
            prices: try lines())
    }

    private func partValue() throws(WireFault) -> String? {
        guard let part else { return nil }
        return try WireText.key(part, "part")
    }

    private func lines() throws(WireFault) -> [ContractPrice] {
        var lines: [ContractPrice] = []
        lines.reserveCapacity(prices.count)
        for (index, line) in prices.enumerated() { lines.append(try line.value("prices/\(index)")) }
        return lines
    }

    private static func holder(_ account: String?, _ priceList: String?) throws(WireFault) -> PriceHolder {
        switch (account, priceList) {
        case (let account?, nil): .account(try WireText.key(account, "account"))
        case (nil, let list?): .priceList(try WireText.key(list, "priceList"))
        case (nil, nil): throw WireFault("account", "is missing, and priceList too")
        case (_?, _?): throw WireFault("priceList", "is there beside account")
        }
    }
}
