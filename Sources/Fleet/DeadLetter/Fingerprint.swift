internal import Models

/// Groups dead letters of one cause: the same flow, type and code, and the same kind of detail.
///
/// Digits and array positions are blanked out of the detail, so that 500 orders with the same fault are one group.
struct Fingerprint: Hashable, CustomStringConvertible {
    let description: String

    init(queue: String, type: String?, failure: Failure) {
        // Where a broken body breaks is chance.
        let isBroken = failure.code == ContractError.Reason.json.rawValue
        let places = failure.faults.map { fault in
            let hasPlace = !isBroken || fault.rule == "duplicate"
            return hasPlace ? Self.normalised(fault.pointer) + " " + fault.rule : fault.rule
        }
        let detail = places.isEmpty ? Self.normalised(failure.sentence) : Set(places).sorted().joined(separator: ",")
        description = StableHash.fnv1a([queue, type ?? "", failure.code, detail].joined(separator: "\u{1F}").utf8)
    }

    /// Everything that names one case and not the cause becomes `#`: digits, and quoted texts.
    static func normalised(_ text: String) -> String {
        var result = ""
        var insideQuotes = false
        for character in text {
            let isQuote = character == "`" || character == "\""
            if isQuote { insideQuotes.toggle() }
            let blanked = insideQuotes || isQuote || character.isNumber
            if !blanked { result.append(character) } else if result.last != "#" { result.append("#") }
        }
        return result
    }
}
