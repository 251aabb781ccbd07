/// What an object can do without, and what is read of it.
protocol WirePart: Decodable {
    /// What becomes of it.
    associatedtype Value

    /// Fails at the first value that it can not do without; the others go to `gaps`.
    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> Value
}

/// A list of which each element may be unreadable by itself; nil stands for null.
struct WireList<Element: Decodable>: Decodable {
    var parts: [Part<Element>?]

    init(from decoder: any Decoder) throws {
        parts = try [Part<Element>?](from: decoder)
    }
}

/// A business key in a list.
struct WireListedKey: WirePart {
    private var text: String

    init(from decoder: any Decoder) throws {
        text = try String(from: decoder)
    }

    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> String {
        try WireText.key(text, path)
    }
}

/// A time in days, within the contract's bounds.
struct WireDays: WirePart {
    private static let most: Int64 = 36_500

    private var days: Int64

    init(from decoder: any Decoder) throws {
        days = try Int64(from: decoder)
    }

    func value(_ path: String, _ gaps: inout WireGaps) throws(WireFault) -> Int64 {
        guard days >= 0 else { throw WireFault(path, "is below 0") }
        guard days <= Self.most else { throw WireFault(path, "is above \(Self.most)") }
        return days
    }
}
