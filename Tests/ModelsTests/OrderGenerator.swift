import Models

/// Makes valid orders of every shape, the same ones for the same seed. Totals are reckoned in whole minor units, apart from
/// the code under test.
struct OrderGenerator {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func order() -> Order {
        let currency = pick(["USD", "EUR", "JPY", "BHD", "KWD", "CHF"].compactMap { Currency($0) }, .usd)
        let lines = (1...Int.random(in: 1...12, using: &generator)).map { line($0, currency) }
        let goods = lines.reduce(0) { $0 + $1.minor }
        let (discount, shipping, tax) = (number(0...goods), number(0...5000), number(0...9000))
        var order = Order(
            number: key(), revision: Int64(number(1...(1 << 40))),
            customer: flip() ? .account(key()) : .registration(key()),
            contact: Contact(name: text(), email: "a@\(text())", phone: flip() ? text() : nil), shipTo: address(),
            billTo: address(), shippingMethod: key(), payment: flip() ? .purchaseOrder : .prepaid(reference: key()),
            currency: currency, lines: lines.map(\.line),
            totals: OrderTotals(
                goods: money(goods, currency), discount: money(discount, currency), shipping: money(shipping, currency),
                tax: money(tax, currency), total: money(goods - discount + shipping + tax, currency)))
        if order.payment == .purchaseOrder || flip() { order.purchaseOrderNumber = key() }
        if flip() {
            order.requestedDate = CalendarDate(year: number(1...9999), month: number(1...12), day: number(1...28))
        }
        if flip() { order.preferredWarehouse = key() }
        if flip() {
            let isCached = flip()
            order.fallbacks = [
                QuoteFallback(question: .tax, basis: isCached ? .cached : .estimated, asOf: isCached ? time() : nil)
            ]
        }
        return order
    }

    /// An answer to an order that is nowhere.
    mutating func status() -> OrderStatus {
        let state = pick(OrderStatus.State.allCases, .accepted)
        return OrderStatus(
            number: key(), revision: Int64(number(1...(1 << 40))), erpNumber: flip() ? key() : nil,
            answeredRevision: Int64(number(1...99)), state: state,
            reason: state == .rejected || flip() ? reason() : nil,
            lines: (0..<number(0...12)).map { lineStatus("\($0)", key()) })
    }

    /// An order of the ERP's own, with a status for each line.
    mutating func offline() -> OfflineOrder {
        let order = self.order()
        var account = key()
        if case .account(let number) = order.customer { account = number }
        return OfflineOrder(
            number: order.number, revision: order.revision, account: account, contact: flip() ? order.contact : nil,
            purchaseOrderNumber: order.purchaseOrderNumber, placedAt: time(), shipTo: order.shipTo,
            billTo: flip() ? order.billTo : nil, shippingMethod: flip() ? order.shippingMethod : nil,
            requestedDate: order.requestedDate, preferredWarehouse: order.preferredWarehouse,
            payment: flip() ? order.payment : nil, currency: order.currency, lines: order.lines, totals: order.totals,
            state: pick(OrderStatus.State.allCases, .accepted), reason: flip() ? reason() : nil,
            lineStatuses: order.lines.reversed().map { lineStatus($0.id, $0.sku) })
    }

    /// The body of an order, a status or an offline order.
    mutating func body(_ kind: Int) -> [UInt8] {
        switch kind {
        case 0:
            let order = self.order()
            return MessageWriter().write(envelope(for: order), order)
        case 1:
            let status = self.status()
            return MessageWriter().write(envelope(for: status), status)
        default:
            let offline = self.offline()
            return MessageWriter().write(envelope(for: offline), offline)
        }
    }

