import ERP
import Models

enum Fixture {
    /// An order that the simulator accepts, unless told otherwise.
    static func order(
        _ number: String = "100001",
        revision: Int64 = 1,
        account: String = "C-10010",
        skus: [String] = ["FST-0001"],
        quantity: String = "2",
        payment: Payment = .purchaseOrder
    ) -> Order {
        guard let address else { preconditionFailure("US is not a country") }
        let lines = skus.enumerated().map { line($1, id: String($0 + 1), quantity: decimal(quantity)) }
        let goods = lines.reduce(ExactDecimal.zero) { $0.adding($1.amount) ?? $0 }
        return Order(
            number: number, revision: revision, customer: .account(account),
            contact: Contact(name: "Ada Buyer", email: "ada@example.com", phone: "+1 555 0100"),
            purchaseOrderNumber: "PO-\(number)", shipTo: address, billTo: address, shippingMethod: "ground",
            requestedDate: CalendarDate("2026-12-01"), preferredWarehouse: nil, payment: payment, currency: .usd,
            lines: lines,
            totals: OrderTotals(goods: goods, discount: .zero, shipping: .zero, tax: .zero, total: goods),
            fallbacks: [])
    }

    static func decimal(_ text: String) -> ExactDecimal { ExactDecimal(text) ?? .zero }

    /// The codes are on the list; were they not, every test here would say so.
    private static let address = CountryCode("US").map {
        Address(
            company: "Globex", name: "Dock 3", street: ["400 Dock Road"], city: "Newark", region: "NJ",
            postalCode: "07114", country: $0)
    }

    private static func line(_ sku: String, id: String, quantity: ExactDecimal) -> OrderLine {
        let price = decimal("4.00")
        return OrderLine(
            id: id, sku: sku, quantity: quantity, unit: .one, unitPrice: price,
            amount: quantity.multiplied(by: price, roundedTo: 2) ?? .zero)
    }
}

extension ERPError {
    var isUnknown: Bool { mayHaveBeenApplied }

    var isUnavailable: Bool {
        if case .unavailable = self { return true }
        return false
    }
}

/// The error of a call, nil when it succeeded.
func failure<Value>(_ body: () async throws(ERPError) -> Value) async -> ERPError? {
    do throws(ERPError) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}
