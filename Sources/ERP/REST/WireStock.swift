internal import Models

/// What a warehouse has of a product, as the ERP states it.
struct WireStock: Decodable {
    struct Incoming: Decodable {
        var quantity: String
        var date: String

        /// Nil when nothing can be promised of it.
        var value: IncomingStock? {
            guard let quantity = try? WireQuantity.read(quantity, ""), !quantity.isZero, let date = CalendarDate(date)
            else { return nil }
            return IncomingStock(quantity: quantity, date: date)
        }
    }

    var sku: String
    var warehouse: String
    var version: Int64
    var unit: String
    var onHand: String
    var reserved: String
    var incoming: Part<WireList<Incoming>>?
    var leadTimeDays: Part<Int64>?
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

    func change() throws(WireFault) -> ERPChange { .stock(try WireContract.mended(value())) }

    private func value() throws(WireFault) -> Stock {
        guard let unit = UnitCode(unit) else { throw WireFault("unit", "is no unit of UN/ECE 20") }
        guard let onHand = ExactDecimal(onHand) else { throw WireFault("onHand", "is not a decimal") }
        return Stock(
            sku: try WireText.key(sku, "sku"),
            warehouse: try WireText.key(warehouse, "warehouse"),
            revision: try WireERPOrder.counter(version, "version"),
            unit: unit,
            onHand: onHand,
            reserved: try WireQuantity.read(reserved, "reserved"),
            incoming: (incoming?.value?.elements ?? []).compactMap(\.value),
            leadTimeDays: leadTimeDays?.value)
    }
}