    private mutating func lineStatus(_ id: String, _ sku: String) -> LineStatus {
        let status = pick(LineStatus.Status.allCases, .accepted)
        return LineStatus(
            lineID: id, sku: sku, status: status,
            quantities: LineStatus.Quantities(
                ordered: decimal(number(0...9999), number(0...6)), allocated: decimal(number(0...9999), number(0...6)),
                shipped: decimal(number(0...9999), number(0...6)), backordered: decimal(number(0...9999), 0)),
            warehouse: flip() ? key() : nil,
            promisedDate: flip() ? CalendarDate(year: number(1...9999), month: number(1...12), day: 28) : nil,
            substituteSKU: status == .substituted || flip() ? key() : nil, reason: flip() ? reason() : nil)
    }

    private mutating func reason() -> OrderStatus.Reason {
        OrderStatus.Reason(code: key(), text: flip() ? text() : "")
    }

    mutating func envelope(for payload: some Payload) -> Envelope {
        let type =
            switch payload {
            case is OrderStatus: Catalogue.orderStatus
            case is OfflineOrder: Catalogue.orderOffline
            default: pick([Catalogue.orderPlaced, Catalogue.orderAmended], Catalogue.orderCancelled)
            }
        var envelope = Envelope(for: payload, as: type, source: "store:\(number(1...99))", time: time())
        if flip() { envelope.replayOf = key() }
        if flip() { envelope.extensions = ["partitionkey": text(), "sequence": "7"] }
        return envelope
    }

    private mutating func line(_ index: Int, _ currency: Currency) -> (line: OrderLine, minor: Int) {
        let (quantityScale, priceScale) = (number(0...3), number(0...6))
        let (quantity, price) = (number(1...1_000_000), number(0...9_999_999))
        // quantity x price in minor units, rounded half up: all of it non-negative integers.
        let product = Int128(quantity) * Int128(price) * Int128(power(currency.minorUnits))
        let divisor = Int128(power(quantityScale + priceScale))
        let minor = Int((product * 2 + divisor) / (divisor * 2))
        let line = OrderLine(
            id: "\(index)", sku: key(), quantity: decimal(quantity, quantityScale),
            unit: pick(["C62", "MTR", "KGM", "XBX"].compactMap { UnitCode($0) }, .one),
            unitPrice: decimal(price, priceScale), amount: money(minor, currency), priceVersion: flip() ? key() : nil)
        return (line, minor)
    }

    private mutating func address() -> Address {
        Address(
            company: flip() ? text() : nil, name: text(), street: (0...number(0...3)).map { _ in text() }, city: text(),
            region: flip() ? text() : nil, postalCode: flip() ? "98101" : nil,
            country: Self.countries[number(0...2)])
    }

    private static let countries = ["DE", "US", "JP"].compactMap { CountryCode($0) }

    private mutating func time() -> Timestamp {
        Timestamp(microseconds: Int64.random(in: -60_000_000_000_000_000...250_000_000_000_000_000, using: &generator))
            ?? .epoch
    }

    private mutating func key() -> String {
        let alphabet = Array("ABCXYZabc0189-_/.'\"\\<>&äß日本😀e\u{301}")
        return String((0..<number(1...20)).map { _ in pick(alphabet, "x") })
    }

    private mutating func text() -> String {
        let alphabet = Array("Aaz 09\"\\/\n\r\t\u{1}\u{7F}é漢😀\u{202E}\u{2028}\u{FEFF}")
        return "t" + String((0..<number(0...30)).map { _ in pick(alphabet, "x") })
    }

    private mutating func flip() -> Bool { Bool.random(using: &generator) }
    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    private mutating func pick<Element>(_ elements: [Element], _ other: Element) -> Element {
        elements.randomElement(using: &generator) ?? other
    }

    private func money(_ minor: Int, _ currency: Currency) -> ExactDecimal { decimal(minor, currency.minorUnits) }

    private func decimal(_ units: Int, _ scale: Int) -> ExactDecimal {
        ExactDecimal(units: Int64(units), scale: scale) ?? .zero
    }

    private func power(_ exponent: Int) -> Int {
        (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
}
