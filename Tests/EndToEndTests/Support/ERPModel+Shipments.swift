extension ERPModel {
    /// Shipments, with what is in them and the numbers of their parcels.
    var shipmentRows: [String] { shipments.flatMap(Self.rows(shipment:)) }

    private static func rows(shipment: JSONNode) -> [String] {
        let id = shipment["number"]
        let number: String? = shipment["storeNumber"] ?? shipment["erpNumber"]
        let origin = shipment.has("storeNumber") ? "online" : "offline"
        let row: [String: String?] = [
            "id": id, "number": number, "origin": origin, "warehouse": shipment["warehouse"],
            "state": shipment["state"], "carrier": shipment["carrier"], "service": shipment["service"],
            "ship_date": shipment["shipDate"], "revision": shipment["version"], "changed_at": shipment["changedAt"],
        ]
        let lines = shipment.parts("lines").enumerated().map { position, line in
            let row: [String: String?] = [
                "shipment": id, "position": String(position), "line_id": line["lineId"], "sku": line["sku"],
                "quantity": line["quantity"],
            ]
            return ShownTable.shipmentLine.line(row)
        }
        let parcels = shipment.texts("trackingNumbers").enumerated().map { position, number in
            let row: [String: String?] = ["shipment": id, "position": String(position), "tracking_number": number]
            return ShownTable.parcel.line(row)
        }
        return [ShownTable.shipment.line(row)] + lines + parcels
    }
}
