internal import Models

/// What a warehouse has of a product, as the ERP states it.
struct WireStock: Decodable {
    struct Incoming: WirePart {
        var quantity: String
        var date: String

        /// Fails when nothing can be promised of it.
        func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> IncomingStock {
            IncomingStock(
                quantity: try WireQuantity.positive(quantity, "\(path)/quantity"),
                date: try WireForm.day(date, "\(path)/date"))
        }
    }

    var sku: String
    var warehouse: String
    var version: Int64
    var unit: String
    var onHand: String
    var reserved: String
    var incoming: Part<WireList<Incoming>>?
    var leadTimeDays: Part<WireDays>?
}

extension WireStock: WireObject {
    struct Key: WireKey {
        var sku: String
        var warehouse: String

        var text: String? {
            guard let sku = try? WireText.key(sku, ""), let warehouse = try? WireText.key(warehouse, "") else {
                return nil
            }
            return SubjectKey.joined(sku, warehouse)
        }
    }

    func change(_ gaps: inout WireGaps) throws(WireFault) -> ERPChange {
        .stock(try WireContract.kept(value(&gaps)))
    }

    private func value(_ gaps: inout WireGaps) throws(WireFault) -> Stock {
        Stock(
            sku: try WireText.key(sku, "sku"),
            warehouse: try WireText.key(warehouse, "warehouse"),
            revision: try WireERPOrder.counter(version, "version"),
            unit: try WireForm.unit(unit, "unit"),
            onHand: try WireQuantity.signed(onHand, "onHand"),
            reserved: try WireQuantity.read(reserved, "reserved"),
            incoming: gaps.list(incoming, "incoming"),
            leadTimeDays: gaps.read(leadTimeDays, "leadTimeDays"))
    }
}
