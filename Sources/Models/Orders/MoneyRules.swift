/// What the lines and totals of an order owe each other, to the minor unit.
struct MoneyRules {
    let currency: Currency
    let lines: [OrderLine]
    let totals: OrderTotals

    func check(_ faults: inout FaultList) {
        UniqueIDs.check(lines, list: "lines", member: "id", &faults) { $0.id }
        guard faults.isSound(.name("currency")) else { return }
        checkLines(&faults)
        guard faults.isSound(.name("totals")) else { return }
        checkTotalsDecimals(&faults)
        if faults.isSound(.name("lines")) { checkGoods(&faults) }
        checkTotal(&faults)
    }

    private func checkLines(_ faults: inout FaultList) {
        for (index, line) in lines.enumerated() where faults.isSound(.name("lines"), .index(index)) {
            if line.amount.scale > currency.minorUnits {
                faults.report(
                    "scale", at: .name("lines"), .index(index), .name("amount"), value: line.amount.description,
                    says: CurrencyDecimals.predicate(currency))
            } else if !line.amount.isWithin(one: currency.minorUnits, of: line.quantity, times: line.unitPrice) {
                let product = line.quantity.multiplied(by: line.unitPrice, roundedTo: currency.minorUnits)
                faults.report(
                    "reconcile", at: .name("lines"), .index(index), .name("amount"), value: line.amount.description,
                    says: "must be quantity x unitPrice" + (product.map { ", about \($0)" } ?? ""))
            }
        }
    }

    private func checkTotalsDecimals(_ faults: inout FaultList) {
        guard totals.largestScale > currency.minorUnits else { return }
        for (name, amount) in totals.named where amount.scale > currency.minorUnits {
            faults.report(
                CurrencyDecimals.rule, at: .name("totals"), .name(name), value: amount.description,
                says: CurrencyDecimals.predicate(currency))
        }
    }

    private func checkGoods(_ faults: inout FaultList) {
        let sum = lines.reduce(0 as Int128) { $0 &+ $1.amount.billionths }
        guard sum != totals.goods.billionths else { return }
        report(sum, not: totals.goods, at: "goods", "must be the sum of the lines' amounts", &faults)
    }

    private func checkTotal(_ faults: inout FaultList) {
        let sum =
            totals.goods.billionths &- totals.discount.billionths &+ totals.shipping.billionths &+ totals.tax.billionths
        guard sum != totals.total.billionths else { return }
        report(sum, not: totals.total, at: "total", "must be goods - discount + shipping + tax", &faults)
    }

    private func report(
        _ sum: Int128, not amount: ExactDecimal, at name: StaticString, _ predicate: String, _ faults: inout FaultList
    ) {
        let expected = ExactDecimal(exactly: sum, scale: ExactDecimal.maximumScale)?.rounded(to: currency.minorUnits)
        faults.report(
            "reconcile", at: .name("totals"), .name(name), value: amount.description,
            says: predicate + (expected.map { ", \($0)" } ?? ""))
    }

    /// The part of the rules that a schema can say: how many decimals the currency allows.
    static func describe(_ fields: inout some FieldVisitor) {
        CurrencyDecimals.describe(&fields) { amount in
            [
                "lines": ["items": ["properties": ["amount": amount]]],
                "totals": ["properties": .object(OrderTotals.blank.named.map { ($0.name.description, amount) })],
            ]
        }
    }
}

extension OrderTotals {
    fileprivate var largestScale: Int {
        max(goods.scale, discount.scale, shipping.scale, tax.scale, total.scale)
    }

    fileprivate var named: [(name: StaticString, amount: ExactDecimal)] {
        [("goods", goods), ("discount", discount), ("shipping", shipping), ("tax", tax), ("total", total)]
    }
}

extension ExactDecimal {
    /// Whether this is the product give or take 10^-`decimals`, all of it exact.
    fileprivate func isWithin(one decimals: Int, of left: ExactDecimal, times right: ExactDecimal) -> Bool {
        let productScale = left.scale + right.scale
        let scale = max(productScale, self.scale, decimals)
        let product = Int128(left.units) &* Int128(right.units) &* Int128(Self.powerOfTen(scale - productScale))
        let amount = Int128(units) &* Int128(Self.powerOfTen(scale - self.scale))
        return (amount &- product).magnitude <= UInt128(Self.powerOfTen(scale - decimals))
    }
}
