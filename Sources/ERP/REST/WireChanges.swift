internal import Models

/// A page of changes of one kind.
struct WireChanges<Object: WireObject>: Decodable {
    var changes: [WireChange<Object>]
    var cursor: String
    var hasMore: Bool
    var remaining: Part<Int>?

    /// What is readable, and what is wrong with the rest.
    func value() -> ERPChanges {
        let remaining = remaining?.value.flatMap { $0 < 0 ? nil : $0 }
        var page = ERPChanges(changes: [], cursor: cursor, hasMore: hasMore, remaining: remaining)
        for change in changes {
            do throws(WireFault) {
                page.changes.append(DatedChange(try change.value(), at: change.at))
            } catch {
                page.unreadable.append(UnreadableChange(key: change.key, reason: error.description))
            }
        }
        return page
    }
}

/// What the ERP states a change of.
protocol WireObject: Decodable {
    /// What of it is still read when the rest can not be.
    associatedtype Key: WireKey

    /// Fails at the first required value that is outside what the interface allows.
    func change() throws(WireFault) -> ERPChange
}

/// The members of an object that make its key.
protocol WireKey: Decodable {
    /// Nil when they are no key.
    var text: String? { get }
}

/// One change, which may be unreadable by itself; then its key may be all there is.
struct WireChange<Object: WireObject>: Decodable {
    private struct Stamp: Decodable {
        var changedAt: String
    }

    var key: String?
    var at: Timestamp?
    private var object: Part<Object>

    init(from decoder: any Decoder) {
        key = Part<Object.Key>(from: decoder).value?.text
        at = Part<Stamp>(from: decoder).value.flatMap { Timestamp(rfc3339: $0.changedAt) }
        object = Part(from: decoder)
    }

    func value() throws(WireFault) -> ERPChange { try object.result.get().change() }
}

/// The answer to "are you there?".
struct WirePing: Decodable {
    var status: String
}
