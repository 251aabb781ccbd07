extension ERPModel {
    /// Orders of both origins, and their lines.
    var orderRows: [String] {
        var rows: [String] = []
        for order in orders {
            guard order.has("offline") else {
                rows += onlineRows(order)
                continue
            }
            rows.append(Self.offlineRow(order))
            rows += Self.offlineLines(order)
        }
        return rows
    }

    private func onlineRows(_ order: JSONNode) -> [String] {
        let (number, revision) = (order["storeNumber"], store.revision(of: order))
        let refusal = store.refusal(of: order)
        let reason = refusal ?? order.part("reason")
        let row: [String: String?] = [
            "number": number, "origin": "online", "erp_number": order["erpNumber"], "account": order["account"],
            "purchase_order_number": order["purchaseOrderNumber"], "state": order["state"],
            "reason_code": reason["code"], "reason": reason["text"], "answered_revision": revision,
            "taken_revision": revision, "changed_at": order["changedAt"],
        ]
        let lines = order.parts("lines").enumerated().map { position, line in
            let key = Self.key(number, "online", line["lineId"], position)
            return ShownTable.orderLine.line(key.merging(Self.status(line, refusal)) { $1 })
        }
        return [ShownTable.onlineOrder.line(row)] + lines
    }

    /// With six decimals, as the simulated company writes three or none.
    private static func sorted(_ time: String) -> String {
        let parts = time.dropLast().split(separator: ".")
        let decimals = parts.count > 1 ? String(parts[1]) : ""
        return "\(parts[0])." + decimals + String(repeating: "0", count: 6 - decimals.count) + "Z"
    }

    private static func offlineRow(_ order: JSONNode) -> String {
        let (offline, reason) = (order.part("offline"), order.part("reason"))
        let (contact, payment, totals) = (offline.part("contact"), offline.part("payment"), offline.part("totals"))
        let row: [String: String?] = [
            "number": order["erpNumber"], "origin": "offline", "erp_number": order["erpNumber"],
            "account": offline["account"], "purchase_order_number": offline["purchaseOrderNumber"],
            "placed_at": offline["placedAt"].map { sorted($0) }, "requested_date": offline["requestedDate"],
            "shipping_method": offline["shippingMethod"], "preferred_warehouse": offline["preferredWarehouse"],
            "currency": offline["currency"], "state": order["state"], "reason_code": reason["code"],
            "reason": reason["text"], "revision": order["version"], "changed_at": order["changedAt"],
        ]
        let details: [String: String?] = [
            "contact_name": contact["name"], "contact_email": contact["email"], "contact_phone": contact["phone"],
            "payment_method": payment["method"], "payment_reference": payment["reference"], "goods": totals["goods"],
            "discount": totals["discount"], "shipping": totals["shipping"], "tax": totals["tax"],
            "total": totals["total"],
        ]
        let (shipTo, billTo) = (
            address(offline.part("shipTo"), "ship_to_"), address(offline.part("billTo"), "bill_to_")
        )
        return ShownTable.offlineOrder.line(
            row.merging(details) { $1 }.merging(shipTo) { $1 }.merging(billTo) { $1 })
    }

    /// The lines as they were ordered, each with what has become of it.
    private static func offlineLines(_ order: JSONNode) -> [String] {
        let standing = order.parts("lines")
        return order.part("offline").parts("lines").enumerated().map { position, line in
            let status = standing.first { $0["lineId"] == line["id"] } ?? .null
            let terms: [String: String?] = [
                "sku": line["sku"], "unit": line["unit"], "unit_price": line["unitPrice"], "amount": line["amount"],
                "price_version": line["priceVersion"],
            ]
            let key = Self.key(order["erpNumber"], "offline", line["id"], position)
            return ShownTable.orderLine.line(key.merging(Self.status(status, nil)) { $1 }.merging(terms) { $1 })
        }
    }

    private static func key(
        _ number: String?, _ origin: String, _ line: String?, _ position: Int
    ) -> [String: String?] {
        ["number": number, "origin": origin, "line_id": line, "position": String(position)]
    }

    /// What the ERP says of a line, but for a change that it has refused; an online order's prices are the store's own.
    private static func status(_ line: JSONNode, _ refusal: JSONNode?) -> [String: String?] {
        let (quantities, reason) = (line.part("quantities"), refusal ?? line.part("reason"))
        let (allocated, shipped) = (quantities.number("allocated") ?? 0, quantities.number("shipped") ?? 0)
        let held = micro(allocated + shipped)
        let status: String? = refusal == nil ? line["status"] : "too-late-to-amend"
        return [
            "sku": line["sku"], "status": status, "ordered": quantities["ordered"],
            "allocated": quantities["allocated"], "shipped": quantities["shipped"],
            "backordered": quantities["backordered"], "warehouse": line["warehouse"],
            "promised_date": line["promisedDate"], "substitute_sku": line["substituteSku"],
            "reason_code": reason["code"], "reason": reason["text"], "held_micro": held, "unit": nil,
            "unit_price": nil, "amount": nil, "price_version": nil,
        ]
    }
}
