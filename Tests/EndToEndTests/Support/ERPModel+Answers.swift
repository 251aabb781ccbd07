extension ERPModel {
    var accounts: [String] { customers.compactMap { $0["account"] }.sorted() }

    /// Products to ask for: some by chance, those that an account has prices of its own for, and two that assortments
    /// name and leave out.
    func sample(of count: Int, using random: inout some RandomNumberGenerator) -> [String] {
        let all = products.compactMap { $0["sku"] }.sorted().shuffled(using: &random)
        let agreed = prices.filter { $0.has("account") }.flatMap { $0.parts("prices") }.compactMap { $0["sku"] }
        return Set(Array(all.prefix(count)) + agreed + ["FST-0001", "GLV-01-M"]).sorted()
    }

    /// What may be promised once no order is on its way: what is left, wherever the store has no demand of its own.
    var availabilityRows: [String] {
        let products = Dictionary(products.map { ($0["sku"] ?? "", $0) }) { first, _ in first }
        return stock.map { stock in
            let product = products[stock["sku"] ?? ""] ?? .null
            let left: String? = Self.available(stock).map { Self.micro($0) }
            let receipt: String? = Self.nextReceipt(stock) ?? product["nextReceipt"]
            let leadTime: String? = stock["leadTimeDays"] ?? product["leadTimeDays"]
            let row: [String: String?] = [
                "sku": stock["sku"], "warehouse": stock["warehouse"], "unit": stock["unit"], "promise_micro": left,
                "available_micro": left, "demand_micro": "0", "buffer_micro": "0",
                "next_receipt_date": receipt, "lead_time_days": leadTime,
            ]
            return ShownTable.availability.line(row)
        }
    }

    /// Who may pay by purchase order once the ERP has stated every account after its last order.
    var purchaseOrderRows: [String] {
        customers.map { customer in
            let (terms, hold) = (customer.part("terms"), customer.part("hold"))
            let isSound = Self.isTrue(customer["active"]) && Self.isTrue(customer["purchaseOrderAllowed"])
            let mayPay = isSound && !customer.has("hold") ? "1" : "0"
            let reason: String? = isSound ? hold["text"] : nil
            let left: String? = Self.creditLeft(customer).map { String($0 * 10_000) }
            let row: [String: String?] = [
                "account": customer["account"], "may_pay": mayPay, "reason_code": Self.refusal(customer),
                "reason": reason, "credit_left_micro": left, "owed_micro": "0",
                "currency": customer["currency"], "terms_code": terms["code"], "terms": terms["text"],
                "net_days": terms["netDays"],
            ]
            return ShownTable.purchaseOrder.line(row)
        }
    }

    private static func refusal(_ customer: JSONNode) -> String? {
        guard isTrue(customer["active"]) else { return "account.inactive" }
        guard isTrue(customer["purchaseOrderAllowed"]) else { return "purchase-order.not-allowed" }
        return customer.part("hold")["code"]
    }

    /// What each account may see and buy of these products.
    func assortmentRows(of skus: [String]) -> Set<String> {
        let wanted = Set(skus)
        let products = products.filter { wanted.contains($0["sku"] ?? "") }
        var rows: Set<String> = []
        for customer in customers {
            for product in products { rows.insert(Self.row(of: product, for: customer)) }
        }
        return rows
    }

    private static func row(of product: JSONNode, for customer: JSONNode) -> String {
        let isSeen = sees(product, customer)
        let (maySee, mayBuy) = (isSeen ? "1" : "0", isSeen && isTrue(customer["active"]) ? "1" : "0")
        let row: [String: String?] = [
            "account": customer["account"], "sku": product["sku"], "name": product["name"], "may_see": maySee,
            "may_buy": mayBuy,
        ]
        return ShownTable.assortment.line(row)
    }

    private static func sees(_ product: JSONNode, _ customer: JSONNode) -> Bool {
        let (assortment, sku) = (customer.part("assortment"), product["sku"] ?? "")
        guard isTrue(product["active"]) else { return false }
        guard customer.has("assortment") else { return true }
        guard !assortment.texts("excludedSkus").contains(sku) else { return false }
        let isNamed = assortment.texts("skus").contains(sku)
        return isNamed || !Set(assortment.texts("groups")).isDisjoint(with: product.texts("groups"))
    }

    private static func isTrue(_ flag: String?) -> Bool { flag == "1" }
}
