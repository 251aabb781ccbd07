internal import Models

/// An account as the ERP states it. Persons, places and terms that can not be read are left out; nothing is that keeps the
/// account from something, such as a hold, a limit or an assortment.
struct WireCustomer: Decodable {
    struct Place: WirePart {
        var id: String
        var address: WirePlace

        func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> ShipTo {
            ShipTo(
                id: try WireText.key(id, "\(path)/id"), address: try address.value("\(path)/address", &gaps))
        }
    }

    struct Terms: WirePart {
        var code: String
        var text: Part<String>?
        var netDays: Part<WireDays>?

        func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> PaymentTerms {
            PaymentTerms(
                code: try WireText.key(code, "\(path)/code"), text: gaps.free(text, "\(path)/text", atMost: 500),
                netDays: gaps.read(netDays, "\(path)/netDays"))
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

    func change(_ gaps: inout WireGaps) throws(WireFault) -> ERPChange {
        .customer(try WireContract.kept(value(&gaps)))
    }

    private func value(_ gaps: inout WireGaps) throws(WireFault) -> Customer {
        Customer(
            account: try WireText.key(account, "account"),
            revision: try WireERPOrder.counter(version, "version"),
            name: WireText.free(name, atMost: 250),
            taxID: gaps.text(taxId, "taxId", WireText.key),
            billTo: gaps.read(billTo, "billTo"),
            shipTos: gaps.list(shipTos, "shipTos"),
            contacts: gaps.list(contacts, "contacts"),
            currency: try WireForm.currency(currency, "currency"),
            terms: gaps.read(terms, "terms"),
            isPurchaseOrderAllowed: purchaseOrderAllowed,
            creditLimit: try limit(),
            creditUsed: try WireQuantity.exact(creditUsed, "creditUsed"),
            hold: hold?.value("hold", &gaps),
            priceLists: try WireKeys.all(priceLists, "priceLists"),
            assortment: try goods(),
            isActive: active)
    }

    private func limit() throws(WireFault) -> ExactDecimal? {
        guard let creditLimit else { return nil }
        return try WireQuantity.exact(creditLimit, "creditLimit")
    }

    private func goods() throws(WireFault) -> Assortment? {
        guard let assortment else { return nil }
        return try assortment.value("assortment")
    }
}
