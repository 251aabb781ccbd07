internal import Fleet

/// One difference between two documents: where, and what stood there before and after, as it is written.
struct JSONChange: Hashable, Sendable {
    var pointer: String
    /// Nil for what is new.
    var before: String?
    /// Nil for what is gone.
    var after: String?

    /// All differences, in the order of the documents; `before` nil when there was no document.
    static func list(_ before: JSONTree?, _ after: JSONTree) -> [JSONChange] {
        guard let before else { return [JSONChange(pointer: "", before: nil, after: after.text)] }
        var changes: [JSONChange] = []
        compare(before, after, at: "", &changes)
        return changes
    }

    /// `/data/lines/0/sku: "X" → "BOLT-M8-40"`, fit for a terminal.
    var line: String {
        let place = pointer.isEmpty ? "the whole document" : InertText.line(pointer)
        let texts = [before, after].map { $0.map { InertText.cut(InertText.line($0), to: 200) } }
        switch (texts[0], texts[1]) {
        case (let before?, let after?): return "\(place): \(before) → \(after)"
        case (let before?, nil): return "\(place): removed, was \(before)"
        case (nil, let after): return "\(place): added \(after ?? "")"
        }
    }

    private static func compare(
        _ before: JSONTree, _ after: JSONTree, at pointer: String, _ changes: inout [JSONChange]
    ) {
        switch (before, after) {
        case (.object(let old), .object(let new)): compare(old, new, at: pointer, &changes)
        case (.array(let old), .array(let new)): compare(old, new, at: pointer, &changes)
        default:
            guard !before.isWritten(as: after) else { return }
            changes.append(JSONChange(pointer: pointer, before: before.text, after: after.text))
        }
    }

    private static func compare(
        _ old: [JSONTree.Member], _ new: [JSONTree.Member], at pointer: String, _ changes: inout [JSONChange]
    ) {
        // By bytes, as everywhere: a `String` as a key would take two names for one.
        var rest = Dictionary(new.map { (Array($0.name.value.utf8), $0) }) { first, _ in first }
        for member in old {
            let place = pointer + "/" + JSONPointer.escaped(member.name.value)
            if let now = rest.removeValue(forKey: Array(member.name.value.utf8)) {
                compare(member.value, now.value, at: place, &changes)
            } else {
                changes.append(JSONChange(pointer: place, before: member.value.text, after: nil))
            }
        }
        for member in new where rest[Array(member.name.value.utf8)] != nil {
            let place = pointer + "/" + JSONPointer.escaped(member.name.value)
            changes.append(JSONChange(pointer: place, before: nil, after: member.value.text))
        }
    }

    /// What is alike at both ends stays; so one element that goes is one change, and not one for each behind it.
    private static func compare(
        _ old: [JSONTree], _ new: [JSONTree], at pointer: String, _ changes: inout [JSONChange]
    ) {
        let shorter = min(old.count, new.count)
        var (start, end) = (0, 0)
        if old.count != new.count {
            while start < shorter, old[start].isWritten(as: new[start]) { start += 1 }
            while end < shorter - start, old[old.count - 1 - end].isWritten(as: new[new.count - 1 - end]) { end += 1 }
        }
        let shared = shorter - end
        for index in start..<shared { compare(old[index], new[index], at: "\(pointer)/\(index)", &changes) }
        for index in shared..<(old.count - end) {
            changes.append(JSONChange(pointer: "\(pointer)/\(index)", before: old[index].text, after: nil))
        }
        for index in shared..<(new.count - end) {
            changes.append(JSONChange(pointer: "\(pointer)/\(index)", before: nil, after: new[index].text))
        }
    }
}
