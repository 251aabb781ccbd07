internal import Models

/// A page of changes.
struct WireChanges: Decodable {
    var changes: [WireChange]
    var cursor: String
    var hasMore: Bool

    /// What is readable, and what is wrong with the rest.
    func value() -> ERPChanges {
        var page = ERPChanges(changes: [], cursor: cursor, hasMore: hasMore)
        for change in changes {
            do throws(WireFault) {
                page.changes.append(try change.value())
            } catch {
                page.unreadable.append(UnreadableChange(erpNumber: change.erpNumber, reason: error.description))
            }
        }
        return page
    }
}

/// One change, which may be unreadable by itself; then its number may be all there is.
struct WireChange: Decodable {
    private struct Number: Decodable {
        var erpNumber: String
    }

    var erpNumber: String?
    private var order: Part<WireERPOrder>

    init(from decoder: any Decoder) {
        erpNumber = Part<Number>(from: decoder).value.flatMap { try? WireText.key($0.erpNumber, "erpNumber") }
        order = Part(from: decoder)
    }

    func value() throws(WireFault) -> ERPChange {
        let order = try order.result.get()
        if let offline = order.offline { return .offlineOrder(try offline.value(order)) }
        return .order(try order.value())
    }
}

/// The answer to "are you there?".
struct WirePing: Decodable {
    var status: String
}
