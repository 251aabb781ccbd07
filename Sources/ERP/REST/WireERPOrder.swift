internal import Models

/// An order as the ERP states it. Every field that is not optional here is required of the ERP; an optional one that
/// breaks the interface is dropped.
struct WireERPOrder: Decodable {
    var erpNumber: String
    /// Absent on an order that was keyed in the ERP.
    var storeNumber: String?
    var storeRevision: Int64?
    var version: Int64
    var state: String
    var reason: Part<WireReason>?
    var lines: [WireLineStatus]
    var purchaseOrderNumber: Part<String>?
    var total: Part<String>?
    var changedAt: Part<String>?
    /// Present exactly on an order that was keyed in the ERP.
    var offline: WireOfflineOrder?

    /// The longest list that the contract allows.
    private static let mostLines = 10_000

    /// Fails at the first required value that is outside what the interface allows.
    func value() throws(WireFault) -> ERPOrder {
        guard let storeNumber else { throw WireFault("storeNumber", "is missing") }
        guard let storeRevision else { throw WireFault("storeRevision", "is missing") }
        return ERPOrder(
            erpNumber: try WireText.key(erpNumber, "erpNumber"),
            storeNumber: try WireText.key(storeNumber, "storeNumber"),
            storeRevision: try Self.counter(storeRevision, "storeRevision"),
            version: try Self.counter(version, "version"),
            state: try stateValue(),
            reason: reason?.value?.value,
            lines: try statuses(),
            purchaseOrderNumber: WireText.optionalKey(purchaseOrderNumber),
            total: total?.value.flatMap { ExactDecimal($0) },
            changedAt: changedAt?.value.flatMap { Timestamp(rfc3339: $0) })
    }

    func stateValue() throws(WireFault) -> OrderStatus.State {
        guard let state = OrderStatus.State(rawValue: state) else {
            throw WireFault("state", "is \"\(state.prefix(64))\", which the interface does not know")
        }
        return state
    }

    /// One per line, no id twice.
    func statuses() throws(WireFault) -> [LineStatus] {
        guard lines.count <= Self.mostLines else { throw WireFault("lines", "are more than \(Self.mostLines)") }
        // Byte for byte, as the contract counts.
        var seen: Set<[UInt8]> = []
        var statuses: [LineStatus] = []
        for (index, line) in lines.enumerated() {
            let status = try line.value("lines/\(index)")
            guard seen.insert(Array(status.lineID.utf8)).inserted else {
                throw WireFault("lines/\(index)/lineId", "is used by an earlier line too")
            }
            statuses.append(status)
        }
        return statuses
    }

    static func counter(_ value: Int64, _ path: String) throws(WireFault) -> Int64 {
        guard value >= 1 else { throw WireFault(path, "is below 1") }
        return value
    }
}

extension WireERPOrder: WireObject {
    struct Key: WireKey {
        var erpNumber: String

        var text: String? { try? WireText.key(erpNumber, "") }
    }

    func change() throws(WireFault) -> ERPChange {
        if let offline { return .offlineOrder(try WireContract.mended(offline.value(self))) }
        return .order(try value())
    }
}

/// A stable code and a sentence.
struct WireReason: Decodable {
    var code: String
    var text: String

    var value: OrderStatus.Reason {
        OrderStatus.Reason(code: Self.code(code), text: WireText.free(text))
    }

    /// A code that is none does not take its sentence with it.
    static func code(_ text: String) -> String {
        (try? WireText.key(text, "code")) ?? "erp.unspecified"
    }
}
