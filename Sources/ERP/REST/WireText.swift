internal import Models

/// Brings an ERP's texts into the contract's form. ERPs pad fixed-width columns, and put whatever a clerk has typed into
/// free text; neither may cost an order its answer.
enum WireText {
    /// As long as a business key of the contract may be, in Unicode scalars.
    private static let longestKey = 64

    /// A business key without what surrounds it; fails when the rest is none.
    static func key(_ text: String, _ path: String) throws(WireFault) -> String {
        let key = trimmed(text)
        guard !key.isEmpty else { throw WireFault(path, "is empty") }
        guard key.unicodeScalars.count <= longestKey else {
            throw WireFault(path, "has more than \(longestKey) characters")
        }
        guard !key.unicodeScalars.contains(where: FreeText.isControl) else {
            throw WireFault(path, "contains control characters")
        }
        return key
    }

    /// Free text without what surrounds it, made to fit (``FreeText``).
    static func free(_ text: String, atMost limit: Int = OrderStatus.Reason.longestText) -> String {
        FreeText.fitting(trimmed(text), in: limit)
    }

    /// The same of a text that must not be empty.
    static func required(_ text: String, _ path: String, atMost limit: Int) throws(WireFault) -> String {
        let text = free(text, atMost: limit)
        guard !text.isEmpty else { throw WireFault(path, "is empty") }
        return text
    }

    /// Whether nothing is left without what surrounds it.
    static func isBlank(_ text: String) -> Bool { trimmed(text).isEmpty }

    private static func trimmed(_ text: String) -> String {
        func isEdge(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace || FreeText.isControl(scalar) }
        let scalars = text.unicodeScalars
        let start = scalars.drop(while: isEdge)
        guard let last = start.lastIndex(where: { !isEdge($0) }) else { return "" }
        return String(String.UnicodeScalarView(start[...last]))
    }
}
