/// FNV-1a, 64 bit, in hexadecimal: stable over versions and processes, which Swift's `Hasher` is not.
///
/// It names things for people and tools; it protects nothing.
package enum StableHash {
    package static func fnv1a(_ bytes: some Sequence<UInt8>) -> String {
        // Bodies lie in a row, and are many times faster to go through so.
        hexadecimal(bytes.withContiguousStorageIfAvailable { number($0) } ?? bytes.reduce(basis, mixed))
    }

    /// The same over eight bytes at a time, little-endian, and many times as fast: for bodies, of which nobody but us has to
    /// make the name.
    package static func byWords(_ bytes: [UInt8]) -> String {
        let hash = bytes.withUnsafeBytes { bytes in
            let whole = bytes.count & ~7
            let words = stride(from: 0, to: whole, by: 8).reduce(basis) { hash, place in
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                return spread((hash ^ word) &* prime)
            }
            return bytes[whole...].reduce(words, mixed)
        }
        return hexadecimal(hash)
    }

    private static func hexadecimal(_ hash: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { text in
            for place in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: hash &>> (60 - 4 * UInt64(place)) & 0xF)
                text[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 16
        }
    }

    private static let basis: UInt64 = 0xcbf2_9ce4_8422_2325
    private static let prime: UInt64 = 0x100_0000_01b3

    private static func number(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = basis
        for byte in bytes { hash = mixed(hash, byte) }
        return hash
    }

    private static func mixed(_ hash: UInt64, _ byte: UInt8) -> UInt64 { (hash ^ UInt64(byte)) &* prime }

    /// A product carries upwards only: without this the last bytes of a word would hardly matter.
    private static func spread(_ hash: UInt64) -> UInt64 { hash ^ (hash &>> 32) }
}
