extension ERPModel {
    /// Accounts and prices, with what there may be several of.
    var accountRows: [String] {
        let accounts = customers.map(Self.row(customer:)) + customers.flatMap(Self.people(of:))
        return accounts + customers.flatMap(Self.choice(of:)) + prices.flatMap(Self.rows(prices:))
    }

    private static func row(customer: JSONNode) -> String {
        let (terms, hold) = (customer.part("terms"), customer.part("hold"))
        let left = creditLeft(customer)
        let (credit, millionths): (String?, String?) = (left.map { money($0) }, left.map { String($0 * 10_000) })
        let seesEverything = customer.has("assortment") ? "0" : "1"
        let row: [String: String?] = [
            "account": customer["account"], "name": customer["name"], "tax_id": customer["taxId"],
            "currency": customer["currency"], "terms_code": terms["code"], "terms": terms["text"],
            "net_days": terms["netDays"], "purchase_order_allowed": customer["purchaseOrderAllowed"],
            "credit_limit": customer["creditLimit"], "credit_used": customer["creditUsed"],
            "credit_left": credit, "credit_left_micro": millionths, "hold_code": hold["code"],
            "hold_reason": hold["text"], "sees_everything": seesEverything, "active": customer["active"],
            "revision": customer["version"], "changed_at": customer["changedAt"],
        ]
        return ShownTable.customer.line(row.merging(address(customer.part("billTo"), "bill_to_")) { $1 })
    }

    /// Places and persons.
    private static func people(of customer: JSONNode) -> [String] {
        let account = customer["account"]
        let places = customer.parts("shipTos").enumerated().map { position, place in
            let key: [String: String?] = ["account": account, "id": place["id"], "position": String(position)]
            return ShownTable.shipTo.line(key.merging(address(place.part("address"))) { $1 })
        }
        let contacts = customer.parts("contacts").enumerated().map { position, contact in
            let row: [String: String?] = [
                "account": account, "position": String(position), "name": contact["name"], "email": contact["email"],
                "phone": contact["phone"],
            ]
            return ShownTable.contact.line(row)
        }
        return places + contacts
    }

    /// Price lists, and what it may see.
    private static func choice(of customer: JSONNode) -> [String] {
        let (account, assortment) = (customer["account"], customer.part("assortment"))
        let lists = customer.texts("priceLists").enumerated().map { position, list in
            let row: [String: String?] = ["account": account, "position": String(position), "price_list": list]
            return ShownTable.customerPriceList.line(row)
        }
        let groups = assortment.texts("groups").map { group in
            ShownTable.customerGroup.line(["account": account, "product_group": group])
        }
        let excluded = Set(assortment.texts("excludedSkus"))
        let skus = excluded.union(assortment.texts("skus")).map { sku in
            let isExcluded = excluded.contains(sku) ? "1" : "0"
            return ShownTable.customerSKU.line(["account": account, "sku": sku, "excluded": isExcluded])
        }
        return lists + groups + skus
    }

    private static func rows(prices: JSONNode) -> [String] {
        let kind = prices.has("account") ? "account" : "price-list"
        let holder: String? = prices["account"] ?? prices["priceList"]
        let (part, end) = (prices["part"] ?? "", prices["validUntil"] ?? "9999-12-31")
        let version: [String: String?] = [
            "holder_kind": kind, "holder": holder, "price_version": prices["priceVersion"], "part": part,
        ]
        let validity: [String: String?] = [
            "currency": prices["currency"], "valid_from": prices["validFrom"], "valid_until": end,
            "revision": prices["version"], "changed_at": prices["changedAt"],
        ]
        let lines = prices.parts("prices").map { price in
            let (least, millionths) = (price["fromQuantity"] ?? "0", micro(price.number("fromQuantity") ?? 0))
            let row: [String: String?] = [
                "sku": price["sku"], "minimum_quantity": least, "minimum_micro": millionths, "unit": price["unit"],
                "unit_price": price["price"],
            ]
            return ShownTable.price.line(version.merging(row) { $1 })
        }
        return [ShownTable.priceVersion.line(version.merging(validity) { $1 })] + lines
    }

    /// What is left of an account's credit, in cents; nil without a limit.
    static func creditLeft(_ customer: JSONNode) -> Int64? {
        guard let limit = cents(customer["creditLimit"]), let used = cents(customer["creditUsed"]) else { return nil }
        return limit - used
    }

    /// 1250 of `12.50`: the simulated company writes every amount with two decimals.
    private static func cents(_ amount: String?) -> Int64? {
        guard let amount, amount.dropLast(2).hasSuffix(".") else { return nil }
        return Int64(amount.replacing(".", with: ""))
    }

    private static func money(_ cents: Int64) -> String {
        let digits = String(cents.magnitude)
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        let sign = cents < 0 ? "-" : ""
        return "\(sign)\(padded.dropLast(2)).\(padded.suffix(2))"
    }
}
