internal import Fleet

/// A set of names, such as marks of a million letters, in little memory: it keeps 128 bits of each.
struct LetterKeys {
    private var keys: Set<UInt128> = []

    var count: Int { keys.count }

    mutating func insert(_ name: String) { keys.insert(Self.key(name)) }

    func contains(_ name: String) -> Bool { keys.contains(Self.key(name)) }

    /// Two hashes of the same text, one of them backwards.
    private static func key(_ name: String) -> UInt128 {
        UInt128(number(StableHash.fnv1a(name.utf8))) << 64 | UInt128(number(StableHash.fnv1a(name.utf8.reversed())))
    }

    private static func number(_ hash: String) -> UInt64 { UInt64(hash, radix: 16) ?? 0 }
}
