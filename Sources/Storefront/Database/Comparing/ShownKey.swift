/// What names an object among those of its kind, in the order in which the tables have them: byte by byte.
package struct ShownKey: Hashable, Sendable, Comparable {
    /// The values of ``ShownTable/key``.
    package let parts: [String]

    package init(_ parts: [String]) { self.parts = parts }

    /// The same key, as the tables tell keys apart, where Swift takes composed and decomposed letters for the same.
    package static func == (left: ShownKey, right: ShownKey) -> Bool {
        left.parts.count == right.parts.count
            && zip(left.parts, right.parts).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
    }

    package func hash(into hasher: inout Hasher) {
        for part in parts {
            for byte in part.utf8 { hasher.combine(byte) }
            hasher.combine(UInt8.max)
        }
    }

    package static func < (left: ShownKey, right: ShownKey) -> Bool {
        for (one, other) in zip(left.parts, right.parts) where !one.utf8.elementsEqual(other.utf8) {
            return one.utf8.lexicographicallyPrecedes(other.utf8)
        }
        return left.parts.count < right.parts.count
    }
}
