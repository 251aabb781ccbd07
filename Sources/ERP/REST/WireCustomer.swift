internal import Models

/// An account as the ERP states it. Persons and places that can not be read are left out; nothing is that keeps the account
/// from something, such as a hold, a limit or an assortment.
struct WireCustomer: Decodable {
    struct Place: Decodable {
        var id: String
        var address: WirePlace

        var value: ShipTo? {
            guard let id = try? WireText.key(id, ""), let address = try? address.value("") else { return nil }
            return ShipTo(id: id, address: address)
        }
    }

    struct Terms: Decodable {
        var code: String
        var text: Part<String>?
        var netDays: Part<Int64>?

        var value: PaymentTerms? {
            guard let code = try? WireText.key(code, "") else { return nil }
            return PaymentTerms(
                code: code, text: text?.value.map { WireText.free($0, atMost: 500) }, netDays: netDays?.value)
        }
    }

    struct Goods: Decodable {
        var groups: [String]?
        var skus: [String]?
        var excludedSkus: [String]?

        func value(_ path: String) throws(WireFault) -> Assortment {
            Assortment(
                groups: try WireKeys.all(groups, "\(path)/groups"), skus: try WireKeys.all(skus, "\(path)/skus"),
                excludedSKUs: try WireKeys.all(excludedSkus, "\(path)/excludedSkus"))
        }
    }

    var account: String
    var version: Int64
    var name: String
    var taxId: Part<String>?
    var billTo: Part<WirePlace>?
    var shipTos: Part<WireList<Place>>?
    var contacts: Part<WireList<WireContact>>?
    var currency: String
    var terms: Part<Terms>?
    var purchaseOrderAllowed: Bool
    var creditLimit: String?
    var creditUsed: String
    var hold: WireReason?
    var priceLists: [String]?
    var assortment: Goods?
    var active: Bool
}

extension WireCustomer: WireObject {
    struct Key: WireKey {
        var account: String

        var text: String? { try? WireText.key(account, "") }
    }

    func change() throws(WireFault) -> ERPChange { .customer(try WireContract.kept(value())) }

    private func value() throws(WireFault) -> Customer {
        guard let currency = Currency(currency) else { throw WireFault("currency", "is no currency") }
        return Customer(
            account: try WireText.key(account, "account"),
            revision: try WireERPOrder.counter(version, "version"),
            name: WireText.free(name, atMost: 250),
            taxID: WireText.optionalKey(taxId),
            billTo: billTo?.value.flatMap { try? $0.value("") },
            shipTos: (shipTos?.value?.elements ?? []).compactMap(\.value),
            contacts: (contacts?.value?.elements ?? []).compactMap(\.sound),
            currency: currency,
            terms: terms?.value?.value,
            isPurchaseOrderAllowed: purchaseOrderAllowed,
            creditLimit: try limit(),
            creditUsed: try Self.amount(creditUsed, "creditUsed"),
            hold: hold?.value,
            priceLists: try WireKeys.all(priceLists, "priceLists"),
            assortment: try goods(),
            isActive: active)
    }

    private func limit() throws(WireFault) -> ExactDecimal? {
        guard let creditLimit else { return nil }
        return try Self.amount(creditLimit, "creditLimit")
    }

    private func goods() throws(WireFault) -> Assortment? {
        guard let assortment else { return nil }
        return try assortment.value("assortment")
    }

    private static func amount(_ text: String, _ path: String) throws(WireFault) -> ExactDecimal {
        guard let amount = ExactDecimal(text) else { throw WireFault(path, "is not a decimal") }
        return amount
    }
}

extension WireContact {
    /// Nil when nobody can be asked that way.
    fileprivate var sound: Contact? {
        let name = WireText.free(name, atMost: 120)
        let parts = email.split(separator: "@", omittingEmptySubsequences: false)
        guard !name.isEmpty, parts.count == 2, !parts.contains(""), email.unicodeScalars.count <= 254 else {
            return nil
        }
        return Contact(name: name, email: email, phone: phone?.value.map { WireText.free($0, atMost: 40) })
    }
}
