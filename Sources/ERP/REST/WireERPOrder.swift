internal import Models

/// An order as the ERP states it. Every field that is not optional here is required of the ERP; an optional one that
/// breaks the interface is left out.
struct WireERPOrder: Decodable {
    var erpNumber: String
    /// Absent on an order that was keyed in the ERP.
    var storeNumber: String?
    var storeRevision: Int64?
    var version: Int64
    var state: String
    var reason: Part<WireReason>?
    var lines: [WireLineStatus]
    var account: Part<String>?
    var purchaseOrderNumber: Part<String>?
    var total: Part<String>?
    var totals: Part<WireTotals>?
    var changedAt: Part<String>?
    /// Present exactly on an order that was keyed in the ERP.
    var offline: WireOfflineOrder?

    /// The longest list that the contract allows.
    private static let mostLines = 10_000

    /// The order in an answer to a question of its own, where nobody is told what was left out.
    func value() throws(WireFault) -> ERPOrder {
        var gaps = WireGaps()
        return try value(&gaps)
    }

    /// Fails at the first required value that is outside what the interface allows.
    private func value(_ gaps: inout WireGaps) throws(WireFault) -> ERPOrder {
        guard let storeNumber else { throw WireFault("storeNumber", "is missing") }
        guard let storeRevision else { throw WireFault("storeRevision", "is missing") }
        return ERPOrder(
            erpNumber: try WireText.key(erpNumber, "erpNumber"),
            storeNumber: try WireText.key(storeNumber, "storeNumber"),
            storeRevision: try Self.counter(storeRevision, "storeRevision"),
            version: try Self.counter(version, "version"),
            state: try stateValue(),
            reason: gaps.read(reason, "reason"),
            lines: try statuses(&gaps),
            account: gaps.text(account, "account", WireText.key),
            purchaseOrderNumber: gaps.text(purchaseOrderNumber, "purchaseOrderNumber", WireText.key),
            total: gaps.text(total, "total", WireQuantity.exact),
            totals: gaps.read(totals, "totals"),
            // Whoever reads a page says so when it is none, of this kind as of every other.
            changedAt: changedAt?.value.flatMap { Timestamp(rfc3339: $0) })
    }

    func stateValue() throws(WireFault) -> OrderStatus.State {
        guard let state = OrderStatus.State(rawValue: state) else {
            throw WireFault("state", "is \"\(state.prefix(64))\", which the interface does not know")
        }
        return state
    }

    /// One per line, no id twice.
    func statuses(_ gaps: inout WireGaps) throws(WireFault) -> [LineStatus] {
        guard lines.count <= Self.mostLines else { throw WireFault("lines", "are more than \(Self.mostLines)") }
        // Byte for byte, as the contract counts.
        var seen: Set<[UInt8]> = []
        var statuses: [LineStatus] = []
        for (index, line) in lines.enumerated() {
            let status = try line.value("lines/\(index)", &gaps)
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

    func change(_ gaps: inout WireGaps) throws(WireFault) -> ERPChange {
        guard let offline else {
            let order = try value(&gaps)
            try WireContract.checkLength(of: order.status(revision: order.version))
            return .order(order)
        }
        let order = try offline.value(self, &gaps)
        return .offlineOrder(try WireContract.mended(order, &gaps, parts: ["payment": "offline/payment"]))
    }
}

/// A stable code and a sentence.
struct WireReason: WirePart {
    var code: String
    var text: String

    private static let unspecified = "erp.unspecified"

    /// A code that is none does not take its sentence with it.
    func value(_ path: String, _ gaps: inout WireGaps) -> OrderStatus.Reason {
        let code = gaps.text(given: code, "\(path)/code", WireText.key)
        return OrderStatus.Reason(code: code ?? Self.unspecified, text: WireText.free(text))
    }

    /// The same of a code by itself.
    static func code(_ text: String) -> String {
        (try? WireText.key(text, "code")) ?? unspecified
    }
}
