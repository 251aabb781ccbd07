internal import Models

/// Goods that leave a warehouse, as the ERP states them. A tracking number that is none makes it unreadable: a person has to
/// see it, and a parcel without its number would be missed by nobody.
struct WireShipment: Decodable {
    struct Line: Decodable {
        var lineId: String
        var sku: String
        var quantity: String

        func value(_ path: String) throws(WireFault) -> ShipmentLine {
            ShipmentLine(
                lineID: try WireText.key(lineId, "\(path)/lineId"), sku: try WireText.key(sku, "\(path)/sku"),
                quantity: try WireQuantity.read(quantity, "\(path)/quantity"))
        }
    }

    var number: String
    var version: Int64
    /// The order's number: the store's, or the ERP's when it was keyed there.
    var storeNumber: String?
    var erpNumber: String
    var warehouse: String
    var state: String
    var carrier: Part<String>?
    var service: Part<String>?
    var trackingNumbers: [String]?
    var shipDate: Part<String>?
    var lines: [Line]
}

extension WireShipment: WireObject {
    struct Key: WireKey {
        var number: String

        var text: String? { try? WireText.key(number, "") }
    }

    func change(_ gaps: inout WireGaps) throws(WireFault) -> ERPChange {
        .shipment(try WireContract.kept(value(&gaps)))
    }

    private func value(_ gaps: inout WireGaps) throws(WireFault) -> Shipment {
        guard let state = Shipment.State(rawValue: state) else {
            throw WireFault("state", "is \"\(state.prefix(64))\", which the interface does not know")
        }
        let service = gaps.free(service, "service", atMost: 120) ?? ""
        return Shipment(
            id: try WireText.key(number, "number"),
            revision: try WireERPOrder.counter(version, "version"),
            order: try order(),
            warehouse: try WireText.key(warehouse, "warehouse"),
            state: state,
            carrier: gaps.text(carrier, "carrier", WireText.key),
            service: service.isEmpty ? nil : service,
            trackingNumbers: try WireKeys.all(trackingNumbers, "trackingNumbers"),
            shipDate: gaps.text(shipDate, "shipDate", WireForm.day),
            lines: try contents())
    }

    private func order() throws(WireFault) -> OrderReference {
        guard let storeNumber else { return .offline(try WireText.key(erpNumber, "erpNumber")) }
        return .online(try WireText.key(storeNumber, "storeNumber"))
    }

    private func contents() throws(WireFault) -> [ShipmentLine] {
        var contents: [ShipmentLine] = []
        for (index, line) in lines.enumerated() { contents.append(try line.value("lines/\(index)")) }
        return contents
    }
}
