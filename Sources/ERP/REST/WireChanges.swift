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
        for change in changes { change.add(to: &page) }
        return page
    }
}

/// What the ERP states a change of.
protocol WireObject: Decodable {
    /// What of it is still read when the rest can not be.
    associatedtype Key: WireKey

    /// Fails at the first value outside what the interface allows that it can not do without; the others go to `gaps`.
    func change(_ gaps: inout WireGaps) throws(WireFault) -> ERPChange
}

/// The members of an object that make its key.
protocol WireKey: Decodable {
    /// Nil when they are no key.
    var text: String? { get }
}

/// One change, which may be unreadable by itself; then its key may be all there is.
struct WireChange<Object: WireObject>: Decodable {
    private struct Stamp: Decodable {
        var changedAt: Part<String>?
    }

    private let place: String
    private let key: String?
    private let changedAt: Part<String>?
    private let object: Part<Object>

    init(from decoder: any Decoder) {
        place = WireFault.place(decoder.codingPath)
        key = Part<Object.Key>(from: decoder).value?.text
        changedAt = Part<Stamp>(from: decoder).value?.changedAt
        object = Part(from: decoder)
    }

    /// Tells it whole, without what of it can not be read, or as unreadable.
    func add(to page: inout ERPChanges) {
        var gaps = WireGaps(row: place)
        do throws(WireFault) {
            let what = try object.result.get().change(&gaps)
            page.changes.append(DatedChange(what, at: gaps.text(changedAt, "changedAt", WireForm.time)))
            if let change = gaps.change(key: key ?? what.subject, revision: what.revision) {
                page.incomplete.append(change)
            }
        } catch {
            page.unreadable.append(UnreadableChange(key: key, reason: error.seen(from: place).description))
        }
    }
}

/// The answer to "are you there?".
struct WirePing: Decodable {
    var status: String
}
