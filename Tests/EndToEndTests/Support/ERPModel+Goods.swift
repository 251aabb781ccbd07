extension ERPModel {
    /// Products and stock, with what there may be several of.
    var goodsRows: [String] {
        products.map(Self.row(product:)) + products.flatMap(Self.details(product:)) + stock.flatMap(Self.rows(stock:))
    }

    private static func row(product: JSONNode) -> String {
        let (weight, price) = (product.part("weight"), product.part("listPrice"))
        let row: [String: String?] = [
            "sku": product["sku"], "name": product["name"], "description": product["description"],
            "unit": product["unit"], "minimum_quantity": product["minimumQuantity"],
            "quantity_step": product["quantityStep"], "weight": weight["quantity"], "weight_unit": weight["unit"],
            "gtin": product["gtin"], "list_price": price["amount"], "currency": price["currency"],
            "tax_class": product["taxClass"], "lead_time_days": product["leadTimeDays"],
            "next_receipt_date": product["nextReceipt"], "replacement_sku": product["replacementSku"],
            "active": product["active"], "revision": product["version"], "changed_at": product["changedAt"],
        ]
        return ShownTable.product.line(row)
    }

    private static func details(product: JSONNode) -> [String] {
        let sku = product["sku"]
        var lines: [String] = []
        for text in product.parts("texts") {
            let row: [String: String?] = [
                "sku": sku, "language": text["language"], "name": text["name"], "description": text["description"],
            ]
            lines.append(ShownTable.productText.line(row))
        }
        for (position, attribute) in product.parts("attributes").enumerated() {
            let row: [String: String?] = [
                "sku": sku, "name": attribute["name"], "position": String(position), "value": attribute["value"],
                "unit": attribute["unit"],
            ]
            lines.append(ShownTable.productAttribute.line(row))
        }
        for group in product.texts("groups") {
            lines.append(ShownTable.productGroup.line(["sku": sku, "product_group": group]))
        }
        return lines
    }

    private static func rows(stock: JSONNode) -> [String] {
        let (sku, warehouse) = (stock["sku"], stock["warehouse"])
        let left = available(stock)
        let (pieces, millionths): (String?, String?) = (left.map { String($0) }, left.map { micro($0) })
        let row: [String: String?] = [
            "sku": sku, "warehouse": warehouse, "unit": stock["unit"], "on_hand": stock["onHand"],
            "reserved": stock["reserved"], "available": pieces, "available_micro": millionths,
            "lead_time_days": stock["leadTimeDays"], "next_receipt_date": nextReceipt(stock),
            "revision": stock["version"], "changed_at": stock["changedAt"],
        ]
        let incoming = stock.parts("incoming").enumerated().map { position, receipt in
            let row: [String: String?] = [
                "sku": sku, "warehouse": warehouse, "date": receipt["date"], "position": String(position),
                "quantity": receipt["quantity"],
            ]
            return ShownTable.incoming.line(row)
        }
        return [ShownTable.stock.line(row)] + incoming
    }

    /// What is left to sell, in pieces. The simulated company counts whole ones; nil would be a row that no store has.
    static func available(_ stock: JSONNode) -> Int64? {
        guard let onHand = stock.number("onHand"), let reserved = stock.number("reserved") else { return nil }
        return max(0, onHand - reserved)
    }

    static func nextReceipt(_ stock: JSONNode) -> String? { stock.parts("incoming").compactMap { $0["date"] }.min() }

    /// What the ERP has left of a product, as `EAST 5 NORTH 0`.
    func available(of sku: String) -> String {
        let rows = stock.filter { $0["sku"] == sku }
        return rows.map { "\($0["warehouse"] ?? "-") \(Self.available($0) ?? -1)" }.sorted().joined(separator: " ")
    }
}
