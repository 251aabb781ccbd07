internal import Models

/// A page of changes.
struct WireChanges: Decodable {
    var changes: [WireERPOrder]
    var cursor: String
    var hasMore: Bool

    func value() throws(ERPError) -> ERPChanges {
        var result: [ERPChange] = []
        for change in changes {
            guard let value = change.change() else {
                throw .unreadable(
                    "order \(change.erpNumber.prefix(64)) has a value that is not allowed", isWrite: false)
            }
            result.append(value)
        }
        return ERPChanges(changes: result, cursor: cursor, hasMore: hasMore)
    }
}

extension WireERPOrder {
    fileprivate func change() -> ERPChange? {
        if let offline { return offline.value(self).map(ERPChange.offlineOrder) }
        return value().map(ERPChange.order)
    }
}

/// The answer to "are you there?".
struct WirePing: Decodable {
    var status: String
}
