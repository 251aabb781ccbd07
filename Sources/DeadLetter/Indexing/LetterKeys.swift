/// A set of names, such as marks of a million letters, in little memory: it keeps 128 bits of each.
struct LetterKeys {
    private var keys: Set<UInt128> = []

    var count: Int { keys.count }

    var isEmpty: Bool { keys.isEmpty }

    mutating func insert(_ name: String) { keys.insert(Self.key(name)) }

    func contains(_ name: String) -> Bool { keys.contains(Self.key(name)) }

    /// Two hashes of the same bytes. They are made with this process's own secret, so that nobody can send two names with
    /// the same key.
    private static func key(_ name: String) -> UInt128 {
        var name = name
        return name.withUTF8 { bytes in
            UInt128(hash(bytes, number: 0)) << 64 | UInt128(hash(bytes, number: 1))
        }
    }

    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>, number: UInt8) -> UInt64 {
        var hasher = Hasher()
        hasher.combine(number)
        hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }
}
